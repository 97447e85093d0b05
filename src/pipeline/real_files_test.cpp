// The tiles of every level of real files, compared with the picture asked for at that size.

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "iiif/image_info.h"
#include "pipeline/pipeline.h"
#include "source/file_system.h"

namespace armarium::pipeline {
namespace {

namespace fs = std::filesystem;
using image::Pixels;
using image::Rect;
using image::Size;

const base::CancelToken kNever;

int largest_difference(const Pixels& whole, std::uint32_t left, std::uint32_t top, const Pixels& part) {
  int largest = 0;
  const std::uint32_t bytes = part.format().bytes_per_pixel();
  for (std::uint32_t y = 0; y < part.height(); ++y) {
    const std::uint8_t* expected = whole.row(top + y) + std::size_t{left} * bytes;
    for (std::size_t i = 0; i < part.stride(); ++i) largest = std::max(largest, std::abs(part.row(y)[i] - expected[i]));
  }
  return largest;
}

// The first, the last and one in between along an axis: where seams and missing columns show.
std::vector<std::uint32_t> places(std::uint32_t length, std::uint32_t step) {
  std::vector<std::uint32_t> all;
  const std::uint32_t last = (length - 1) / step;
  for (const std::uint32_t index : {0U, last / 2, last}) {
    if (all.empty() || all.back() != index * step) all.push_back(index * step);
  }
  return all;
}

// Damaged, strange and too large files are other tests' business.
bool refused_for_good(const base::Error& error) {
  return error.code == base::ErrorCode::corrupt || error.code == base::ErrorCode::unsupported ||
         error.code == base::ErrorCode::resource_limit;
}

class RealFiles : public ::testing::Test {
 protected:
  // Compares some tiles of every level that is not larger than `max_pixels`.
  void check(Pipeline& pipeline, const std::string& path, std::uint64_t max_pixels) {
    const Target target{path, 0, ""};
    auto picture = pipeline.open(target);
    if (!picture) {
      EXPECT_TRUE(refused_for_good(picture.error())) << path << ": " << picture.error().message;
      return;
    }
    const Size full = (*picture)->size(0);
    if (full.area() > 500'000'000) return;
    iiif::ImageDescription description;
    description.capabilities.full = full;
    iiif::describe_tiles(description, (*picture)->levels(0).front().tile, {});
    const Size tile = description.tiles.at(0).tile;
    for (const std::uint32_t factor : description.tiles.at(0).scale_factors) {
      const Size level = image::level_size(full, factor);
      if (level.area() > max_pixels) continue;
      auto whole = pipeline.pixels(target, Rect::of(full), level, kNever);
      if (!whole && refused_for_good(whole.error())) return;
      ASSERT_TRUE(whole) << path << ": " << whole.error().message << ' ' << whole.error().detail;
      for (const std::uint32_t y : places(full.height, tile.height * factor)) {
        for (const std::uint32_t x : places(full.width, tile.width * factor)) {
          const Rect region{x, y, std::min(tile.width * factor, full.width - x),
                            std::min(tile.height * factor, full.height - y)};
          auto part = pipeline.pixels(target, region, image::level_size(region.size(), factor), kNever);
          ASSERT_TRUE(part) << path << ": " << part.error().message << ' ' << part.error().detail;
          EXPECT_LE(largest_difference(*whole, x / factor, y / factor, *part), 2)
              << path << " /" << factor << " at " << x << ',' << y;
        }
      }
    }
    ++checked_;
  }

  int checked_ = 0;
};

TEST_F(RealFiles, TilesOfTheExamplesJoin) {
  const fs::path folder = "examples/collection";
  if (!fs::is_directory(folder)) GTEST_SKIP() << "run from the repository's root";
  auto files = source::FileSystem::open_root(folder);
  ASSERT_TRUE(files);
  Pipeline pipeline(**files, {});
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string extension = entry.path().extension();
    if (!entry.is_regular_file() || extension == ".yml" || extension == ".csv") continue;
    check(pipeline, entry.path().lexically_relative(folder), 4'000'000);
  }
  EXPECT_GE(checked_, 5);
}

// The shared test data, where it is: a folder beside the repository, or the one that the environment names.
TEST_F(RealFiles, TilesOfTheSharedDataJoin) {
  const char* named = std::getenv("ARMARIUM_TEST_DATA");
  const fs::path folder = named != nullptr ? fs::path(named) : fs::path("../shared/data");
  if (!fs::is_directory(folder)) GTEST_SKIP() << "no shared data here";
  auto files = source::FileSystem::open_root(folder);
  ASSERT_TRUE(files);
  Pipeline pipeline(**files, {});
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.file_size() > (2U << 20)) continue;
    if (entry.path().string().find("malformed") != std::string::npos) continue;
    check(pipeline, entry.path().lexically_relative(folder), 400'000);
  }
  EXPECT_GE(checked_, 5);
}

}  // namespace
}  // namespace armarium::pipeline
