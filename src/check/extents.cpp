#include "check/extents.h"

#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include <fmt/format.h>

namespace armarium::check {
namespace {

constexpr int kDeepest = 64;

double number_in(const json::Object& object, std::string_view key) {
  boost::system::error_code failed;
  const json::Value* value = object.if_contains(key);
  if (value == nullptr || !value->is_number()) return 0;
  const auto number = value->to_number<double>(failed);
  return failed ? 0 : number;
}

bool is_canvas(std::string_view type) {
  return type == "Canvas" || type == "sc:Canvas" || type == "Timeline" || type == "Scene";
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find(by); end != std::string_view::npos; end = text.find(by)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

// Media Fragments 1.0, 4.2.2.
std::string region_fault(std::string_view value, const Extent* extent) {
  const bool percent = value.starts_with("percent:");
  if (percent) value.remove_prefix(8);
  if (value.starts_with("pixel:")) value.remove_prefix(6);
  const auto parts = split(value, ',');
  if (parts.size() != 4) return "needs four numbers after xywh=";
  std::array<double, 4> numbers{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto number = number_of(parts[i]);
    if (!number || *number < 0) return "needs four numbers, none below 0, after xywh=";
    numbers[i] = *number;
  }
  if (numbers[2] <= 0 || numbers[3] <= 0) return "points at a region without width or height";
  if (extent == nullptr) return {};
  if (extent->width <= 0) return "points at a region of a Canvas that has no width and height";
  const double width = percent ? 100 : extent->width;
  const double height = percent ? 100 : extent->height;
  // One unit is left to those who round.
  if (numbers[0] + numbers[2] > width + 1 || numbers[1] + numbers[3] > height + 1) {
    return fmt::format("points outside of the Canvas, which is {} × {}", extent->width, extent->height);
  }
  return {};
}

// Media Fragments 1.0, 4.2.1: seconds only.
std::string time_fault(std::string_view value, const Extent* extent) {
  if (value.starts_with("npt:")) value.remove_prefix(4);
  const auto parts = split(value, ',');
  if (parts.size() > 2 || value.empty() || value == ",") return "needs a start and an end after t=";
  const auto start = parts[0].empty() ? std::optional<double>(0) : number_of(parts[0]);
  const auto end = parts.size() < 2 || parts[1].empty() ? std::optional<double>() : number_of(parts[1]);
  if (!start || *start < 0 || (parts.size() == 2 && !parts[1].empty() && !end))
    return "needs numbers of seconds after t=";
  if (end && *end <= *start) return "ends before it begins";
  if (extent == nullptr) return {};
  if (extent->duration <= 0) return "points at a time of a Canvas that has no duration";
  if (*start > extent->duration + 0.5 || (end && *end > extent->duration + 0.5))
    return fmt::format("points at a time after the end of the Canvas, which lasts {} seconds", extent->duration);
  return {};
}

}  // namespace

Extents::Extents(const json::Value& document, std::string_view id_key, std::string_view type_key)
    : id_key_(id_key), type_key_(type_key) {
  collect(document, {}, 0);
}

void Extents::collect(const json::Value& value, std::string_view key, int depth) {
  if (depth > kDeepest) return;
  if (const json::Array* array = value.if_array()) {
    for (const json::Value& item : *array) collect(item, key, depth + 1);
    return;
  }
  const json::Object* object = value.if_object();
  if (object == nullptr) return;
  const std::string id(json::text_of(*object, id_key_));
  if (!id.empty() && key != "target" && key != "source" && key != "on" && key != "start") mentioned_.insert(id);
  if (is_canvas(json::text_of(*object, type_key_)) && !id.empty()) {
    const Extent extent{number_in(*object, "width"), number_in(*object, "height"), number_in(*object, "duration")};
    const bool whole =
        extent.width > 0 || extent.duration > 0 || object->contains("items") || object->contains("images");
    const bool listed = key == "items" || key == "canvases";
    if (whole && !extents_.emplace(id, extent).second && listed) repeated_.insert(id);
  }
  for (const auto& member : *object) collect(member.value(), member.key(), depth + 1);
}

const Extent* Extents::find(std::string_view canvas) const {
  const auto found = extents_.find(std::string(canvas));
  return found == extents_.end() ? nullptr : &found->second;
}

std::string fragment_fault(std::string_view fragment, const Extent* extent) {
  for (const std::string_view part : split(fragment, '&')) {
    std::string fault;
    if (part.starts_with("xywh=")) fault = region_fault(part.substr(5), extent);
    if (part.starts_with("t=")) fault = time_fault(part.substr(2), extent);
    if (!fault.empty()) return fault;
  }
  return {};
}

}  // namespace armarium::check
