#include "presentation/build.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "catalogue/image_description.h"
#include "catalogue/parts.h"
#include "json/merge_patch.h"
#include "presentation/description_tree.h"
#include "presentation/own_pictures.h"
#include "presentation/ranges.h"
#include "presentation/renderings.h"

namespace armarium::presentation {
namespace {

namespace doc = iiif::presentation;
using iiif::ImageVersion;
using iiif::LanguageMap;

constexpr std::uint32_t kThumbnailSide = 300;
// Of a Canvas whose picture is not known, so that it has an extent in every version.
constexpr image::Size kUnknownExtent{1000, 1000};

// Ids in trees are local.
const Addresses& here() {
  static const Addresses kLocal = Addresses::local();
  return kLocal;
}

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

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

json::Object reference(std::string id, std::string_view type, const LanguageMap& label) {
  json::Object out{{"id", std::move(id)}, {"type", type}};
  if (!label.empty()) out["label"] = plain_map(label);
  return out;
}

json::Object parent_of(const catalogue::Member& parent) {
  return reference(here().collection(parent.identifier), "Collection", label_or_name(parent.label, parent.identifier));
}

json::Object member_of(const catalogue::Member& member) {
  const bool collection = member.kind == catalogue::ItemKind::collection;
  json::Object out = reference(collection ? here().collection(member.identifier) : here().manifest(member.identifier),
                               collection ? "Collection" : "Manifest", label_or_name(member.label, member.identifier));
  if (!member.nav_date.empty()) out["navDate"] = member.nav_date;
  if (member.thumbnail) {
    if (json::Array picture = thumbnail(*member.thumbnail); !picture.empty()) out["thumbnail"] = std::move(picture);
  }
  return out;
}

// What must be there is put there: a label, our own page, an id for each provider (Presentation 3.0, 3.1 provider).
iiif::Description complete(iiif::Description description, std::string_view identifier) {
  description.label = label_or_name(description.label, identifier);
  iiif::Link page;
  page.id = here().item(identifier);
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
      agent.id = here().item("") + (nameless > 1 ? fmt::format("#provider-{}", nameless) : "");
    }
  }
  return description;
}

// What only 3.0 can say is one link away.
void point_to_3(iiif::Description& description, std::string_view identifier) {
  iiif::Link link;
  link.id = Addresses({}, Style::versioned, Version::v3).manifest(identifier);
  link.type = "Dataset";
  link.format = "application/ld+json";
  link.profile = doc::context_of(Version::v3);
  description.see_also.push_back(std::move(link));
}

void put_parents(json::Object& out, const std::vector<catalogue::Member>& parents) {
  if (parents.empty()) return;
  json::Array list;
  for (const catalogue::Member& parent : parents) list.emplace_back(parent_of(parent));
  out["partOf"] = std::move(list);
}

json::Object common(const catalogue::Collection& collection) {
  json::Object out{{"id", here().collection(collection.identifier)}, {"type", "Collection"}};
  put_description(out, doc::Type::collection, complete(collection.description, collection.identifier));
  const auto pictured = std::find_if(collection.members.begin(), collection.members.end(),
                                     [](const catalogue::Member& member) { return member.thumbnail.has_value(); });
  json::Array picture = collection.thumbnail                   ? thumbnail(*collection.thumbnail)
                        : pictured != collection.members.end() ? thumbnail(*pictured->thumbnail)
                                                               : json::Array();
  if (!picture.empty()) out["thumbnail"] = std::move(picture);
  put_parents(out, collection.parents);
  return out;
}

// The mark of a Canvas whose picture cannot be shown; recipe 0283.
json::Array unavailable_note() {
  iiif::LabelValue note;
  note.label = LanguageMap::of("en", "Note");
  note.label.add("de", "Hinweis");
  note.value = LanguageMap::of("en", "The picture of this page cannot be shown: its file is damaged.");
  note.value.add("de", "Das Bild dieser Seite kann nicht gezeigt werden: Die Datei ist besch\u00e4digt.");
  return {pair_of(note)};
}

json::Array services_of(const catalogue::Asset& asset) {
  return {
      json::Object{
          {"id", here().image(ImageVersion::v3, asset.identifier)}, {"type", "ImageService3"}, {"profile", "level2"}},
      json::Object{{"@id", here().image(ImageVersion::v2, asset.identifier)},
                   {"@type", "ImageService2"},
                   {"profile", "http://iiif.io/api/image/2/level2.json"}}};
}

json::Object image_of(const catalogue::Asset& asset, std::string id_3, std::string id_2, image::Size size) {
  json::Object out{{"id", std::move(id_3)}, {"@2", std::move(id_2)}, {"type", "Image"}, {"format", "image/jpeg"}};
  if (!size.empty()) {
    out["width"] = size.width;
    out["height"] = size.height;
  }
  out["service"] = services_of(asset);
  return out;
}

}  // namespace

json::Object whole_image(const catalogue::Asset& asset) {
  const iiif::SizeLimits limits = catalogue::effective_limits(asset);
  const image::Size size = asset.size.empty() ? image::Size() : limits.shrink(asset.size);
  // `max` of 3.0 obeys the limits, `full` of 2.1 does not.
  std::string id_2 = size == asset.size ? here().whole_image(ImageVersion::v2, asset.identifier)
                                        : here().whole_image(ImageVersion::v2, asset.identifier, size);
  return image_of(asset, here().whole_image(ImageVersion::v3, asset.identifier), std::move(id_2), size);
}

json::Array thumbnail(const catalogue::Asset& asset) {
  if (asset.state != catalogue::AssetState::ready || asset.size.empty()) return {};
  const image::Size size = catalogue::thumbnail_size(catalogue::describe(asset, {}), kThumbnailSide);
  json::Array out;
  out.emplace_back(image_of(asset, here().whole_image(ImageVersion::v3, asset.identifier, size),
                            here().whole_image(ImageVersion::v2, asset.identifier, size), size));
  return out;
}

namespace {

// 3 of "=a3"; 0 for any other role.
std::size_t annotation_number(std::string_view role) noexcept {
  std::uint32_t number = 0;
  if (!role.starts_with("=a")) return 0;
  const auto [end, failed] = std::from_chars(role.data() + 2, role.data() + role.size(), number);
  return failed == std::errc{} && end == role.data() + role.size() ? number : 0;
}

}  // namespace

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

// A Canvas in the making.
class CanvasBuilder {
 public:
  CanvasBuilder(const catalogue::Canvas& canvas, std::string_view role)
      : canvas_(canvas),
        role_(role),
        name_(canvas.identifier + std::string(role)),
        id_(here().canvas(name_)),
        extent_(canvas.extent.empty() ? kUnknownExtent : canvas.extent) {}

  json::Object build() {
    paint();
    if (role_.empty()) annotate();
    json::Object out = reference(id_, "Canvas", label_or_name(canvas_.label, canvas_.identifier));
    out["height"] = extent_.height;
    out["width"] = extent_.width;
    if (painting_.empty()) out["metadata"] = unavailable_note();
    if (role_.empty() && !canvas_.described.empty()) describe(out);
    if (!canvas_.nav_date.empty()) out["navDate"] = canvas_.nav_date;
    put_behavior(out, doc::Type::canvas, canvas_.behavior);
    if (!thumbnail_.empty()) out["thumbnail"] = std::move(thumbnail_);
    // 5.3: `items` is there even when empty: so does recipe 0283 of a page that is missing, and the official schema asks for it.
    json::Array pages;
    if (!painting_.empty()) pages.emplace_back(page(here().page(name_), std::move(painting_)));
    out["items"] = std::move(pages);
    const std::string annotations = here().page(name_ + std::string(kAnnotations));
    if (!notes_.empty()) out["annotations"] = json::Array{page(annotations, std::move(notes_))};
    if (texts_) out["@list"] = annotations;
    return out;
  }

 private:
  // What the file's own name.yml says; the note of a picture that cannot be shown comes first.
  void describe(json::Object& out) const {
    json::Object said;
    std::vector<std::string> unreadable;
    put_description(said, doc::Type::canvas, iiif::Description::from_json(canvas_.described, unreadable));
    for (auto& member : said) {
      json::Value& there = out[member.key()];
      if (member.key() == "metadata" && there.is_array()) {
        for (json::Value& pair : member.value().get_array()) there.get_array().push_back(std::move(pair));
      } else {
        there = std::move(member.value());
      }
    }
  }

  static json::Object page(std::string id, json::Array items) {
    return {{"id", std::move(id)}, {"type", "AnnotationPage"}, {"items", std::move(items)}};
  }

  json::Object annotation(std::string id, std::string_view motivation) const {
    return {{"id", std::move(id)}, {"type", "Annotation"}, {"motivation", json::Array{motivation}}};
  }

  json::Object target(std::string_view part) const {
    std::string id = id_;
    if (!part.empty() && is_inside(part, extent_)) id += "#xywh=" + std::string(part);
    return {{"id", std::move(id)}, {"type", "Canvas"}};
  }

  // What is shown of the pictures that no annotation places: the first, or a Choice of them.
  void paint() {
    std::vector<std::string_view> seen;  // formats of one picture share an identifier, and its service
    if (role_.empty()) {
      for (const json::Value& stored : canvas_.annotations) seen.push_back(placed_asset(stored));
    }
    json::Array images;
    for (const catalogue::Asset& asset : canvas_.assets) {
      if (asset.state == catalogue::AssetState::damaged) continue;
      if (std::find(seen.begin(), seen.end(), asset.identifier) != seen.end()) continue;
      seen.push_back(asset.identifier);
      json::Object image = whole_image(asset);
      image["label"] = plain_map(LanguageMap::none(std::string(file_name(asset.path))));
      images.emplace_back(std::move(image));
      if (thumbnail_.empty()) thumbnail_ = thumbnail(asset);
    }
    if (images.empty()) return;
    json::Object painted = annotation(here().annotation(name_), "painting");
    if (images.size() == 1) {
      images.front().get_object().stable_erase("label");  // only options of a Choice need one
      painted["body"] = std::move(images.front());
    } else {
      painted["body"] = json::Object{{"type", "Choice"}, {"items", std::move(images)}};
    }
    painted["target"] = target({});
    painting_.emplace_back(std::move(painted));
  }

  void annotate() {
    std::size_t number = 0;
    for (const json::Value& stored : canvas_.annotations) {
      ++number;
      if (const json::Object* object = stored.if_object()) add_note(*object, number, placed_asset(stored));
    }
  }

  void add_note(const json::Object& stored, std::size_t number, std::string_view placed) {
    const std::string_view motivation = json::text_of(stored, "motivation");
    json::Object out = annotation(here().annotation(fmt::format("{}=a{}", canvas_.identifier, number)), motivation);
    if (const json::Value* label = stored.if_contains("label")) {
      if (auto read = LanguageMap::from_json(*label, "label")) out["label"] = plain_map(*read);
    }
    bool text = false;
    if (!placed.empty()) {
      const auto asset = std::find_if(canvas_.assets.begin(), canvas_.assets.end(),
                                      [&](const catalogue::Asset& one) { return one.identifier == placed; });
      if (asset == canvas_.assets.end() || asset->state == catalogue::AssetState::damaged) return;
      out["body"] = whole_image(*asset);
      if (thumbnail_.empty()) thumbnail_ = thumbnail(*asset);
    } else {
      text = json::text_of(stored, "id").empty();
      json::Object body =
          text ? json::Object{{"type", "TextualBody"}, {"value", json::text_of(stored, "value")}}
               : json::Object{{"id", json::text_of(stored, "id")}, {"type", json::text_of(stored, "type")}};
      if (const std::string_view format = json::text_of(stored, "format"); !format.empty()) body["format"] = format;
      if (const std::string_view tag = json::text_of(stored, "language"); !tag.empty())
        body["language"] = json::Array{tag};
      out["body"] = std::move(body);
    }
    out["target"] = target(json::text_of(stored, "xywh"));
    const bool paints = motivation == "painting";
    texts_ = texts_ || (paints && text);
    (paints ? painting_ : notes_).emplace_back(std::move(out));
  }

  const catalogue::Canvas& canvas_;
  std::string_view role_;
  std::string name_;
  std::string id_;
  image::Size extent_;
  json::Array painting_;
  json::Array notes_;
  json::Array thumbnail_;
  bool texts_ = false;  // that paint
};

// Manifests of others, from manifests.yml.
void add_linked(json::Array& items, const iiif::Description& description) {
  const json::Value* linked = description.more.if_contains("linkedManifests");
  if (linked == nullptr || !linked->is_array()) return;
  for (const json::Value& value : linked->get_array()) {
    const json::Object* object = value.if_object();
    if (object == nullptr) continue;
    LanguageMap label;
    if (const json::Value* said = object->if_contains("label")) {
      if (auto read = LanguageMap::from_json(*said, "label")) label = std::move(*read);
    }
    json::Object out = reference(std::string(json::text_of(*object, "id")), "Manifest", label);
    if (const std::string_view address = json::text_of(*object, "thumbnail"); !address.empty()) {
      const char* format = address.ends_with(".png") ? "image/png" : "image/jpeg";
      out["thumbnail"] = json::Array{json::Object{{"id", address}, {"type", "Image"}, {"format", format}}};
    }
    items.emplace_back(std::move(out));
  }
}

}  // namespace

namespace {

// A Collection that was put in, without those of our items that are not there, or not for this reader.
json::Object of_document(const catalogue::Collection& collection) {
  std::set<std::string> visible;
  for (const catalogue::Member& member : collection.members) {
    const bool is_collection = member.kind == catalogue::ItemKind::collection;
    visible.insert(is_collection ? here().collection(member.identifier) : here().manifest(member.identifier));
  }
  json::Object out = collection.tree;
  json::Array items;
  for (const json::Value& item : doc::array_in(collection.tree, "items")) {
    const std::string_view id = json::text_of(item.get_object(), "id");
    if (!id.starts_with('/')) {
      items.push_back(item);
    } else if (visible.erase(std::string(id)) > 0) {
      items.push_back(item);
    }
  }
  // What was put into it since.
  for (const catalogue::Member& member : collection.members) {
    json::Object added = member_of(member);
    if (visible.contains(std::string(json::text_of(added, "id")))) items.emplace_back(std::move(added));
  }
  out["items"] = std::move(items);
  return out;
}

// What people wrote over properties that have no place in a description.
void write_over(json::Object& tree, const json::Array& over) {
  for (const json::Value& patch : over) {
    if (!patch.is_object()) continue;
    json::Value written = json::merge_patch(tree, patch);
    tree = std::move(written.get_object());
  }
  tree.stable_erase(catalogue::kParts);
}

}  // namespace

json::Object build_canvas(const catalogue::Canvas& canvas, std::string_view role) {
  if (canvas.tree.empty()) {
    json::Object built = CanvasBuilder(canvas, role).build();
    if (role.empty()) write_over(built, canvas.over);
    return built;
  }
  json::Object tree = canvas.tree;
  if (canvas.assets.empty()) return tree;
  put_own_pictures(tree, [&](std::string_view name) -> const catalogue::Asset* {
    const auto found = std::find_if(canvas.assets.begin(), canvas.assets.end(),
                                    [&](const catalogue::Asset& asset) { return asset.identifier == name; });
    return found == canvas.assets.end() ? nullptr : &*found;
  });
  return tree;
}

json::Object build_skeleton(const catalogue::Manifest& manifest) {
  json::Object tree = manifest.tree;
  put_own_pictures(tree, [&](std::string_view name) -> const catalogue::Asset* {
    if (manifest.thumbnail && manifest.thumbnail->identifier == name) return &*manifest.thumbnail;
    for (const catalogue::Canvas& canvas : manifest.canvases) {
      for (const catalogue::Asset& asset : canvas.assets) {
        if (asset.identifier == name) return &asset;
      }
    }
    return nullptr;
  });
  return tree;
}

namespace {

// What info.yml says by the name of a page.
void put_named(json::Object& skeleton, const catalogue::Manifest& manifest) {
  const auto named = [&](std::string_view property) {
    const json::Value* value = manifest.description.more.if_contains(property);
    const auto origin = manifest.description.origins.find(std::string(property));
    if (origin != manifest.description.origins.end() && origin->second == "written") value = nullptr;
    return value == nullptr ? std::nullopt : canvas_named(manifest, *value);
  };
  if (const auto start = named("start"))
    skeleton["start"] = reference(here().canvas(manifest.canvases[*start].identifier), "Canvas", {});
  if (const auto canvas = named("placeholderCanvas"))
    skeleton["placeholderContainer"] = build_canvas(manifest.canvases[*canvas], kPlaceholder);
  if (const auto canvas = named("accompanyingCanvas"))
    skeleton["accompanyingContainer"] = build_canvas(manifest.canvases[*canvas], kAccompanying);
}

}  // namespace

json::Array structures_of(const catalogue::Manifest& manifest) {
  const bool said = manifest.tree.empty() || !manifest.ranges.is_null();
  if (!said) return doc::array_in(manifest.tree, "structures");
  json::Array ranges = ranges_of(manifest);
  for (const json::Value& patch : manifest.over) {
    if (patch.is_object()) catalogue::patch_ranges(patch.get_object(), ranges);
  }
  return ranges;
}

doc::Manifest build_manifest(std::shared_ptr<const catalogue::Manifest> manifest, Version version) {
  doc::Manifest out;
  if (!manifest->tree.empty()) {
    out.skeleton = build_skeleton(*manifest);
    put_named(out.skeleton, *manifest);
    out.structures = structures_of(*manifest);
    if (out.skeleton.contains("structures")) out.skeleton.stable_erase("structures");
    out.canvas_count = manifest->canvases.size();
    out.canvas = [manifest](std::size_t index) { return build_canvas(manifest->canvases[index]); };
    return out;
  }
  json::Object& skeleton = out.skeleton;
  skeleton = {{"id", here().manifest(manifest->identifier)}, {"type", "Manifest"}};
  iiif::Description description = complete(manifest->description, manifest->identifier);
  for (iiif::Link& link : renderings_of(*manifest)) description.rendering.push_back(std::move(link));
  if (version == Version::v2 && !description.nav_place.is_null()) point_to_3(description, manifest->identifier);
  put_description(skeleton, doc::Type::manifest, description);
  json::Array picture = manifest->thumbnail ? thumbnail(*manifest->thumbnail) : json::Array();
  for (const catalogue::Canvas& canvas : manifest->canvases) {
    if (!picture.empty()) break;
    if (!canvas.assets.empty()) picture = thumbnail(canvas.assets.front());
  }
  if (!picture.empty()) skeleton["thumbnail"] = std::move(picture);
  put_parents(skeleton, manifest->parents);
  put_named(skeleton, *manifest);
  write_over(skeleton, manifest->over);
  out.structures = structures_of(*manifest);
  out.canvas_count = manifest->canvases.size();
  out.canvas = [manifest = std::move(manifest)](std::size_t index) { return build_canvas(manifest->canvases[index]); };
  return out;
}

json::Object build_collection(const catalogue::Collection& collection) {
  if (!collection.tree.empty()) return of_document(collection);
  json::Object out = common(collection);
  json::Array items;
  for (const catalogue::Member& member : collection.members) items.emplace_back(member_of(member));
  add_linked(items, collection.description);
  out["items"] = std::move(items);
  write_over(out, collection.over);
  return out;
}

std::string painted_elsewhere(const json::Object& container) {
  constexpr int kDeepestBody = 4;
  for (const json::Value& page : doc::array_in(container, "items")) {
    if (!page.is_object()) continue;
    for (const json::Value& annotation : doc::array_in(page.get_object(), "items")) {
      const json::Object* body = annotation.is_object() ? doc::object_in(annotation.get_object(), "body") : nullptr;
      for (int step = 0; step < kDeepestBody && body != nullptr; ++step) {
        const json::Array& options = doc::array_in(*body, "items");
        const std::string_view id = json::text_of(*body, "id");
        const json::Object* source = doc::object_in(*body, "source");
        if (source == nullptr && options.empty() && id.starts_with("http")) return std::string(id);
        body = source != nullptr ? source : options.empty() ? nullptr : options.front().if_object();
      }
    }
  }
  return {};
}

const json::Object* find_in(const json::Value& tree, std::string_view id, std::string_view type) noexcept {
  if (const json::Array* array = tree.if_array()) {
    for (const json::Value& item : *array) {
      if (const json::Object* found = find_in(item, id, type)) return found;
    }
    return nullptr;
  }
  const json::Object* object = tree.if_object();
  if (object == nullptr) return nullptr;
  const std::string_view its_type = doc::type_of(*object);
  const bool same_type = its_type == type || (type == "Canvas" && doc::is_container(its_type));
  if (same_type && json::text_of(*object, "id") == id && !doc::is_reference(*object)) return object;
  for (const auto& member : *object) {
    if (doc::is_opaque(member.key())) continue;
    if (const json::Object* found = find_in(member.value(), id, type)) return found;
  }
  return nullptr;
}

}  // namespace armarium::presentation
