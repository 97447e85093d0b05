#pragma once
// From the catalogue's records to trees of the model (iiif/presentation/tree.h) with local ids: services, thumbnails, fallbacks for what must be there. What was put in as a document is
// taken as it is. Pure; any thread.

#include <memory>

#include "catalogue/records.h"
#include "iiif/presentation/document.h"
#include "presentation/addresses.h"

namespace armarium::presentation {

// The whole picture as large as its limits allow, with its real size.
json::Object whole_image(const catalogue::Asset& asset);
// An entry of the service's own `sizes` of about 300 pixels, in an array; empty for an asset that is not ready.
json::Array thumbnail(const catalogue::Asset& asset);

// A Canvas that stands for the item before or beside its Canvases has an id of its own: its picture's identifier and one of these. So has the page of the
// annotations of a Canvas that do not paint, and the nth of them ("=a3").
inline constexpr std::string_view kPlaceholder = "=placeholder";
inline constexpr std::string_view kAccompanying = "=accompanying";
inline constexpr std::string_view kAnnotations = "=annotations";
// "book~p1=placeholder" → "=placeholder"; empty for any other identifier.
std::string_view role_of(std::string_view identifier) noexcept;

// `role`: one of the above, or empty.
json::Object build_canvas(const catalogue::Canvas& canvas, std::string_view role = {});

// What a document that was put in says before its Containers; and the Ranges of a Manifest, wherever they were said.
json::Object build_skeleton(const catalogue::Manifest& manifest);
json::Array structures_of(const catalogue::Manifest& manifest);

// Keeps the record alive as long as the value lives. A document of version 2 points to that of 3 for what it cannot say.
iiif::presentation::Manifest build_manifest(std::shared_ptr<const catalogue::Manifest> manifest, Version version);

// With its members as items: those that were put in where it is a document of others, else those that are there. long_collection.h takes them apart.
json::Object build_collection(const catalogue::Collection& collection);

// The address of the first picture, sound or film of others that a Container of a put-in document paints; empty when there is none.
std::string painted_elsewhere(const json::Object& container);

// The resource of that id and type in a tree; null when there is none.
const json::Object* find_in(const json::Value& tree, std::string_view id, std::string_view type) noexcept;

}  // namespace armarium::presentation
