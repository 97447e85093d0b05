#pragma once
// The structure of an item, from info.yml's `ranges`: a list of {label, pages | items | ranges}. `pages` is "3", "1-4, 7" or a list of numbers, counted from 1;
// `items` names Canvases (identifier, file name or label, "#xywh=…" behind it for a part) or holds further entries. What names no Canvas is passed over, an entry without any falls away.
// Pure; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/records.h"

namespace armarium::presentation {

// None or one top Range, as a tree of the model. Its identifier is the Manifest's with "=r0", its descendants' "=r1", "=r1.2" by their place in the list.
json::Array ranges_of(const catalogue::Manifest& manifest);

// The Canvas that a name (as in `items`) or a page number means; nothing when there is none.
std::optional<std::size_t> canvas_named(const catalogue::Manifest& manifest, const json::Value& name);

// "book=r1.2" → "book"; empty when it is no identifier of a Range.
std::string_view manifest_of_range(std::string_view range_identifier) noexcept;

}  // namespace armarium::presentation
