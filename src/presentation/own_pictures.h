#pragma once
// Pictures of ours in documents of others: what is marked in a tree (catalogue::kPictureMark) becomes the picture as it is served here. Pure; any thread.

#include <functional>
#include <string_view>

#include "catalogue/records.h"
#include "json/json.h"

namespace armarium::presentation {

// Null where there is none of that identifier.
using FindAsset = std::function<const catalogue::Asset*(std::string_view identifier)>;

// What cannot be shown stays as its document has it.
void put_own_pictures(json::Object& tree, const FindAsset& find);

}  // namespace armarium::presentation
