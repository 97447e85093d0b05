#include "ingest/made_regions.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "catalogue/records.h"
#include "iiif/presentation/tree.h"
#include "ingest/readers/reader.h"

namespace armarium::ingest {
namespace {

namespace doc = iiif::presentation;

constexpr double kUnknownSide = 1000;
constexpr std::string_view kRegion = "#xywh=";

struct Side {
  double width = 0;
  double height = 0;
};
struct Place {
  Side extent{};
  Side space{};
};
using Places = std::unordered_map<std::string, Place>;

double number_of(const json::Value* value) {
  boost::system::error_code failed;
  const double number = value == nullptr ? 0 : value->to_number<double>(failed);
  return failed || !std::isfinite(number) || number < 0 ? 0 : number;
}

Side extent_of(const json::Object& canvas) {
  return {number_of(canvas.if_contains("width")), number_of(canvas.if_contains("height"))};
}

// "10,20,30,40".
std::optional<std::array<double, 4>> numbers_of(std::string_view text) {
  std::array<double, 4> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), numbers[i]);
    if (failed != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (i + 1 < numbers.size()) {
      if (!text.starts_with(',')) return std::nullopt;
      text.remove_prefix(1);
    }
  }
  return text.empty() ? std::optional(numbers) : std::nullopt;
}

std::string scaled(std::string_view id, const Places& places) {
  const std::size_t mark = id.find(kRegion);
  if (mark == std::string_view::npos) return std::string(id);
  const std::string_view whole = id.substr(0, mark);
  const auto found = places.find(std::string(whole));
  const auto numbers = numbers_of(id.substr(mark + kRegion.size()));
  if (found == places.end() || !numbers) return std::string(whole);
  const Place& place = found->second;
  const double across = place.space.width > 0 ? place.extent.width / place.space.width : 1;
  const double down = place.space.height > 0 ? place.extent.height / place.space.height : 1;
  const double left = std::clamp(std::floor((*numbers)[0] * across), 0.0, place.extent.width);
  const double top = std::clamp(std::floor((*numbers)[1] * down), 0.0, place.extent.height);
  const double right = std::clamp(std::ceil(((*numbers)[0] + (*numbers)[2]) * across), left, place.extent.width);
  const double bottom = std::clamp(std::ceil(((*numbers)[1] + (*numbers)[3]) * down), top, place.extent.height);
  if (right - left < 1 || bottom - top < 1) return std::string(whole);
  return fmt::format("{}{}{:.0f},{:.0f},{:.0f},{:.0f}", whole, kRegion, left, top, right - left, bottom - top);
}

void scale_ids(json::Value& value, const Places& places, int depth) {
  if (depth > doc::kDeepestTree) return;
  if (json::Array* array = value.if_array()) {
    for (json::Value& item : *array) scale_ids(item, places, depth + 1);
  } else if (json::Object* object = value.if_object()) {
    if (json::Value* id = object->if_contains("id"); id != nullptr && id->is_string())
      *id = scaled(std::string_view(id->get_string()), places);
    for (auto& member : *object) {
      if (member.key() == "items" || member.key() == "source") scale_ids(member.value(), places, depth + 1);
    }
  }
}

// A picture that only the description knows, and that is not in the folder.
bool shows_nothing(const json::Object& canvas) {
  for (const json::Value& page : doc::array_in(canvas, "items")) {
    for (const json::Value& note : page.is_object() ? doc::array_in(page.get_object(), "items") : json::Array()) {
      const json::Object* body = note.is_object() ? doc::object_in(note.get_object(), "body") : nullptr;
      if (body == nullptr || body->contains(catalogue::kPictureMark)) continue;
      if (json::text_of(*body, "id").starts_with(readers::kOwnBase)) return true;
    }
  }
  return false;
}

}  // namespace

void settle_canvases(json::Object& tree) {
  json::Value* items = tree.if_contains("items");
  if (items == nullptr || !items->is_array()) return;
  Side last;
  for (const json::Value& item : items->get_array()) {
    if (last.width == 0 && item.is_object()) last = extent_of(item.get_object());
  }
  if (last.width == 0 || last.height == 0) last = {kUnknownSide, kUnknownSide};
  Places places;
  for (json::Value& item : items->get_array()) {
    if (!item.is_object() || doc::type_of(item.get_object()) != "Canvas") continue;
    json::Object& canvas = item.get_object();
    if (shows_nothing(canvas)) canvas.stable_erase("items");
    Side extent = extent_of(canvas);
    if (extent.width == 0 || extent.height == 0) {
      extent = last;
      canvas["height"] = static_cast<std::int64_t>(extent.height);
      canvas["width"] = static_cast<std::int64_t>(extent.width);
    }
    last = extent;
    Place place{extent, {}};
    if (const json::Value* space = canvas.if_contains(readers::kSpaceMark)) {
      const json::Array* sides = space->if_array();
      if (sides != nullptr && sides->size() == 2) place.space = {number_of(&(*sides)[0]), number_of(&(*sides)[1])};
      canvas.stable_erase(readers::kSpaceMark);
    }
    places.emplace(std::string(json::text_of(canvas, "id")), place);
  }
  if (json::Value* ranges = tree.if_contains("structures")) scale_ids(*ranges, places, 0);
}

}  // namespace armarium::ingest
