#include "presentation/build.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "catalogue/image_description.h"
#include "iiif/presentation/document.h"
#include "presentation/ranges.h"

namespace armarium::presentation {
namespace {

namespace doc = iiif::presentation;
using iiif::ImageVersion;
using iiif::LanguageMap;

constexpr std::uint32_t kThumbnailSide = 300;

// 1 of "archive~box1": what a thing without a label is called.
LanguageMap name_of(std::string_view identifier) {
  if (identifier.empty()) {
    LanguageMap label = LanguageMap::of("en", "Collection");
    label.add("de", "Sammlung");
    return label;
  }
  const std::size_t at = identifier.rfind('~');
  return LanguageMap::none(std::string(at == std::string_view::npos ? identifier : identifier.substr(at + 1)));
}

LanguageMap label_or_name(const LanguageMap& label, std::string_view identifier) {
  return label.empty() ? name_of(identifier) : label;
}

doc::ImageService service_of(const catalogue::Asset& asset, const Addresses& addresses) {
  return {addresses.image(ImageVersion::v3, asset.identifier), addresses.image(ImageVersion::v2, asset.identifier)};
}

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

doc::Reference parent_of(const catalogue::Member& parent, const Addresses& addresses) {
  doc::Reference reference;
  reference.id = addresses.collection(parent.identifier);
  reference.collection = true;
  reference.label = label_or_name(parent.label, parent.identifier);
  return reference;
}

doc::Reference member_of(const catalogue::Member& member, const Addresses& addresses) {
  doc::Reference reference;
  reference.collection = member.kind == catalogue::ItemKind::collection;
  reference.id = reference.collection ? addresses.collection(member.identifier) : addresses.manifest(member.identifier);
  reference.label = label_or_name(member.label, member.identifier);
  reference.nav_date = member.nav_date;
  if (member.thumbnail) reference.thumbnail = thumbnail(*member.thumbnail, addresses);
  return reference;
}

// What must be there is put there: a label, our own page, an id for each provider (Presentation 3.0, 3.1 provider).
iiif::Description complete(iiif::Description description, std::string_view identifier, const Addresses& addresses) {
  description.label = label_or_name(description.label, identifier);
  iiif::Link page;
  page.id = addresses.item(identifier);
  page.type = "Text";
  page.label = description.label;
  page.format = "text/html";
  description.homepage.insert(description.homepage.begin(), std::move(page));
  std::size_t nameless = 0;
  for (iiif::Agent& agent : description.provider) {
    if (!agent.id.empty()) continue;
    ++nameless;
    if (!agent.homepage.empty()) {
      agent.id = agent.homepage.front().id;
    } else {
      agent.id = addresses.item("") + (nameless > 1 ? fmt::format("#provider-{}", nameless) : "");
    }
  }
  return description;
}

// What only 3.0 can say is one link away.
void point_to_3(iiif::Description& description, std::string address) {
  iiif::Link link;
  link.id = std::move(address);
  link.type = "Dataset";
  link.format = "application/ld+json";
  link.profile = doc::profile_of(Version::v3);
  description.see_also.push_back(std::move(link));
}

doc::Collection common(const catalogue::Collection& collection, const Addresses& addresses) {
  doc::Collection out;
  out.id = addresses.collection(collection.identifier);
  out.description = complete(collection.description, collection.identifier, addresses);
  const auto pictured = std::find_if(collection.members.begin(), collection.members.end(),
                                     [](const catalogue::Member& member) { return member.thumbnail.has_value(); });
  if (collection.thumbnail) {
    out.thumbnail = thumbnail(*collection.thumbnail, addresses);
  } else if (pictured != collection.members.end()) {
    out.thumbnail = thumbnail(*pictured->thumbnail, addresses);
  }
  for (const catalogue::Member& parent : collection.parents) out.part_of.push_back(parent_of(parent, addresses));
  return out;
}

std::string span_of(std::size_t first, std::size_t last) { return fmt::format("{}\u2013{}", first, last); }

// The mark of a Canvas whose picture cannot be shown; recipe 0283.
iiif::LabelValue unavailable_note() {
  iiif::LabelValue note;
  note.label = LanguageMap::of("en", "Note");
  note.label.add("de", "Hinweis");
  note.value = LanguageMap::of("en", "The picture of this page cannot be shown: its file is damaged.");
  note.value.add("de", "Das Bild dieser Seite kann nicht gezeigt werden: Die Datei ist besch\u00e4digt.");
  return note;
}

}  // namespace

doc::Image whole_image(const catalogue::Asset& asset, const Addresses& addresses) {
  doc::Image image;
  const iiif::SizeLimits limits = catalogue::effective_limits(asset);
  image.id_3 = addresses.whole_image(ImageVersion::v3, asset.identifier);
  image.id_2 = addresses.whole_image(ImageVersion::v2, asset.identifier);
  image.service = service_of(asset, addresses);
  if (asset.size.empty()) return image;
  image.size = limits.shrink(asset.size);
  // `max` of 3.0 obeys the limits, `full` of 2.1 does not.
  if (image.size != asset.size) image.id_2 = addresses.whole_image(ImageVersion::v2, asset.identifier, image.size);
  return image;
}

std::vector<doc::Image> thumbnail(const catalogue::Asset& asset, const Addresses& addresses) {
  if (asset.state != catalogue::AssetState::ready || asset.size.empty()) return {};
  doc::Image image;
  image.size = catalogue::thumbnail_size(catalogue::describe(asset, {}), kThumbnailSide);
  image.id_3 = addresses.whole_image(ImageVersion::v3, asset.identifier, image.size);
  image.id_2 = addresses.whole_image(ImageVersion::v2, asset.identifier, image.size);
  image.service = service_of(asset, addresses);
  return {std::move(image)};
}

std::size_t annotation_number(std::string_view role) noexcept {
  std::uint32_t number = 0;
  if (!role.starts_with("=a")) return 0;
  const auto [end, failed] = std::from_chars(role.data() + 2, role.data() + role.size(), number);
  return failed == std::errc{} && end == role.data() + role.size() ? number : 0;
}

std::string_view role_of(std::string_view identifier) noexcept {
  for (const std::string_view role : {kPlaceholder, kAccompanying, kAnnotations}) {
    if (identifier.size() > role.size() && identifier.ends_with(role)) return role;
  }
  const std::size_t at = identifier.rfind("=a");
  if (at == std::string_view::npos || at == 0) return {};
  const std::string_view role = identifier.substr(at);
  return annotation_number(role) > 0 ? role : std::string_view();
}

namespace {

bool is_inside(std::string_view part, image::Size extent) {
  std::array<std::uint32_t, 4> box{};
  for (std::uint32_t& value : box) {
    const auto [end, failed] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (failed != std::errc{}) return false;
    part.remove_prefix(static_cast<std::size_t>(end - part.data()));
    if (!part.empty()) part.remove_prefix(1);
  }
  return box[2] > 0 && box[3] > 0 && std::uint64_t{box[0]} + box[2] <= extent.width &&
         std::uint64_t{box[1]} + box[3] <= extent.height;
}

// The asset that a painting places, or nothing.
std::string_view placed_asset(const json::Value& stored) {
  const json::Object* object = stored.if_object();
  return object == nullptr ? std::string_view() : json::text_of(*object, "asset");
}

void add_annotations(doc::Canvas& out, const catalogue::Canvas& canvas, const Addresses& addresses) {
  out.annotations_id = addresses.page(canvas.identifier + std::string(kAnnotations));
  std::size_t number = 0;
  for (const json::Value& stored : canvas.annotations) {
    ++number;
    const json::Object* object = stored.if_object();
    if (object == nullptr) continue;
    doc::Annotation annotation;
    annotation.id = addresses.annotation(fmt::format("{}=a{}", canvas.identifier, number));
    annotation.motivation = json::text_of(*object, "motivation");
    annotation.text = json::text_of(*object, "value");
    annotation.body_id = json::text_of(*object, "id");
    annotation.body_type = json::text_of(*object, "type");
    annotation.format = json::text_of(*object, "format");
    if (const json::Value* label = object->if_contains("label")) {
      if (auto read = LanguageMap::from_json(*label, "label")) annotation.label = std::move(*read);
    }
    annotation.target = out.id;
    const std::string part(json::text_of(*object, "xywh"));
    if (!part.empty() && is_inside(part, out.extent)) annotation.target += "#xywh=" + part;
    if (const std::string_view name = placed_asset(stored); !name.empty()) {
      const auto asset = std::find_if(canvas.assets.begin(), canvas.assets.end(),
                                      [&](const catalogue::Asset& candidate) { return candidate.identifier == name; });
      if (asset == canvas.assets.end() || asset->state == catalogue::AssetState::damaged) continue;
      annotation.image.push_back(whole_image(*asset, addresses));
      if (out.thumbnail.empty()) out.thumbnail = thumbnail(*asset, addresses);
    }
    (annotation.motivation == "painting" ? out.placed : out.annotations).push_back(std::move(annotation));
  }
}

// Manifests of others, from manifests.yml.
void add_linked(doc::Collection& out, const iiif::Description& description) {
  const json::Value* linked = description.more.if_contains("linkedManifests");
  if (linked == nullptr || !linked->is_array()) return;
  for (const json::Value& value : linked->get_array()) {
    const json::Object* object = value.if_object();
    if (object == nullptr) continue;
    doc::Reference reference;
    reference.id = json::text_of(*object, "id");
    if (const json::Value* label = object->if_contains("label")) {
      if (auto read = LanguageMap::from_json(*label, "label")) reference.label = std::move(*read);
    }
    if (std::string address(json::text_of(*object, "thumbnail")); !address.empty()) {
      doc::Image image;
      image.id_3 = image.id_2 = std::move(address);
      if (image.id_3.ends_with(".png")) image.format = "image/png";
      reference.thumbnail.push_back(std::move(image));
    }
    out.items.push_back(std::move(reference));
  }
}

}  // namespace

doc::Canvas build_canvas(const catalogue::Canvas& canvas, const Addresses& addresses, std::string_view role) {
  doc::Canvas out;
  const std::string identifier = canvas.identifier + std::string(role);
  out.id = addresses.canvas(identifier);
  out.page_id = addresses.page(identifier);
  out.annotation_id = addresses.annotation(identifier);
  out.label = label_or_name(canvas.label, canvas.identifier);
  out.extent = canvas.extent.empty() ? image::Size{1000, 1000} : canvas.extent;
  out.behavior = canvas.behavior;
  out.nav_date = canvas.nav_date;
  std::vector<std::string_view> seen;  // formats of one picture share an identifier, and its service
  if (role.empty()) {
    for (const json::Value& stored : canvas.annotations) seen.push_back(placed_asset(stored));
  }
  for (const catalogue::Asset& asset : canvas.assets) {
    if (asset.state == catalogue::AssetState::damaged) continue;
    if (std::find(seen.begin(), seen.end(), asset.identifier) != seen.end()) continue;
    seen.push_back(asset.identifier);
    out.images.push_back(whole_image(asset, addresses));
    out.images.back().label = LanguageMap::none(std::string(file_name(asset.path)));
    if (out.thumbnail.empty()) out.thumbnail = thumbnail(asset, addresses);
  }
  if (out.images.size() == 1) out.images.front().label = {};  // only options of a Choice need one
  if (role.empty() && !canvas.annotations.empty()) add_annotations(out, canvas, addresses);
  if (out.images.empty() && out.placed.empty()) out.metadata.push_back(unavailable_note());
  return out;
}

doc::Manifest build_manifest(std::shared_ptr<const catalogue::Manifest> manifest, const Addresses& addresses,
                             Version version) {
  doc::Manifest out;
  out.id = addresses.manifest(manifest->identifier);
  out.description = complete(manifest->description, manifest->identifier, addresses);
  if (version == Version::v2 && !out.description.nav_place.is_null()) {
    point_to_3(out.description,
               Addresses(addresses.base_url(), Style::versioned, Version::v3).manifest(manifest->identifier));
  }
  if (manifest->thumbnail) out.thumbnail = thumbnail(*manifest->thumbnail, addresses);
  for (const catalogue::Canvas& canvas : manifest->canvases) {
    if (!out.thumbnail.empty()) break;
    if (!canvas.assets.empty()) out.thumbnail = thumbnail(canvas.assets.front(), addresses);
  }
  for (const catalogue::Member& parent : manifest->parents) out.part_of.push_back(parent_of(parent, addresses));
  out.structures = ranges_of(*manifest, addresses);
  const json::Object& more = manifest->description.more;
  const auto named = [&](std::string_view property) {
    const json::Value* value = more.if_contains(property);
    return value == nullptr ? std::nullopt : canvas_named(*manifest, *value);
  };
  if (const auto start = named("start")) out.start = addresses.canvas(manifest->canvases[*start].identifier);
  if (const auto canvas = named("placeholderCanvas"))
    out.placeholder.push_back(build_canvas(manifest->canvases[*canvas], addresses, kPlaceholder));
  if (const auto canvas = named("accompanyingCanvas"))
    out.accompanying.push_back(build_canvas(manifest->canvases[*canvas], addresses, kAccompanying));
  out.canvas_count = manifest->canvases.size();
  out.canvas = [manifest = std::move(manifest), addresses](std::size_t index) {
    return build_canvas(manifest->canvases[index], addresses);
  };
  return out;
}

doc::Collection build_collection(const catalogue::Collection& collection, const Addresses& addresses) {
  doc::Collection out = common(collection, addresses);
  for (const catalogue::Member& member : collection.members) out.items.push_back(member_of(member, addresses));
  add_linked(out, collection.description);
  return out;
}

doc::Collection build_part(const catalogue::Collection& collection, std::size_t part, std::size_t first,
                           const Addresses& addresses) {
  doc::Collection out;
  out.id = addresses.collection(collection.identifier, part);
  out.description.label =
      LanguageMap::none(span_of(first, first + std::max<std::size_t>(collection.members.size(), 1) - 1));
  doc::Reference parent;
  parent.id = addresses.collection(collection.identifier);
  parent.collection = true;
  parent.label = label_or_name(collection.description.label, collection.identifier);
  out.part_of.push_back(std::move(parent));
  for (const catalogue::Member& member : collection.members) out.items.push_back(member_of(member, addresses));
  return out;
}

doc::Collection build_split(const catalogue::Collection& collection, std::size_t part_size,
                            const Addresses& addresses) {
  doc::Collection out = common(collection, addresses);
  const auto total = static_cast<std::size_t>(collection.total);
  for (std::size_t first = 1, part = 1; first <= total; first += part_size, ++part) {
    doc::Reference child;
    child.id = addresses.collection(collection.identifier, part);
    child.collection = true;
    child.label = LanguageMap::none(span_of(first, std::min(first + part_size - 1, total)));
    out.items.push_back(std::move(child));
  }
  add_linked(out, collection.description);
  return out;
}

}  // namespace armarium::presentation
