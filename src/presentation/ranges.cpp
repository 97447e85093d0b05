#include "presentation/ranges.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "presentation/addresses.h"
#include "presentation/description_tree.h"

namespace armarium::presentation {
namespace {

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxEntries = 100'000;

std::string_view last_segment(std::string_view identifier) {
  const std::size_t at = identifier.rfind('~');
  return at == std::string_view::npos ? identifier : identifier.substr(at + 1);
}

std::string_view without_extension(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

class Builder {
 public:
  explicit Builder(const catalogue::Manifest& manifest) : manifest_(manifest) {
    // A name that two Canvases share means the first of them.
    for (std::size_t i = 0; i < manifest.canvases.size(); ++i) {
      const catalogue::Canvas& canvas = manifest.canvases[i];
      by_name_.emplace(canvas.identifier, i);
      by_name_.emplace(last_segment(canvas.identifier), i);
    }
    for (std::size_t i = 0; i < manifest.canvases.size(); ++i)
      by_name_.emplace(manifest.canvases[i].label.best("").value, i);
  }

  std::optional<std::size_t> find(std::string_view text) const {
    for (const std::string_view name : {text, without_extension(text)}) {
      const auto found = by_name_.find(std::string(name));
      if (found != by_name_.end()) return found->second;
    }
    return std::nullopt;
  }

  json::Array build(const json::Value& ranges) {
    json::Array tops;
    json::Array orders;
    if (const json::Object* one = ranges.if_object()) {
      if (auto top = entry(*one, "0", "", 0)) tops.emplace_back(std::move(*top));
      return tops;
    }
    if (!ranges.is_array()) return {};
    const json::Array& list = ranges.get_array();
    if (list.size() == 1 && list.front().is_object()) return build(list.front());
    json::Array contents;
    for (const json::Value& value : list) {
      if (!is_sequence(value)) {
        contents.push_back(value);
        continue;
      }
      const std::string path = fmt::format("0.{}", ++sequences_);  // no entry of a table of contents is called so
      if (auto order = entry(value.get_object(), path, path + ".", 0)) orders.emplace_back(std::move(*order));
    }
    if (contents.size() == 1 && contents.size() < list.size() && contents.front().is_object()) {
      tops = build(contents.front());
    } else if (!contents.empty()) {
      table_of_contents(contents, tops);
    }
    for (json::Value& order : orders) tops.push_back(std::move(order));
    return tops;
  }

 private:
  // 3.0, 5.4: another order of the Canvases is a Range of its own, beside the table of contents.
  static bool is_sequence(const json::Value& value) {
    const json::Object* object = value.if_object();
    const json::Value* behavior = object == nullptr ? nullptr : object->if_contains("behavior");
    if (behavior == nullptr) return false;
    if (behavior->is_string()) return behavior->get_string() == "sequence";
    const json::Array* list = behavior->if_array();
    return list != nullptr && std::find(list->begin(), list->end(), json::Value("sequence")) != list->end();
  }

  void table_of_contents(const json::Array& list, json::Array& tops) {
    auto label = iiif::LanguageMap::of("en", "Table of contents");
    label.add("de", "Inhaltsverzeichnis");
    json::Array items;
    entries(list, "", 0, items);
    if (!items.empty()) tops.emplace_back(range("0", label, std::move(items)));
  }

  json::Object range(std::string_view path, const iiif::LanguageMap& label, json::Array items) const {
    return {{"id", Addresses::local().range(fmt::format("{}=r{}", manifest_.identifier, path))},
            {"type", "Range"},
            {"label", plain_map(label)},
            {"items", std::move(items)}};
  }

  // One entry; `prefix` is the path of its children: "" below the top.
  std::optional<json::Object> entry(const json::Object& object, const std::string& path, const std::string& prefix,
                                    int depth) {
    if (depth > kMaxDepth || ++entries_ > kMaxEntries) return std::nullopt;
    iiif::LanguageMap label;
    if (const json::Value* said = object.if_contains("label")) {
      if (auto read = iiif::LanguageMap::from_json(*said, "label")) label = std::move(*read);
    }
    if (label.empty()) label = iiif::LanguageMap::none(path);
    json::Array items;
    if (const json::Value* value = object.if_contains("pages")) pages_of(*value, items);
    for (const char* key : {"canvases", "items", "ranges"}) {
      if (const json::Value* value = object.if_contains(key)) members(*value, prefix, depth, items);
    }
    if (items.empty()) return std::nullopt;
    json::Object out = range(path, label, std::move(items));
    if (const json::Value* behavior = object.if_contains("behavior")) {
      std::vector<std::string> values;
      if (behavior->is_string()) values.emplace_back(behavior->get_string());
      if (const json::Array* list = behavior->if_array()) {
        for (const json::Value& value : *list) {
          if (value.is_string()) values.emplace_back(value.get_string());
        }
      }
      put_behavior(out, iiif::presentation::Type::range, values);
    }
    return out;
  }

  void entries(const json::Array& list, const std::string& prefix, int depth, json::Array& items) {
    for (const json::Value& value : list) member(value, prefix, depth, items);
  }

  void members(const json::Value& value, const std::string& prefix, int depth, json::Array& items) {
    if (const json::Array* list = value.if_array()) return entries(*list, prefix, depth, items);
    member(value, prefix, depth, items);
  }

  void member(const json::Value& value, const std::string& prefix, int depth, json::Array& items) {
    if (const json::Object* object = value.if_object()) {
      // The place counts the Ranges before it, whether or not they were kept: an id stays when a sibling becomes empty.
      const std::string path = prefix + std::to_string(++counters_[prefix]);
      if (auto child = entry(*object, path, path + ".", depth + 1)) {
        items.emplace_back(std::move(*child));
      }
    } else if (value.is_int64() && value.get_int64() > 0) {
      page(static_cast<std::uint64_t>(value.get_int64()), items);
    } else if (value.is_string()) {
      named(std::string_view(value.get_string()), items);
    }
  }

  // Numbers first: a page's label may be another number.
  void pages_of(const json::Value& value, json::Array& items) {
    if (const json::Array* list = value.if_array()) {
      for (const json::Value& one : *list) {
        if (!one.is_array()) pages_of(one, items);
      }
    } else if (value.is_string()) {
      const std::string_view text(value.get_string());
      if (!page_spans(text, items)) named(text, items);
    } else if (value.is_int64() && value.get_int64() > 0) {
      page(static_cast<std::uint64_t>(value.get_int64()), items);
    }
  }

  void page(std::uint64_t number, json::Array& items) {
    if (number >= 1 && number <= manifest_.canvases.size()) canvas(number - 1, items);
  }

  void canvas(std::size_t index, json::Array& items, std::string_view part = {}) {
    if (++entries_ > kMaxEntries) return;
    const catalogue::Canvas& chosen = manifest_.canvases[index];
    json::Object canvas{{"id", Addresses::local().canvas(chosen.identifier)}, {"type", "Canvas"}};
    if (part.empty()) {
      canvas["@label"] = plain_map(chosen.label);
      items.emplace_back(std::move(canvas));
      return;
    }
    // 3.0, 5.4: a part of a Canvas is a SpecificResource; Media Fragments 1.0, 4.2.2.
    const std::string fragment = fmt::format("xywh={}", part);
    json::Object selector{
        {"type", "FragmentSelector"}, {"conformsTo", "http://www.w3.org/TR/media-frags/"}, {"value", fragment}};
    const std::string id = fmt::format("{}#{}", json::text_of(canvas, "id"), fragment);
    items.emplace_back(json::Object{{"id", id},
                                    {"type", "SpecificResource"},
                                    {"@label", plain_map(chosen.label)},
                                    {"source", std::move(canvas)},
                                    {"selector", json::Array{std::move(selector)}}});
  }

  // A Canvas by its name, else pages.
  void named(std::string_view text, json::Array& items) {
    // Media Fragments 1.0, 4.2.2: a part of it, in pixels of the Canvas. What is not inside it means all of it.
    if (const std::size_t mark = text.rfind("#xywh="); mark != std::string_view::npos) {
      if (const auto found = find(text.substr(0, mark)))
        return canvas(*found, items, is_inside(text.substr(mark + 6), *found) ? text.substr(mark + 6) : "");
    }
    if (const auto found = find(text)) return canvas(*found, items);
    page_spans(text, items);
  }

  bool is_inside(std::string_view part, std::size_t index) const {
    std::array<std::uint64_t, 4> box{};
    for (std::size_t i = 0; i < 4; ++i) {
      const std::size_t comma = part.find(',');
      if ((comma == std::string_view::npos) != (i == 3)) return false;
      const auto value = number(part.substr(0, comma));
      if (!value) return false;
      box[i] = *value;
      part = comma == std::string_view::npos ? std::string_view{} : part.substr(comma + 1);
    }
    const image::Size extent = manifest_.canvases[index].extent;
    return box[2] > 0 && box[3] > 0 && box[0] + box[2] <= extent.width && box[1] + box[3] <= extent.height;
  }

  // "1-4, 7"; false, and nothing added, when it is something else.
  bool page_spans(std::string_view text, json::Array& items) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> spans;
    while (!text.empty()) {
      const std::size_t comma = text.find(',');
      const std::string_view span = text.substr(0, comma);
      text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
      const std::size_t dash = span.find('-');
      const auto first = number(span.substr(0, dash));
      const auto last = dash == std::string_view::npos ? first : number(span.substr(dash + 1));
      if (!first || !last) return false;
      spans.emplace_back(*first, std::min<std::uint64_t>(*last, manifest_.canvases.size()));
    }
    for (const auto& [first, last] : spans) {
      for (std::uint64_t i = first; i <= last; ++i) page(i, items);
    }
    return !spans.empty();
  }

  static std::optional<std::uint64_t> number(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    std::uint32_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
  }

  const catalogue::Manifest& manifest_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::unordered_map<std::string, std::size_t> counters_;
  std::size_t entries_ = 0;
  int sequences_ = 0;
};

}  // namespace

json::Array ranges_of(const catalogue::Manifest& manifest) {
  if (manifest.ranges.is_null()) return {};
  return Builder(manifest).build(manifest.ranges);
}

std::optional<std::size_t> canvas_named(const catalogue::Manifest& manifest, const json::Value& name) {
  const auto* text = name.if_string();
  if (text == nullptr) return std::nullopt;
  const std::string_view wanted(*text);
  if (const auto found = Builder(manifest).find(wanted)) return found;
  std::size_t page = 0;
  const auto [end, failed] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), page);
  const bool is_page = failed == std::errc{} && end == wanted.data() + wanted.size();
  if (!is_page || page == 0 || page > manifest.canvases.size()) return std::nullopt;
  return page - 1;
}

std::string_view manifest_of_range(std::string_view range_identifier) noexcept {
  const std::size_t at = range_identifier.rfind("=r");
  if (at == std::string_view::npos || at + 2 == range_identifier.size()) return {};
  if (range_identifier.find_first_not_of("0123456789.", at + 2) != std::string_view::npos) return {};
  return range_identifier.substr(0, at);
}

}  // namespace armarium::presentation
