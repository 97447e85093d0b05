// Whole slides that OpenSlide knows by content (Aperio, Hamamatsu, Leica, Trestle, Ventana in one file): levels and tiles as stored.

#include <cstdlib>

#include <fmt/format.h>

#include "decode/reader.h"
#include "decode/vips_image.h"

namespace armarium::decode {
namespace {

using base::Bytes;
using base::ErrorCode;
using base::fail;
using base::Result;
using codec::worker::IndexAnswer;
using codec::worker::Job;
using codec::worker::PageAnswer;

constexpr int kMaxLevels = 32;

Result<Image> open_level(const std::string& path, int level) {
  VipsImage* image = nullptr;
  const int status = vips_openslideload(path.c_str(), &image, "level", level, "rgb", TRUE, nullptr);
  return checked(status, image);
}

// Properties of OpenSlide are text.
long number(VipsImage* image, const std::string& name) {
  const char* text = nullptr;
  if (vips_image_get_typeof(image, name.c_str()) == 0 || vips_image_get_string(image, name.c_str(), &text) != 0) {
    vips_error_clear();
    return 0;
  }
  return std::strtol(text, nullptr, 10);
}

class SlideReader final : public Reader {
 public:
  SlideReader(std::string path, Image first) : path_(std::move(path)), current_(std::move(first)) {}

  Result<IndexAnswer> index(const Job& limits) override {
    IndexAnswer answer;
    VipsImage* first = current_.get();
    copy_metadata(first, limits.max_metadata, answer);
    PageAnswer page;
    page.profile = answer.profiles.empty() ? -1 : 0;
    page.pixels = image::kRgb8;
    const long count = std::clamp<long>(number(first, "openslide.level-count"), 1, kMaxLevels);
    for (long i = 0; i < count; ++i) {
      const std::string prefix = fmt::format("openslide.level[{}].", i);
      codec::Level level;
      level.size = {static_cast<std::uint32_t>(number(first, prefix + "width")),
                    static_cast<std::uint32_t>(number(first, prefix + "height"))};
      if (i == 0)
        level.size = {static_cast<std::uint32_t>(vips_image_get_width(first)),
                      static_cast<std::uint32_t>(vips_image_get_height(first))};
      level.tile = {static_cast<std::uint32_t>(number(first, prefix + "tile-width")),
                    static_cast<std::uint32_t>(number(first, prefix + "tile-height"))};
      if (level.tile.empty()) level.tile = {256, 256};
      level.stored = true;
      if (level.size.empty()) break;
      page.levels.push_back(level);
    }
    page.size = page.levels.front().size;
    if (page.size.area() > limits.max_pixels) return fail(ErrorCode::resource_limit, "The picture is too large.");
    answer.pages.push_back(std::move(page));
    return answer;
  }

  Result<Bytes> read(const Job& job) override {
    if (static_cast<int>(job.level) != level_) {
      auto opened = open_level(path_, static_cast<int>(job.level));
      if (!opened) return fail(std::move(opened.error()));
      current_ = std::move(*opened);
      level_ = static_cast<int>(job.level);
    }
    auto part = extract(current_.get(), job.area);
    if (!part) return fail(std::move(part.error()));
    return samples_of(part->get(), job.room);
  }

 private:
  std::string path_;
  Image current_;
  int level_ = 0;
};

}  // namespace

Result<std::unique_ptr<Reader>> open_slide(const Input& input) {
  const char* loader = vips_foreign_find_load(input.path.c_str());
  if (loader == nullptr || std::string_view(loader).find("Openslide") == std::string_view::npos) {
    vips_error_clear();
    return fail(ErrorCode::unsupported, "Nothing here can read this kind of file.");
  }
  auto first = open_level(input.path, 0);
  if (!first) return fail(std::move(first.error()));
  return std::make_unique<SlideReader>(input.path, std::move(*first));
}

}  // namespace armarium::decode
