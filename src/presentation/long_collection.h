#pragma once
// A Collection that is too long for one document: in versions 3 and 2 it lists child Collections, "1–1000", "1001–2000", …; in 4 it has Collection Pages. Both have the same addresses.
// Trees with local ids, as build.h makes them. Pure; any thread. Presentation API 4.0 (draft), 3.3 Collection and 3.4 Collection Page.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "json/json.h"
#include "presentation/addresses.h"

namespace armarium::presentation {

// Most items of one Collection document, and about the most bytes of those that others wrote.
inline constexpr std::size_t kCollectionPart = 1000;
inline constexpr std::size_t kCollectionPartBytes = 2'000'000;

// Numbers of the items that a part shows, from 1.
struct PartSpan {
  std::size_t first = 1;
  std::size_t last = 0;
};

// Of `total` members, after which come `more` that the last part takes.
std::vector<PartSpan> parts_of(std::uint64_t total, std::size_t more);
// Of items of any length.
std::vector<PartSpan> parts_of(const json::Array& items);

// `whole` with its parts in place of its items.
json::Object split_collection(Version version, json::Object whole, std::string_view identifier,
                              std::span<const PartSpan> parts);
// Part `number`, from 1, with `items`.
json::Object part_of_collection(Version version, const json::Object& whole, std::string_view identifier,
                                std::span<const PartSpan> parts, std::size_t number, json::Array items);

}  // namespace armarium::presentation
