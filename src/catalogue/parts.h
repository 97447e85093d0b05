#pragma once
// What is written over single Canvases and Ranges of an item: a member "@parts" of a patch over the item, which has a merge patch for each local id ("/iiif/canvas/book~p1"). Canvases take it in
// their rows, Ranges in the item's document; what an item does not have (any more) is passed over. Pure; any thread.

#include <string_view>
#include <vector>

#include "base/error.h"
#include "json/json.h"
#include "store/rows.h"

namespace armarium::catalogue {

inline constexpr std::string_view kParts = "@parts";

// invalid_argument: it is no object of such patches, or one changes what no patch may.
base::Result<> check_parts(const json::Value& parts);
// Those of a patch over the item; empty where it has none.
const json::Object& parts_of(const json::Object& patch);

// The same without Canvases.
json::Object range_parts(const json::Object& patch);

void patch_canvases(const json::Object& patch, std::vector<store::CanvasRow>& canvases);
// Ranges, with those inside of them.
void patch_ranges(const json::Object& patch, json::Array& structures);
// The parts get the ids that they have after a move of the item.
void move_parts(json::Object& patch, std::string_view from, std::string_view to);

}  // namespace armarium::catalogue
