#include "exports/pyramid.h"

#include <algorithm>
#include <cstdint>
#include <unordered_set>

#include <fmt/format.h>

namespace armarium::exports {
namespace {

constexpr std::size_t kMostPictures = 1'000'000;
constexpr std::string_view kEnd = "/0/default.jpg";
// Universal Viewer 4.4 asks for the thumbnails of its list in this size, whatever info.json says.
constexpr std::string_view kThumbnail = "full/90,";
constexpr std::uint64_t kThumbnailWidth = 90;

std::uint64_t number_in(const json::Object& object, std::string_view key) {
  const json::Value* value = object.if_contains(key);
  boost::system::error_code failed;
  const auto number = value == nullptr || !value->is_number() ? 0 : value->to_number<std::uint64_t>(failed);
  return failed ? 0 : number;
}

constexpr std::uint64_t ceil_div(std::uint64_t a, std::uint64_t b) { return (a + b - 1) / b; }

class Maker {
 public:
  Maker(std::uint64_t width, std::uint64_t height) : width_(width), height_(height) {}

  void add(std::string picture) {
    picture += kEnd;
    if (seen_.insert(picture).second) pictures_.push_back(std::move(picture));
  }
  void whole(std::uint64_t width, std::uint64_t height) { add(fmt::format("full/{},{}", width, height)); }

  bool tiles(std::uint64_t tile_width, std::uint64_t tile_height, std::uint64_t factor) {
    const std::uint64_t across = tile_width * factor;
    const std::uint64_t down = tile_height * factor;
    if (ceil_div(width_, across) * ceil_div(height_, down) > kMostPictures - std::min(kMostPictures, pictures_.size()))
      return false;
    // A level of one tile is asked for as the whole picture.
    if (across >= width_ && down >= height_) whole(ceil_div(width_, factor), ceil_div(height_, factor));
    for (std::uint64_t y = 0; y < height_; y += down) {
      for (std::uint64_t x = 0; x < width_; x += across) {
        const std::uint64_t w = std::min(across, width_ - x);
        const std::uint64_t h = std::min(down, height_ - y);
        if (w == width_ && h == height_) continue;
        add(fmt::format("{},{},{},{}/{},{}", x, y, w, h, ceil_div(w, factor), ceil_div(h, factor)));
      }
    }
    return true;
  }

  std::vector<std::string> take() { return std::move(pictures_); }

 private:
  std::uint64_t width_;
  std::uint64_t height_;
  std::vector<std::string> pictures_{};
  std::unordered_set<std::string> seen_{};
};

bool add_tiles(const json::Object& information, Maker& maker) {
  const json::Value* tiles = information.if_contains("tiles");
  if (tiles == nullptr || !tiles->is_array()) return true;
  for (const json::Value& one : tiles->get_array()) {
    const json::Object* tile = one.if_object();
    const json::Value* factors = tile == nullptr ? nullptr : tile->if_contains("scaleFactors");
    const std::uint64_t width = tile == nullptr ? 0 : number_in(*tile, "width");
    if (width == 0 || factors == nullptr || !factors->is_array()) continue;
    const std::uint64_t height = tile->contains("height") ? number_in(*tile, "height") : width;
    for (const json::Value& factor : factors->get_array()) {
      boost::system::error_code failed;
      const auto by = factor.is_number() ? factor.to_number<std::uint64_t>(failed) : 0;
      if (height != 0 && !failed && by != 0 && by < (std::uint64_t{1} << 31) && !maker.tiles(width, height, by))
        return false;
    }
  }
  return true;
}

}  // namespace

base::Result<Pyramid> level_0(const json::Object& information) {
  const std::uint64_t width = number_in(information, "width");
  const std::uint64_t height = number_in(information, "height");
  if (json::text_of(information, "type") != "ImageService3" || width == 0 || height == 0)
    return base::fail(base::ErrorCode::corrupt, "This is no info.json of the Image API 3.");
  Maker maker(width, height);
  maker.add("full/max");
  if (width >= kThumbnailWidth) maker.add(std::string(kThumbnail));
  if (const json::Value* sizes = information.if_contains("sizes"); sizes != nullptr && sizes->is_array()) {
    for (const json::Value& size : sizes->get_array())
      if (const json::Object* one = size.if_object()) maker.whole(number_in(*one, "width"), number_in(*one, "height"));
  }
  if (!add_tiles(information, maker))
    return base::fail(base::ErrorCode::resource_limit, "This picture needs more than a million tiles.");
  Pyramid out{.information = information, .pictures = maker.take()};
  out.information["profile"] = "level0";
  for (const char* more : {"extraFormats", "extraQualities", "extraFeatures", "preferredFormats", "service"})
    out.information.stable_erase(more);
  return out;
}

}  // namespace armarium::exports
