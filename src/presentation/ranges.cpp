#include "presentation/ranges.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

namespace armarium::presentation {
namespace {

namespace doc = iiif::presentation;

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
  Builder(const catalogue::Manifest& manifest, const Addresses& addresses)
      : manifest_(manifest), addresses_(addresses) {
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

  std::vector<doc::Range> build(const json::Value& ranges) {
    if (const json::Object* one = ranges.if_object()) {
      auto top = entry(*one, "0", "", 0);
      return top ? std::vector<doc::Range>{std::move(*top)} : std::vector<doc::Range>{};
    }
    if (!ranges.is_array()) return {};
    const json::Array& list = ranges.get_array();
    if (list.size() == 1 && list.front().is_object()) return build(list.front());
    doc::Range top;
    top.id = id("0");
    top.label = iiif::LanguageMap::of("en", "Table of contents");
    top.label.add("de", "Inhaltsverzeichnis");
    entries(list, "", 0, top.items);
    return top.items.empty() ? std::vector<doc::Range>{} : std::vector<doc::Range>{std::move(top)};
  }

 private:
  std::string id(std::string_view path) const {
    return addresses_.range(fmt::format("{}=r{}", manifest_.identifier, path));
  }

  // One entry; `prefix` is the path of its children: "" below the top.
  std::optional<doc::Range> entry(const json::Object& object, const std::string& path, const std::string& prefix,
                                  int depth) {
    if (depth > kMaxDepth || ++entries_ > kMaxEntries) return std::nullopt;
    doc::Range range;
    range.id = id(path);
    if (const json::Value* label = object.if_contains("label")) {
      auto read = iiif::LanguageMap::from_json(*label, "label");
      if (read) range.label = std::move(*read);
    }
    if (range.label.empty()) range.label = iiif::LanguageMap::none(path);
    if (const json::Value* value = object.if_contains("pages")) pages_of(*value, range.items);
    for (const char* key : {"canvases", "items", "ranges"}) {
      if (const json::Value* value = object.if_contains(key)) members(*value, prefix, depth, range.items);
    }
    if (range.items.empty()) return std::nullopt;
    return range;
  }

  void entries(const json::Array& list, const std::string& prefix, int depth, std::vector<doc::Range::Item>& items) {
    for (const json::Value& value : list) member(value, prefix, depth, items);
  }

  void members(const json::Value& value, const std::string& prefix, int depth, std::vector<doc::Range::Item>& items) {
    if (const json::Array* list = value.if_array()) return entries(*list, prefix, depth, items);
    member(value, prefix, depth, items);
  }

  void member(const json::Value& value, const std::string& prefix, int depth, std::vector<doc::Range::Item>& items) {
    if (const json::Object* object = value.if_object()) {
      // The place counts the Ranges before it, whether or not they were kept: an id stays when a sibling becomes empty.
      const std::string path = prefix + std::to_string(++counters_[prefix]);
      if (auto child = entry(*object, path, path + ".", depth + 1)) {
        doc::Range::Item item;
        item.range.push_back(std::move(*child));
        items.push_back(std::move(item));
      }
    } else if (value.is_int64() && value.get_int64() > 0) {
      page(static_cast<std::uint64_t>(value.get_int64()), items);
    } else if (value.is_string()) {
      named(std::string_view(value.get_string()), items);
    }
  }

  // Numbers first: a page's label may be another number.
  void pages_of(const json::Value& value, std::vector<doc::Range::Item>& items) {
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

  void page(std::uint64_t number, std::vector<doc::Range::Item>& items) {
    if (number >= 1 && number <= manifest_.canvases.size()) canvas(number - 1, items);
  }

  void canvas(std::size_t index, std::vector<doc::Range::Item>& items, std::string_view part = {}) {
    if (++entries_ > kMaxEntries) return;
    doc::Range::Item item;
    item.canvas_id = addresses_.canvas(manifest_.canvases[index].identifier);
    item.region = part;
    item.canvas_label = manifest_.canvases[index].label;
    items.push_back(std::move(item));
  }

  // A Canvas by its name, else pages.
  void named(std::string_view text, std::vector<doc::Range::Item>& items) {
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
  bool page_spans(std::string_view text, std::vector<doc::Range::Item>& items) {
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
  const Addresses& addresses_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::unordered_map<std::string, std::size_t> counters_;
  std::size_t entries_ = 0;
};

}  // namespace

std::vector<doc::Range> ranges_of(const catalogue::Manifest& manifest, const Addresses& addresses) {
  if (manifest.ranges.is_null()) return {};
  return Builder(manifest, addresses).build(manifest.ranges);
}

std::optional<std::size_t> canvas_named(const catalogue::Manifest& manifest, const json::Value& name) {
  const auto* text = name.if_string();
  if (text == nullptr) return std::nullopt;
  const std::string_view wanted(*text);
  const Addresses nowhere("", Style::neutral, Version::v3);
  if (const auto found = Builder(manifest, nowhere).find(wanted)) return found;
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

const doc::Range* find_range(const std::vector<doc::Range>& tree, std::string_view id) noexcept {
  for (const doc::Range& range : tree) {
    if (range.id == id) return &range;
    for (const doc::Range::Item& item : range.items) {
      const doc::Range* found = find_range(item.range, id);
      if (found != nullptr) return found;
    }
  }
  return nullptr;
}

}  // namespace armarium::presentation
