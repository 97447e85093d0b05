#include "api/site_views.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/uri.h"
#include "catalogue/image_description.h"
#include "presentation/build.h"
#include "presentation/renderings.h"

namespace armarium::api {
namespace {

constexpr std::uint32_t kThumbnail = 400;  // pixels of the longer side: sharp on dense screens
constexpr std::uint32_t kPreview = 1200;

std::string item_path(std::string_view identifier) {
  return identifier.empty() ? std::string("/") : "/item/" + base::encode_segment(identifier);
}

std::string service_of(const http::Request& request, const catalogue::Asset& asset) {
  return fmt::format("{}/iiif/image/3/{}", request.base_url, base::encode_segment(asset.identifier));
}

std::optional<site::Picture> picture(const Services& services, const http::Request& request,
                                     const catalogue::Asset& asset, std::uint32_t wanted) {
  if (asset.state != catalogue::AssetState::ready || asset.size.empty()) return std::nullopt;
  const iiif::ImageDescription description = catalogue::describe(asset, services.pipeline.output_formats());
  const image::Size size = catalogue::thumbnail_size(description, wanted);
  return site::Picture{fmt::format("{}/full/{},{}/0/default.jpg", service_of(request, asset), size.width, size.height),
                       size.width, size.height};
}

void add_breadcrumb(site::Description& page, const Services& services, const http::Request& request,
                    std::vector<catalogue::Member> parents) {
  // Upwards along the first parent; a folder hierarchy is a tree, the bound guards against a circle.
  for (int depth = 0; depth < 16 && !parents.empty(); ++depth) {
    const catalogue::Member home = parents.front();
    page.breadcrumb.insert(page.breadcrumb.begin(), {home.label, item_path(home.identifier)});
    if (home.identifier.empty()) break;
    auto above = services.catalogue.collection(home.identifier, "", 0, request.principal);
    if (!above) break;
    parents = std::move(above->parents);
  }
}

// Manifests of others, from manifests.yml, behind the last of our own. Nothing is fetched from elsewhere by a page: a thumbnail that lies there is not shown.
void add_linked(site::CollectionPage& page, const http::Request& request, const iiif::Description& description) {
  const json::Value* linked = description.more.if_contains("linkedManifests");
  if (linked == nullptr || !linked->is_array()) return;
  for (const json::Value& value : linked->get_array()) {
    const json::Object* object = value.if_object();
    if (object == nullptr) continue;
    site::Child child;
    child.elsewhere = json::text_of(*object, "id");
    if (const json::Value* label = object->if_contains("label")) {
      if (auto read = iiif::LanguageMap::from_json(*label, "label")) child.label = *read;
    }
    const std::string_view thumbnail = json::text_of(*object, "thumbnail");
    if (thumbnail.starts_with(request.base_url + "/"))
      child.thumbnail = site::Picture{std::string(thumbnail), kThumbnail, kThumbnail};
    page.children.push_back(std::move(child));
  }
}

site::Canvas canvas_view(const Services& services, const http::Request& request, const catalogue::Canvas& canvas) {
  site::Canvas view;
  view.id = request.base_url + "/iiif/canvas/" + base::encode_segment(canvas.identifier);
  view.label = canvas.label;
  view.width = canvas.extent.width;
  view.height = canvas.extent.height;
  if (canvas.assets.empty()) {
    view.elsewhere = presentation::painted_elsewhere(canvas.tree);
    return view;
  }
  const catalogue::Asset& asset = canvas.assets.front();
  if (asset.state == catalogue::AssetState::damaged) {
    view.error = asset.problem;
    return view;
  }
  view.service = service_of(request, asset);
  view.preview = picture(services, request, asset, kPreview);
  view.thumbnail = picture(services, request, asset, kThumbnail);
  view.full = view.service + "/full/max/0/default.jpg";
  return view;
}

}  // namespace

site::CollectionPage collection_view(const Services& services, const http::Request& request,
                                     const catalogue::Collection& collection) {
  site::CollectionPage page;
  site::describe(page, collection.description);
  page.path = item_path(collection.identifier);
  page.document = collection.identifier.empty() ? request.base_url + "/iiif/collection"
                                                : fmt::format("{}/iiif/{}/collection", request.base_url,
                                                              base::encode_segment(collection.identifier));
  page.incomplete = !collection.complete;
  add_breadcrumb(page, services, request, collection.parents);
  for (const catalogue::Member& member : collection.members) {
    site::Child child;
    child.label = member.label;
    child.is_collection = member.kind == catalogue::ItemKind::collection;
    child.path = item_path(member.identifier);
    if (!child.is_collection && member.identifier == collection.identifier) child.path += "?as=manifest";
    if (member.thumbnail) child.thumbnail = picture(services, request, *member.thumbnail, kThumbnail);
    child.count = member.count;
    if (!page.picture && child.thumbnail) page.picture = child.thumbnail;
    page.children.push_back(std::move(child));
  }
  const auto collections =
      std::count_if(page.children.begin(), page.children.end(), [](const site::Child& c) { return c.is_collection; });
  const bool all_shown = page.children.size() == collection.total;
  if (collection.next_cursor.empty()) add_linked(page, request, collection.description);
  if (all_shown)
    page.total_collections = static_cast<std::uint64_t>(collections);
  else if (collections == static_cast<std::ptrdiff_t>(page.children.size()))
    page.total_collections = collection.total;
  if (all_shown || collections == 0) page.total_items = collection.total - page.total_collections;
  if (all_shown) page.total_items = page.children.size() - page.total_collections;
  if (page.total_collections + page.total_items == 0) page.total_entries = collection.total;
  return page;
}

site::ItemPage item_view(const Services& services, const http::Request& request, const catalogue::Manifest& manifest) {
  site::ItemPage page;
  iiif::Description description = manifest.description;
  for (iiif::Link& link : presentation::renderings_of(manifest)) {
    link.id.insert(0, request.base_url);
    description.rendering.push_back(std::move(link));
  }
  site::describe(page, description);
  page.path = item_path(manifest.identifier);
  page.document = fmt::format("{}/iiif/{}/manifest", request.base_url, base::encode_segment(manifest.identifier));
  page.incomplete = !manifest.complete;
  page.right_to_left = manifest.description.viewing_direction == "right-to-left";
  add_breadcrumb(page, services, request, manifest.parents);
  page.canvases.reserve(manifest.canvases.size());
  for (const catalogue::Canvas& canvas : manifest.canvases)
    page.canvases.push_back(canvas_view(services, request, canvas));
  const auto shown = std::find_if(page.canvases.begin(), page.canvases.end(),
                                  [](const site::Canvas& c) { return c.preview.has_value(); });
  if (shown != page.canvases.end()) page.picture = shown->preview;
  return page;
}

}  // namespace armarium::api
