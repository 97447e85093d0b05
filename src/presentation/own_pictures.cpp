#include "presentation/own_pictures.h"

#include "iiif/presentation/tree.h"
#include "presentation/build.h"

namespace armarium::presentation {
namespace {

namespace doc = iiif::presentation;
using catalogue::kPictureMark;
using catalogue::kThumbnailMark;

// False for an entry of a list that shows nothing.
bool put(json::Value& value, const FindAsset& find, int depth);

bool put_marked(json::Object& image, const FindAsset& find) {
  const catalogue::Asset* asset = find(json::text_of(image, kPictureMark));
  const bool small = image.contains(kThumbnailMark);
  image.stable_erase(kPictureMark);
  if (small) image.stable_erase(kThumbnailMark);
  const bool ready = asset != nullptr && asset->state == catalogue::AssetState::ready && !asset->size.empty();
  if (!ready) return !json::text_of(image, "id").empty();
  json::Object ours = small ? thumbnail(*asset).front().get_object() : whole_image(*asset);
  if (const json::Value* label = image.if_contains("label")) ours["label"] = *label;
  image = std::move(ours);
  return true;
}

bool put_members(json::Object& object, const FindAsset& find, int depth) {
  if (object.contains(kPictureMark)) return put_marked(object, find);
  for (auto& member : object) {
    if (!doc::is_opaque(member.key())) put(member.value(), find, depth + 1);
  }
  if (object.contains("thumbnail") && doc::array_in(object, "thumbnail").empty()) object.stable_erase("thumbnail");
  return true;
}

bool put(json::Value& value, const FindAsset& find, int depth) {
  if (depth > doc::kDeepestTree) return true;
  if (json::Object* object = value.if_object()) return put_members(*object, find, depth);
  json::Array* array = value.if_array();
  if (array == nullptr) return true;
  for (auto item = array->begin(); item != array->end();)
    item = put(*item, find, depth + 1) ? item + 1 : array->erase(item);
  return true;
}

}  // namespace

void put_own_pictures(json::Object& tree, const FindAsset& find) { put_members(tree, find, 0); }

}  // namespace armarium::presentation
