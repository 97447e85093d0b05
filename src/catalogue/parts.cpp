#include "catalogue/parts.h"

#include <fmt/format.h>

#include "base/uri.h"
#include "catalogue/overlay.h"
#include "catalogue/patches.h"
#include "iiif/presentation/tree.h"
#include "json/merge_patch.h"

namespace armarium::catalogue {
namespace {

namespace doc = iiif::presentation;
using base::ErrorCode;

constexpr std::string_view kCanvas = "/iiif/canvas/";
constexpr std::string_view kRange = "/iiif/range/";
// What a part is, not what is said of it.
constexpr std::string_view kFixed[] = {"id",     "@id",         "type",   "@type",  "@context", "items",   "structures",
                                       "@parts", "annotations", "partOf", "height", "width",    "duration"};

void merge_into(json::Object& tree, const json::Object& patch) {
  json::Value merged = json::merge_patch(tree, patch);
  tree = std::move(merged.get_object());
}

void patch_range(const json::Object& parts, json::Value& value, int depth) {
  json::Object* range = value.if_object();
  if (range == nullptr || depth > doc::kDeepestTree) return;
  if (json::Value* items = range->if_contains("items"); items != nullptr && items->is_array()) {
    for (json::Value& item : items->get_array()) patch_range(parts, item, depth + 1);
  }
  const json::Value* patch = parts.if_contains(json::text_of(*range, "id"));
  if (patch != nullptr && patch->is_object()) merge_into(*range, patch->get_object());
}

// Its label in lists is that of the row; the rest lies over the Canvas when it is built, or is in the one that was put in.
void patch_row(store::CanvasRow& row, const json::Object& patch) {
  auto value = json::parse(row.document);
  json::Object* object = value ? value->if_object() : nullptr;
  if (object == nullptr) return;
  if (const json::Value* label = patch.if_contains("label"); label != nullptr) {
    json::Value& known = (*object)["label"];
    known = label->is_object() ? json::merge_patch(known, *label) : json::Value(json::Object());
  }
  if (json::Value* tree = object->if_contains("tree"); tree != nullptr && tree->is_object()) {
    merge_into(tree->get_object(), patch);
  } else {
    json::Value& over = (*object)["over"];
    if (!over.is_array()) over = json::Array();
    add_patch(over.get_array(), patch);
  }
  row.document = json::to_text(*object);
}

}  // namespace

base::Result<> check_parts(const json::Value& parts) {
  const json::Object* object = parts.if_object();
  if (object == nullptr)
    return base::fail(ErrorCode::invalid_argument, "@parts must hold a patch for each Canvas or Range by its id.");
  for (const auto& part : *object) {
    const std::string_view id(part.key());
    if ((!id.starts_with(kCanvas) && !id.starts_with(kRange)) || !part.value().is_object()) {
      return base::fail(ErrorCode::invalid_argument,
                        fmt::format("@parts must hold a patch for each Canvas or Range by its id; {} is none.", id));
    }
    for (const std::string_view key : kFixed) {
      if (!part.value().get_object().contains(key)) continue;
      return base::fail(
          ErrorCode::invalid_argument,
          fmt::format("A patch changes properties such as label or metadata; {} is changed by sending the whole "
                      "document of the item with PUT.",
                      key));
    }
  }
  return {};
}

const json::Object& parts_of(const json::Object& patch) {
  static const json::Object kNone;
  const json::Value* parts = patch.if_contains(kParts);
  return parts != nullptr && parts->is_object() ? parts->get_object() : kNone;
}

json::Object range_parts(const json::Object& patch) {
  json::Object ranges;
  for (const auto& part : parts_of(patch)) {
    if (std::string_view(part.key()).starts_with(kRange)) ranges[part.key()] = part.value();
  }
  return ranges;
}

void patch_canvases(const json::Object& patch, std::vector<store::CanvasRow>& canvases) {
  const json::Object& parts = parts_of(patch);
  if (parts.empty()) return;
  for (store::CanvasRow& row : canvases) {
    const json::Value* part = parts.if_contains(std::string(kCanvas) + base::encode_segment(row.identifier));
    if (part != nullptr && part->is_object()) patch_row(row, part->get_object());
  }
}

void patch_ranges(const json::Object& patch, json::Array& structures) {
  const json::Object& parts = parts_of(patch);
  if (parts.empty()) return;
  for (json::Value& range : structures) patch_range(parts, range, 0);
}

void move_parts(json::Object& patch, std::string_view from, std::string_view to) {
  if (parts_of(patch).empty()) return;
  json::Object moved;
  for (const auto& part : parts_of(patch)) moved[moved_id(part.key(), from, to)] = part.value();
  patch[kParts] = std::move(moved);
}

}  // namespace armarium::catalogue
