#include "catalogue/adopt.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/uri.h"
#include "iiif/description_values.h"
#include "iiif/presentation/local_ids.h"
#include "iiif/presentation/tree.h"

namespace armarium::catalogue {
namespace {

namespace doc = iiif::presentation;
using base::ErrorCode;

constexpr std::size_t kHashDigits = 16;

// The path below which a resource of this type lies; empty for one that has no address of its own here.
std::string_view path_of(std::string_view type) noexcept {
  if (doc::is_container(type)) return doc::kCanvasPath;
  if (type == "Range") return doc::kRangePath;
  if (type == "AnnotationPage") return doc::kPagePath;
  if (type == "Annotation") return doc::kAnnotationPath;
  return {};
}

// "book~p1=a3" → "book~p1": the Canvas that a page or an annotation of ours belongs to.
std::string_view without_role(std::string_view identifier) noexcept {
  for (const std::string_view role : {"=annotations", "=placeholder", "=accompanying"}) {
    if (identifier.ends_with(role)) return identifier.substr(0, identifier.size() - role.size());
  }
  const std::size_t mark = identifier.rfind("=a");
  const bool number = mark != std::string_view::npos && mark + 2 < identifier.size() &&
                      identifier.find_first_not_of("0123456789", mark + 2) == std::string_view::npos;
  return number ? identifier.substr(0, mark) : identifier;
}

class Adopter {
 public:
  explicit Adopter(const AdoptAs& as) : as_(as) {}

  base::Result<Adopted> run(json::Object tree) && {
    const bool manifest = as_.item.kind == store::Kind::manifest;
    const std::string_view type = doc::type_of(tree);
    if (type != (manifest ? "Manifest" : "Collection")) {
      return base::fail(ErrorCode::invalid_argument, fmt::format("This address takes a {}, and the document is a {}.",
                                                                 manifest ? "Manifest" : "Collection", type));
    }
    json::Value whole(std::move(tree));
    const std::string name = fmt::format("/iiif/{}{}", as_.item.identifier.empty() ? "" : encoded() + "/",
                                         manifest ? "manifest" : "collection");
    json::Object& top = whole.get_object();
    // What is no address stands for nothing elsewhere, and is replaced anyhow.
    if (const std::string was(json::text_of(top, "id")); iiif::is_web_uri(was)) learn(was, name, as_.item.identifier);
    reserve(whole, 0);
    top["id"] = name;
    named_.insert(name);
    if (!manifest) learn_members(doc::array_in(top, "items"));
    name_parts(top);
    tree = std::move(whole.get_object());
    translate(tree);
    if (problem_) return base::fail(std::move(*problem_));
    if (auto checked = check(tree, manifest); !checked) return base::fail(std::move(checked.error()));
    out_.tree = std::move(tree);
    return std::move(out_);
  }

  base::Result<Adopted> run_patch(json::Object patch) && {
    json::Value whole(std::move(patch));
    reserve(whole, 0);
    name_parts(whole.get_object());
    out_.tree = std::move(whole.get_object());
    translate(out_.tree);
    if (problem_) return base::fail(std::move(*problem_));
    return std::move(out_);
  }

 private:
  std::string encoded() const { return base::encode_segment(as_.item.identifier); }

  void name_parts(json::Object& top) {
    for (auto& member : top) {
      if (member.key() != "id") place(member.value(), member.key(), std::string(member.key()), 0);
    }
  }

  void complain(std::string sentence) {
    if (!problem_) problem_ = base::Error{ErrorCode::invalid_argument, std::move(sentence), {}};
  }

  // An id that is the server's own, as a local one; empty for any other.
  std::string local_of(std::string_view id) const {
    if (as_.base_url.empty() || !id.starts_with(as_.base_url)) return {};
    const std::string_view rest = id.substr(as_.base_url.size());
    if (!rest.starts_with('/')) return {};
    for (const std::string_view versioned :
         {"/iiif/presentation/2/", "/iiif/presentation/3/", "/iiif/presentation/4/"}) {
      if (rest.starts_with(versioned)) return "/iiif/" + std::string(rest.substr(versioned.size()));
    }
    return std::string(rest);
  }

  void learn(const std::string& was, const std::string& local, const std::string& identifier) {
    if (!names_.emplace(was, local).second) return;
    if (local_of(was).empty()) out_.ids.emplace_back(was, identifier);
  }

  // The ids of this server that the document brings: no part without one gets them.
  void reserve(const json::Value& value, int depth) {
    if (depth > doc::kDeepestTree) return;
    if (const json::Array* array = value.if_array()) {
      for (const json::Value& item : *array) reserve(item, depth + 1);
    } else if (const json::Object* object = value.if_object()) {
      if (std::string local = local_of(json::text_of(*object, "id")); !local.empty())
        reserved_.insert(std::move(local));
      for (const auto& member : *object) {
        if (!doc::is_opaque(member.key())) reserve(member.value(), depth + 1);
      }
    }
  }

  // Members that are here under another name.
  void learn_members(const json::Array& items) {
    for (const json::Value& item : items) {
      const std::string id(item.is_object() ? json::text_of(item.get_object(), "id") : std::string_view());
      if (id.empty() || !as_.known_item || !local_of(id).empty() || names_.contains(id)) continue;
      if (const std::string local = as_.known_item(id); !local.empty()) names_.emplace(id, local);
    }
  }

  // Names what the document holds, from the top down. `under`: the member that it stands in.
  void place(json::Value& value, std::string_view under, const std::string& where, int depth) {
    if (depth > doc::kDeepestTree || problem_) return;
    if (json::Array* array = value.if_array()) {
      std::size_t number = 0;
      for (json::Value& item : *array) place(item, under, fmt::format("{}/{}", where, number++), depth + 1);
      return;
    }
    json::Object* object = value.if_object();
    if (object == nullptr || doc::is_opaque(under)) return;
    const std::string_view type = doc::type_of(*object);
    const bool holds = under == "items" || under == "annotations" || under == "structures" ||
                       under == "placeholderContainer" || under == "accompanyingContainer";
    // A reference to something elsewhere has no inside; what a Manifest lists is its own, even when it is empty.
    const bool listed =
        doc::is_container(type) && where.starts_with("items/") && where.find('/', 6) == std::string::npos;
    const bool embedded = object->contains("items") || type == "Annotation" || listed;
    if (holds && embedded && !path_of(type).empty()) name(*object, type, where, listed ? given_name(where) : "");
    for (auto& member : *object) {
      if (member.key() != "id" && member.key() != "target" && member.key() != "partOf")
        place(member.value(), member.key(), where + '/' + std::string(member.key()), depth + 1);
    }
  }

  // Of "items/3".
  std::string given_name(std::string_view where) const {
    std::size_t place = 0;
    const std::string_view number = where.substr(where.find('/') + 1);
    const auto [end, failed] = std::from_chars(number.data(), number.data() + number.size(), place);
    const bool known = failed == std::errc{} && place < as_.canvas_names.size();
    return known ? as_.canvas_names[place] : std::string();
  }

  // `given`: the identifier that it has in any case, or empty.
  void name(json::Object& object, std::string_view type, const std::string& where, const std::string& given) {
    if (++parts_ > kMostParts) {
      problem_ = base::Error{ErrorCode::too_large, "The document has too many parts.", {}};
      return;
    }
    const std::string was(json::text_of(object, "id"));
    if (!was.empty() && !iiif::is_web_uri(was))
      return complain(fmt::format("{}: {} is no http or https address.", where, was));
    if (doc::is_container(type) && was.find('#') != std::string::npos)
      return complain(fmt::format("{}: the id of a Canvas has no fragment.", where));
    const std::string_view path = path_of(type);
    std::string identifier;
    if (!given.empty() && taken_.insert(doc::local_id(path, given)).second) {
      identifier = given;
    } else if (const std::string local = local_of(was); local.starts_with(path)) {
      const std::string mine = base::percent_decode(std::string_view(local).substr(path.size())).value_or("");
      const bool put_in = doc::item_of_part(mine) == as_.item.identifier;
      const bool kept = put_in || (as_.has_canvas && as_.has_canvas(without_role(mine))) ||
                        mine.starts_with(as_.item.identifier + "=r");
      if (kept && taken_.insert(local).second) identifier = mine;
    }
    if (identifier.empty()) {
      const bool repeated = !was.empty() && names_.contains(was);
      std::string seed = was.empty() || repeated ? fmt::format("{} {}", type, where) : was;
      do {
        identifier = fmt::format("{}{}{}", as_.item.identifier, doc::kPutInMark,
                                 base::hash_hex(fmt::format("{} {}", path, seed)).substr(0, kHashDigits));
        seed += '\'';
      } while (reserved_.contains(doc::local_id(path, identifier)) ||
               !taken_.insert(doc::local_id(path, identifier)).second);
    }
    const std::string local = doc::local_id(path, identifier);
    if (!was.empty()) learn(was, local, identifier);
    object["id"] = local;
    named_.insert(local);
  }

  // Every id that refers to something of the document, or of this server.
  void translate(json::Object& tree) {
    doc::each_id(tree, [&](json::Value& id) {
      const std::string text(id.get_string());
      if (named_.contains(text)) return;
      const std::size_t mark = text.find('#');
      const std::string whole = text.substr(0, mark);
      const std::string fragment = mark == std::string::npos ? std::string() : text.substr(mark);
      if (const auto known = names_.find(text); known != names_.end()) {
        id = known->second;
      } else if (const auto part = names_.find(whole); part != names_.end()) {
        id = part->second + fragment;
      } else if (const std::string local = local_of(text); !local.empty()) {
        id = local;
      } else if (text.starts_with('/')) {
        complain(fmt::format("{} is no address.", text));
      }
    });
  }

  static base::Result<> must(bool met, std::string sentence) {
    if (met) return {};
    return base::fail(ErrorCode::invalid_argument, std::move(sentence));
  }

  // What every client stumbles over: label, items, extents. Presentation 3.0, 5.1 to 5.3; 4.0, Manifest and Containers.
  base::Result<> check(const json::Object& tree, bool manifest) const {
    const json::Object* label = doc::object_in(tree, "label");
    if (auto met = must(label != nullptr && !label->empty(), "The document must have a label."); !met) return met;
    const json::Array& items = doc::array_in(tree, "items");
    if (!manifest) return check_members(items);
    if (auto met = must(!items.empty(), "A Manifest must have at least one Canvas in its items."); !met) return met;
    std::size_t number = 0;
    for (const json::Value& item : items) {
      ++number;
      const json::Object* container = item.if_object();
      const std::string_view type = container == nullptr ? std::string_view() : doc::type_of(*container);
      auto met = must(doc::is_container(type),
                      fmt::format("items/{}: a Manifest holds Canvases, and this is none.", number - 1));
      if (!met) return met;
      const auto positive = [&](std::string_view side) {
        const json::Value* value = container->if_contains(side);
        return value != nullptr && value->is_number() && value->to_number<double>() > 0;
      };
      const bool extent =
          type == "Scene" || (type == "Timeline" ? positive("duration") : positive("width") && positive("height"));
      met = must(extent,
                 fmt::format("items/{}: a Canvas must have a width and a height, or a duration, above 0.", number - 1));
      if (!met) return met;
    }
    return {};
  }

  static base::Result<> check_members(const json::Array& items) {
    std::size_t number = 0;
    for (const json::Value& item : items) {
      const json::Object* member = item.if_object();
      const std::string_view type = member == nullptr ? std::string_view() : doc::type_of(*member);
      auto met = must((type == "Manifest" || type == "Collection") && !json::text_of(*member, "id").empty(),
                      fmt::format("items/{}: a Collection holds Manifests and Collections by their id.", number));
      if (!met) return met;
      ++number;
    }
    return {};
  }

  const AdoptAs& as_;
  Adopted out_;
  std::optional<base::Error> problem_;
  std::unordered_map<std::string, std::string> names_;  // id that came → local id
  std::unordered_set<std::string> named_;               // local ids that were given
  std::unordered_set<std::string> reserved_;            // local ids that the document brings
  std::unordered_set<std::string> taken_;               // by one part of it
  std::size_t parts_ = 0;
};

}  // namespace

base::Result<Adopted> adopt(json::Object tree, const AdoptAs& as) { return Adopter(as).run(std::move(tree)); }

base::Result<Adopted> adopt_patch(json::Object patch, const AdoptAs& as) {
  return Adopter(as).run_patch(std::move(patch));
}

}  // namespace armarium::catalogue
