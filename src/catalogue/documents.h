#pragma once
// Records to the JSON documents that the store keeps, and back. What cannot be read back is our own damage: corrupt. Pure functions.

#include <string>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "catalogue/records.h"
#include "store/rows.h"

namespace armarium::catalogue {

std::string label_text(const iiif::LanguageMap& label);
base::Result<iiif::LanguageMap> label_of(const std::string& text);

store::AssetRow row_of(const Asset& asset);
base::Result<Asset> asset_of(const store::AssetRow& row);

// Who holds an asset, as its row spells it: a Manifest by its identifier; a Collection, of its thumbnail, with a mark that no identifier begins with.
std::string holder_name(const store::ItemKey& holder);
store::ItemKey holder_of(const std::string& name);

using AssetMap = std::unordered_map<std::string, Asset>;
store::CanvasRow row_of(const Canvas& canvas);
// The identifiers of the assets that a Canvas names.
std::vector<std::string> assets_in(const store::CanvasRow& row);
base::Result<Canvas> canvas_of(const store::CanvasRow& row, const AssetMap& assets);

struct ItemDocument {
  iiif::Description description;
  json::Value ranges;
  json::Object tree;  // of a document that was put in; else empty
  json::Array over;   // merge patches of what has no place in the description, over the document that is built
};
std::string document_text(const ItemDocument& document);
base::Result<ItemDocument> item_document_of(const std::string& text);

}  // namespace armarium::catalogue
