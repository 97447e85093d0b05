#include "presentation/build.h"

#include <algorithm>

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
  if (pictured != collection.members.end()) out.thumbnail = thumbnail(*pictured->thumbnail, addresses);
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

doc::Canvas build_canvas(const catalogue::Canvas& canvas, const Addresses& addresses) {
  doc::Canvas out;
  out.id = addresses.canvas(canvas.identifier);
  out.page_id = addresses.page(canvas.identifier);
  out.annotation_id = addresses.annotation(canvas.identifier);
  out.label = label_or_name(canvas.label, canvas.identifier);
  out.extent = canvas.extent.empty() ? image::Size{1000, 1000} : canvas.extent;
  out.behavior = canvas.behavior;
  out.nav_date = canvas.nav_date;
  std::vector<std::string_view> seen;  // formats of one picture share an identifier, and its service
  for (const catalogue::Asset& asset : canvas.assets) {
    if (asset.state == catalogue::AssetState::damaged) continue;
    if (std::find(seen.begin(), seen.end(), asset.identifier) != seen.end()) continue;
    seen.push_back(asset.identifier);
    out.images.push_back(whole_image(asset, addresses));
    out.images.back().label = LanguageMap::none(std::string(file_name(asset.path)));
    if (out.thumbnail.empty()) out.thumbnail = thumbnail(asset, addresses);
  }
  if (out.images.size() == 1) out.images.front().label = {};  // only options of a Choice need one
  if (out.images.empty()) out.metadata.push_back(unavailable_note());
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
  out.canvas_count = manifest->canvases.size();
  out.canvas = [manifest = std::move(manifest), addresses](std::size_t index) {
    return build_canvas(manifest->canvases[index], addresses);
  };
  return out;
}

doc::Collection build_collection(const catalogue::Collection& collection, const Addresses& addresses) {
  doc::Collection out = common(collection, addresses);
  for (const catalogue::Member& member : collection.members) out.items.push_back(member_of(member, addresses));
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
  return out;
}

}  // namespace armarium::presentation
