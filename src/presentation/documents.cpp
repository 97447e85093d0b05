#include "presentation/documents.h"

#include <algorithm>

#include <fmt/format.h>

#include "presentation/build.h"
#include "presentation/description_tree.h"
#include "presentation/long_collection.h"
#include "presentation/ranges.h"

namespace armarium::presentation {
namespace {

namespace doc = iiif::presentation;

// From here on a Manifest is sent while it is made.
constexpr std::size_t kProduceFrom = 200;
constexpr std::size_t kMaxCursors = 1000;
// Of a long Collection that is split only so many members are read: for its thumbnail.
constexpr std::size_t kGlance = 32;

base::Error no_such(const char* what) {
  return {base::ErrorCode::not_found, std::string("There is no such ") + what + ".", {}};
}

Document document(Version version, std::string id, std::string text, catalogue::Revision revision, bool complete) {
  Document out;
  out.version = version;
  out.id = std::move(id);
  out.text = std::move(text);
  out.revision = revision;
  out.complete = complete;
  return out;
}

json::Array part_of(const catalogue::Manifest& manifest) {
  json::Object reference{{"id", Addresses::local().manifest(manifest.identifier)}, {"type", "Manifest"}};
  if (!manifest.description.label.empty()) reference["label"] = plain_map(manifest.description.label);
  return {std::move(reference)};
}

// Where a Canvas of this identifier may be when no picture of it is known: "a~b" of "a~b~c" and "a~b~c=p2", "_" of "c", and the file's own Manifest.
std::vector<std::string> likely_manifests(std::string_view identifier) {
  const std::size_t page = identifier.rfind("=p");
  const bool is_page =
      page != std::string_view::npos && identifier.find_first_not_of("0123456789", page + 2) == std::string_view::npos;
  const std::string_view file = is_page ? identifier.substr(0, page) : identifier;
  const std::size_t last = file.rfind('~');
  return {last == std::string_view::npos ? "_" : std::string(file.substr(0, last)), std::string(file)};
}

Addresses addresses_of(const Address& address, Version version) { return {address.base_url, address.style, version}; }

doc::AddressOf expander(Addresses addresses) {
  return [addresses = std::move(addresses)](std::string_view local) { return addresses.expand(local); };
}

// All that the bytes of a long Manifest depend on, but its revision.
std::string key_of(Version version, const std::string& id, const base::Principal& who) {
  return fmt::format("{} {} {}", static_cast<int>(version), who.tier, id);
}

// A resource that is no Manifest, written.
Document written(Version version, json::Object tree, const Addresses& addresses, catalogue::Revision revision,
                 bool complete) {
  std::string id(json::text_of(tree, "id"));
  if (id.starts_with('/')) id = addresses.expand(id);
  return document(version, std::move(id), doc::write_resource(version, std::move(tree), expander(addresses)), revision,
                  complete);
}

bool is_picture(const json::Value& annotation) {
  const json::Object* body = annotation.is_object() ? doc::object_in(annotation.get_object(), "body") : nullptr;
  return body != nullptr && doc::type_of(*body) != "TextualBody";
}

// 2.1: text that paints is not in `images` but in the list of the other annotations. Presentation 2.1.1, 6.2 Embedded Content.
void move_texts(json::Object& canvas) {
  json::Value* pages = canvas.if_contains("items");
  const std::string list(json::text_of(canvas, "@list"));
  if (list.empty() || pages == nullptr || !pages->is_array() || pages->get_array().empty()) return;
  json::Object& page = pages->get_array().front().get_object();
  json::Array pictures;
  json::Array others;
  for (const json::Value& painting : doc::array_in(page, "items")) {
    (is_picture(painting) ? pictures : others).push_back(painting);
  }
  page["items"] = std::move(pictures);
  for (const json::Value& notes : doc::array_in(canvas, "annotations")) {
    for (const json::Value& note : doc::array_in(notes.get_object(), "items")) others.push_back(note);
  }
  canvas["annotations"] =
      json::Array{json::Object{{"id", list}, {"type", "AnnotationPage"}, {"items", std::move(others)}}};
}

}  // namespace

// A resource as a document of its own, and the state of the Manifest that holds it.
struct Documents::Found {
  json::Object tree;
  catalogue::Revision revision = 0;
  bool complete = true;
};

base::Result<Document> Documents::manifest(Version version, std::string_view identifier, const Address& address,
                                           const base::Principal& who) const {
  const Addresses addresses = addresses_of(address, version);
  const std::string id =
      address.spelling.empty() ? addresses.manifest(identifier) : addresses.manifest_as_spelled(address.spelling);
  const std::string key = key_of(version, id, who);
  if (const auto kept = kept_->find(key)) {
    auto standing = catalogue_.standing({store::Kind::manifest, std::string(identifier)}, who);
    if (!standing) return base::fail(std::move(standing.error()));
    if (kept->revision == standing->revision && kept->complete == standing->complete) {
      Document out = document(version, id, {}, kept->revision, kept->complete);
      out.kept = kept->text;
      return out;
    }
  }
  auto read = catalogue_.manifest(identifier, who);
  if (!read) return base::fail(std::move(read.error()));
  if (read->canvases.empty()) {
    // A Manifest must have a Canvas (Presentation 3.0, 5.2).
    if (!read->complete)
      return base::fail(base::ErrorCode::not_ready,
                        "The pictures of this item are still being read. Please ask again in a moment.");
    return base::fail(no_such("item"));
  }
  const auto manifest = std::make_shared<const catalogue::Manifest>(std::move(*read));
  doc::Manifest values = build_manifest(manifest, version);
  values.skeleton["id"] = id;
  Document out = document(version, id, {}, manifest->revision, manifest->complete);
  if (values.canvas_count >= kProduceFrom) {
    out.producer = kept_->keep(key, manifest->revision, manifest->complete,
                               doc::produce_manifest(version, std::move(values), expander(addresses)));
  } else {
    out.text = doc::write_manifest(version, std::move(values), expander(addresses));
  }
  return out;
}

base::Result<catalogue::Collection> Documents::read_collection(std::string_view identifier, std::size_t part,
                                                               const base::Principal& who) const {
  std::string cursor;
  if (part > 1) {
    auto start = cursor_of_part(identifier, part, who);
    if (!start) return base::fail(std::move(start.error()));
    cursor = std::move(*start);
  }
  auto read = catalogue_.collection(identifier, cursor, part > 0 ? kCollectionPart : kGlance, who);
  if (!read) return read;
  // A document that was put in lists items of others between ours: what a part shows is known once all are.
  const bool needs_all = !read->tree.empty() || (part == 0 && read->total <= kCollectionPart);
  if (!needs_all || read->members.size() >= read->total) return read;
  return catalogue_.collection(identifier, {}, static_cast<std::size_t>(read->total), who);
}

base::Result<Document> Documents::collection(Version version, std::string_view identifier, std::size_t part,
                                             const Address& address, const base::Principal& who) const {
  auto read = read_collection(identifier, part, who);
  if (!read) return base::fail(std::move(read.error()));
  json::Object values = build_collection(*read);
  json::Array& items = values["items"].get_array();
  const bool put_in = !read->tree.empty();
  const auto parts = put_in ? parts_of(items) : parts_of(read->total, items.size() - read->members.size());
  if (part > 0 && (parts.size() == 1 || part > parts.size())) return base::fail(no_such("part of the collection"));
  if (part > 0) {
    const PartSpan& span = parts[part - 1];
    json::Array shown = std::move(items);
    if (put_in) {
      shown.erase(shown.begin() + static_cast<std::ptrdiff_t>(span.last), shown.end());
      shown.erase(shown.begin(), shown.begin() + static_cast<std::ptrdiff_t>(span.first - 1));
    } else if (part < parts.size()) {
      shown.resize(read->members.size());  // what comes after all members is the last part's
    }
    values = part_of_collection(version, values, identifier, parts, part, std::move(shown));
  } else if (parts.size() > 1) {
    values = split_collection(version, std::move(values), identifier, parts);
  }
  const Addresses addresses = addresses_of(address, version);
  if (!address.spelling.empty()) values["id"] = addresses.collection_as_spelled(address.spelling, part);
  return written(version, std::move(values), addresses, read->revision, read->complete);
}

// Cursors are keys, so the start of a part is found by walking there, once for each revision.
base::Result<std::string> Documents::cursor_of_part(std::string_view identifier, std::size_t part,
                                                    const base::Principal& who) const {
  const std::string key = who.tier + '/' + std::string(identifier);
  const catalogue::Revision revision = catalogue_.revision();
  std::vector<std::string> starts;
  {
    const std::lock_guard lock(mutex_);
    const auto known = cursors_.find(key);
    if (known != cursors_.end() && known->second.revision == revision) starts = known->second.starts;
  }
  if (starts.empty()) starts.emplace_back();
  while (starts.size() < part) {
    auto read = catalogue_.collection(identifier, starts.back(), kCollectionPart, who);
    if (!read) return base::fail(std::move(read.error()));
    if (!read->tree.empty()) return std::string();  // is read from its start
    if (read->next_cursor.empty()) return base::fail(no_such("part of the collection"));
    starts.push_back(read->next_cursor);
  }
  std::string cursor = starts[part - 1];
  const std::lock_guard lock(mutex_);
  if (cursors_.size() >= kMaxCursors) cursors_.clear();
  Cursors& kept = cursors_[key];
  if (kept.revision != revision || kept.starts.size() < starts.size()) kept = {revision, std::move(starts)};
  return cursor;
}

// Inside of a document that was put in: in one of its Containers, or before them.
base::Result<Documents::Found> Documents::find_put_in(std::string_view item, std::string_view id, std::string_view type,
                                                      const base::Principal& who) const {
  auto manifest = catalogue_.manifest(item, who);
  if (!manifest) return base::fail(std::move(manifest.error()));
  Found found;
  found.revision = manifest->revision;
  found.complete = manifest->complete;
  const auto look = [&](const json::Object& tree) {
    const json::Value whole(tree);
    const json::Object* part = find_in(whole, id, type);
    if (part != nullptr) found.tree = *part;
    return part != nullptr;
  };
  for (const catalogue::Canvas& canvas : manifest->canvases) {
    if (!look(canvas.tree)) continue;
    look(build_canvas(canvas));
    if (doc::is_container(type)) found.tree["partOf"] = part_of(*manifest);
    return found;
  }
  if (look(manifest->tree)) {
    look(build_skeleton(*manifest));
    return found;
  }
  for (const json::Value& patch : manifest->over) {
    if (patch.is_object() && look(patch.get_object())) return found;
  }
  return base::fail(no_such("resource"));
}

base::Result<Documents::Found> Documents::find_canvas(std::string_view identifier, const base::Principal& who) const {
  const std::string_view role = role_of(identifier);
  identifier.remove_suffix(role.size());
  const bool of_canvas = role == kPlaceholder || role == kAccompanying;
  const auto asset = catalogue_.asset(identifier, who);
  if (!asset && asset.error().code != base::ErrorCode::not_found) return base::fail(asset.error());
  const std::vector<std::string> holders =
      asset ? std::vector<std::string>{asset->manifest} : likely_manifests(identifier);
  base::Error missing = no_such("canvas");
  for (const std::string& holder : holders) {
    const auto manifest = catalogue_.canvas(holder, identifier, who);
    if (!manifest) {
      if (manifest.error().code != base::ErrorCode::not_found) missing = manifest.error();
      continue;
    }
    const auto canvas = std::find_if(manifest->canvases.begin(), manifest->canvases.end(),
                                     [&](const catalogue::Canvas& c) { return c.identifier == identifier; });
    if (canvas == manifest->canvases.end()) continue;
    Found found;
    found.tree = build_canvas(*canvas, of_canvas ? role : std::string_view());
    found.tree["partOf"] = part_of(*manifest);
    found.revision = manifest->revision;
    found.complete = manifest->complete;
    return found;
  }
  return base::fail(std::move(missing));
}

base::Result<Document> Documents::put_in(Version version, std::string_view item, const std::string& id,
                                         std::string_view type, const Address& address,
                                         const base::Principal& who) const {
  if (auto may = catalogue_.allowed(catalogue::identifier_in(id)); !may) return base::fail(std::move(may.error()));
  auto found = find_put_in(item, id, type, who);
  if (!found) return base::fail(std::move(found.error()));
  return written(version, std::move(found->tree), addresses_of(address, version), found->revision, found->complete);
}

base::Result<Document> Documents::canvas(Version version, std::string_view identifier, const Address& address,
                                         const base::Principal& who) const {
  if (const std::string_view item = doc::item_of_part(identifier); !item.empty())
    return put_in(version, item, Addresses::local().canvas(identifier), "Canvas", address, who);
  auto found = find_canvas(identifier, who);
  if (!found) return base::fail(std::move(found.error()));
  if (json::text_of(found->tree, "id") != Addresses::local().canvas(identifier)) return base::fail(no_such("canvas"));
  return written(version, std::move(found->tree), addresses_of(address, version), found->revision, found->complete);
}

base::Result<Document> Documents::part(Version version, std::string_view identifier, std::string_view type,
                                       const Address& address, const base::Principal& who) const {
  const bool page = type == "AnnotationPage";
  const std::string id = page ? Addresses::local().page(identifier) : Addresses::local().annotation(identifier);
  if (const std::string_view item = doc::item_of_part(identifier); !item.empty())
    return put_in(version, item, id, type, address, who);
  auto found = find_canvas(identifier, who);
  if (!found) return base::fail(std::move(found.error()));
  if (version == Version::v2) move_texts(found->tree);
  const json::Value canvas(std::move(found->tree));
  const json::Object* resource = find_in(canvas, id, type);
  if (resource == nullptr) return base::fail(no_such(page ? "annotation page" : "annotation"));
  return written(version, *resource, addresses_of(address, version), found->revision, found->complete);
}

base::Result<Document> Documents::annotation_page(Version version, std::string_view identifier, const Address& address,
                                                  const base::Principal& who) const {
  return part(version, identifier, "AnnotationPage", address, who);
}

base::Result<Document> Documents::annotation(Version version, std::string_view identifier, const Address& address,
                                             const base::Principal& who) const {
  return part(version, identifier, "Annotation", address, who);
}

base::Result<Document> Documents::range(Version version, std::string_view identifier, const Address& address,
                                        const base::Principal& who) const {
  if (const std::string_view item = doc::item_of_part(identifier); !item.empty())
    return put_in(version, item, Addresses::local().range(identifier), "Range", address, who);
  const std::string_view holder = manifest_of_range(identifier);
  if (holder.empty()) return base::fail(no_such("range"));
  auto manifest = catalogue_.manifest(holder, who);
  if (!manifest) return base::fail(std::move(manifest.error()));
  const json::Value tree(structures_of(*manifest));
  const json::Object* found = find_in(tree, Addresses::local().range(identifier), "Range");
  if (found == nullptr) return base::fail(no_such("range"));
  json::Object range = *found;
  range["partOf"] = part_of(*manifest);
  return written(version, std::move(range), addresses_of(address, version), manifest->revision, manifest->complete);
}

}  // namespace armarium::presentation
