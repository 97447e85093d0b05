#include "codec/testing.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "codec/registry.h"
#include "image/operations.h"

namespace armarium::codec::testing {
namespace {

std::filesystem::path data_root() {
  if (const char* given = std::getenv("ARMARIUM_TEST_DATA"); given != nullptr) return given;
  for (std::filesystem::path folder = std::filesystem::current_path(); folder != folder.root_path();
       folder = folder.parent_path()) {
    if (std::filesystem::is_directory(folder / "shared" / "data")) return folder / "shared" / "data";
  }
  return {};
}

int sample(const image::Pixels& pixels, std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
  const std::uint8_t* at =
      pixels.row(y) + (std::size_t{x} * pixels.format().channels() + channel) * (pixels.format().bits / 8U);
  if (pixels.format().bits == 8) return *at;
  std::uint16_t wide = 0;
  std::copy_n(at, 2, reinterpret_cast<std::uint8_t*>(&wide));
  return wide;
}

}  // namespace

image::Pixels gradient(image::Size size, image::PixelFormat format) {
  auto pixels = image::Pixels::allocate(size, format);
  EXPECT_TRUE(pixels);
  const std::uint32_t channels = format.channels();
  for (std::uint32_t y = 0; y < size.height; ++y) {
    for (std::uint32_t x = 0; x < size.width; ++x) {
      for (std::uint32_t c = 0; c < channels; ++c) {
        const std::uint32_t wave = c == 0   ? x * 2 + y
                                   : c == 1 ? y * 2 + x / 3
                                   : c == 2 ? 510 + x - (y % 256)
                                            : 64 + x + y;
        const std::uint32_t folded = wave % 510;
        const auto value = static_cast<std::uint8_t>(folded < 256 ? folded : 510 - folded);
        std::uint8_t* at = pixels->row(y) + (std::size_t{x} * channels + c) * (format.bits / 8U);
        at[0] = value;
        if (format.bits == 16) at[1] = value;
      }
    }
  }
  return std::move(*pixels);
}

Difference difference(const image::Pixels& whole, image::Rect area, const image::Pixels& part) {
  EXPECT_EQ(whole.format(), part.format());
  EXPECT_EQ(area.size(), part.size());
  EXPECT_TRUE(image::Rect::of(whole.size()).contains(area));
  Difference result;
  double sum = 0;
  const std::uint32_t channels = part.format().channels();
  for (std::uint32_t y = 0; y < area.height; ++y) {
    for (std::uint32_t x = 0; x < area.width; ++x) {
      for (std::uint32_t c = 0; c < channels; ++c) {
        const int off = std::abs(sample(whole, area.x + x, area.y + y, c) - sample(part, x, y, c));
        result.largest = std::max(result.largest, off);
        sum += off;
      }
    }
  }
  result.mean = sum / (static_cast<double>(area.size().area()) * channels);
  return result;
}

Difference difference(const image::Pixels& a, const image::Pixels& b) {
  return difference(a, image::Rect::of(a.size()), b);
}

image::Pixels shown(const image::Planes& planes) {
  const image::Size size = planes.size();
  const image::RectF whole{0, 0, static_cast<double>(size.width), static_cast<double>(size.height)};
  auto full = image::resample_planes(image::PlaneMosaics::of(planes), whole, size, image::kFullChroma, {});
  return image::to_rgb(*full).value();
}

base::Bytes encoded(Format format, const image::Pixels& pixels, const EncodeOptions& options) {
  auto bytes = encoder_for(format)->encode(pixels, options, {});
  EXPECT_TRUE(bytes) << bytes.error().message << bytes.error().detail;
  return bytes ? std::move(*bytes) : base::Bytes{};
}

std::shared_ptr<const Picture> opened(const base::ByteSource& file, const Limits& limits) {
  auto picture = Picture::open(file, limits);
  EXPECT_TRUE(picture) << picture.error().message << " " << picture.error().detail;
  return picture ? *picture : nullptr;
}

Reading read(const Picture& picture, const base::ByteSource& file, const Request& request) {
  auto plan = picture.plan(request);
  EXPECT_TRUE(plan) << plan.error().message;
  if (!plan) return {};
  auto pixels = picture.read(*plan, file, {});
  EXPECT_TRUE(pixels) << pixels.error().message << " " << pixels.error().detail;
  if (!pixels) return {};
  return {std::move(*plan), std::move(*pixels)};
}

Reading read_all(const Picture& picture, const base::ByteSource& file, std::uint32_t page) {
  return read(picture, file, {page, image::Rect::of(picture.size(page)), picture.size(page)});
}

std::vector<std::string> data_files(const std::string& folder) {
  std::vector<std::string> files;
  const std::filesystem::path root = data_root();
  if (root.empty() || !std::filesystem::exists(root / folder)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

base::Bytes data_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace armarium::codec::testing
