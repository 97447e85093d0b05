#include "presentation/long_collection.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace armarium::presentation {
namespace {

json::Object reference(std::string_view identifier, std::size_t part, std::string_view type) {
  return {{"id", Addresses::local().collection(identifier, part)}, {"type", type}};
}

// 4.0 knows no label of a page.
json::Object page(std::string_view identifier, std::size_t part) {
  return reference(identifier, part, "CollectionPage");
}

json::Object child(std::string_view identifier, std::size_t part, const PartSpan& span) {
  json::Object out = reference(identifier, part, "Collection");
  out["label"] = json::Object{{"none", json::Array{fmt::format("{}\u2013{}", span.first, span.last)}}};
  return out;
}

}  // namespace

std::vector<PartSpan> parts_of(std::uint64_t total, std::size_t more) {
  std::vector<PartSpan> parts;
  std::size_t first = 1;
  do {
    parts.push_back({first, std::min<std::size_t>(first + kCollectionPart - 1, total)});
    first += kCollectionPart;
  } while (first <= total);
  parts.back().last += more;
  return parts;
}

std::vector<PartSpan> parts_of(const json::Array& items) {
  std::vector<PartSpan> parts{{}};
  std::size_t bytes = 0;
  for (std::size_t number = 1; number <= items.size(); ++number) {
    const std::size_t length = json::to_text(items[number - 1]).size();
    const PartSpan& open = parts.back();
    const bool is_full =
        number > open.first && (number - open.first >= kCollectionPart || bytes + length > kCollectionPartBytes);
    if (is_full) {
      parts.push_back({number, number});
      bytes = 0;
    }
    bytes += length;
    parts.back().last = number;
  }
  return parts;
}

json::Object split_collection(Version version, json::Object whole, std::string_view identifier,
                              std::span<const PartSpan> parts) {
  if (whole.contains("items")) whole.stable_erase("items");
  if (version == Version::v4) {
    whole["total"] = parts.back().last;
    whole["first"] = page(identifier, 1);
    whole["last"] = page(identifier, parts.size());
    return whole;
  }
  json::Array items;
  for (std::size_t i = 0; i < parts.size(); ++i) items.emplace_back(child(identifier, i + 1, parts[i]));
  whole["items"] = std::move(items);
  return whole;
}

json::Object part_of_collection(Version version, const json::Object& whole, std::string_view identifier,
                                std::span<const PartSpan> parts, std::size_t number, json::Array items) {
  const PartSpan& span = parts[number - 1];
  json::Object out = version == Version::v4 ? page(identifier, number) : child(identifier, number, span);
  json::Object parent = reference(identifier, 0, "Collection");
  if (const json::Value* label = whole.if_contains("label")) parent["label"] = *label;
  out["partOf"] = json::Array{std::move(parent)};
  if (version == Version::v4) {
    out["startIndex"] = span.first - 1;
    if (number > 1) out["prev"] = page(identifier, number - 1);
    if (number < parts.size()) out["next"] = page(identifier, number + 1);
  }
  out["items"] = std::move(items);
  return out;
}

}  // namespace armarium::presentation
