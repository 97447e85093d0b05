#include "iiif/presentation/read_2.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <unordered_map>

#include "iiif/description_values.h"
#include "iiif/presentation/tree.h"

namespace armarium::iiif::presentation {
namespace {

constexpr std::size_t kMostRanges = 100'000;

std::string_view type_2(const json::Object& object) noexcept {
  const std::string_view type = json::text_of(object, "@type");
  return type.substr(type.find(':') + 1);
}

std::string_view id_2(const json::Value& value) noexcept {
  if (value.is_string()) return value.get_string();
  const json::Object* object = value.if_object();
  return object == nullptr ? std::string_view() : json::text_of(*object, "@id");
}

void put(json::Object& out, std::string_view key, json::Value value) {
  if (!value.is_null() && !(value.is_array() && value.get_array().empty())) out[key] = std::move(value);
}

void add_text(json::Object& map, std::string_view language, const json::Value& text) {
  if (!text.is_string()) return;
  json::Value& values = map[language];
  if (!values.is_array()) values = json::Array();
  values.get_array().push_back(text);
}

// 4.3: a string, an object with its language, or a list of both.
json::Object language_map(const json::Value& value) {
  json::Object map;
  for (const json::Value& one : as_array(value)) {
    const json::Object* object = one.if_object();
    if (object == nullptr) {
      add_text(map, "none", one.is_string() ? one : json::Value(json::to_text(one)));
    } else if (object->contains("@value")) {
      const std::string_view language = json::text_of(*object, "@language");
      add_text(map, language.empty() ? "none" : language, object->at("@value"));
    }
  }
  return map;
}

json::Value metadata(const json::Value& value) {
  json::Array pairs;
  for (const json::Value& one : as_array(value)) {
    const json::Object* pair = one.if_object();
    if (pair == nullptr || !pair->contains("label") || !pair->contains("value")) continue;
    pairs.emplace_back(
        json::Object{{"label", language_map(pair->at("label"))}, {"value", language_map(pair->at("value"))}});
  }
  return pairs;
}

// A linked thing. A label where 3.0 wants one.
json::Object link(const json::Value& value, std::string_view type, const json::Value* label) {
  json::Object out{{"id", id_2(value)}, {"type", type}};
  const json::Object* object = value.if_object();
  if (object != nullptr && object->contains("label")) {
    out["label"] = language_map(object->at("label"));
  } else if (label != nullptr) {
    out["label"] = *label;
  }
  if (object == nullptr) return out;
  for (const char* key : {"format", "profile"}) {
    if (object->contains(key)) out[key] = object->at(key);
  }
  if (object->contains("language")) out["language"] = as_array(object->at("language"));
  return out;
}

json::Array links(const json::Value& value, std::string_view type, const json::Value* label) {
  json::Array out;
  for (const json::Value& one : as_array(value)) {
    if (!id_2(one).empty()) out.emplace_back(link(one, type, label));
  }
  return out;
}

// Which service it is, by its context or profile.
std::string service_type(const json::Object& service) {
  if (const std::string_view type = type_2(service); !type.empty()) return std::string(type);
  const std::string context(json::text_of(service, "@context"));
  std::string profile(json::text_of(service, "profile"));
  if (const json::Array& several = array_in(service, "profile"); !several.empty() && several.front().is_string())
    profile = several.front().get_string();
  const std::string both = context + ' ' + profile;
  const auto says = [&](std::string_view text) { return both.find(text) != std::string::npos; };
  if (says("image/2") || says("image-api/2")) return "ImageService2";
  if (says("image-api") || says("image/1")) return "ImageService1";
  if (says("search/1/autocomplete") || says("search/1#autocomplete")) return "AutoCompleteService1";
  if (says("search/1")) return "SearchService1";
  if (says("search/0")) return "SearchService0";
  if (says("auth/1/login")) return "AuthCookieService1";
  if (says("auth/1/token")) return "AuthTokenService1";
  if (says("auth/1/logout")) return "AuthLogoutService1";
  return "Service";
}

// 3.0, 3.3 service: of an older version, with @id and @type.
json::Array services(const json::Value& value) {
  json::Array out;
  for (const json::Value& one : as_array(value)) {
    const json::Object* in = one.if_object();
    if (in == nullptr) continue;
    json::Object service{{"@id", id_2(one)}, {"@type", service_type(*in)}};
    for (const auto& member : *in) {
      const std::string_view key = member.key();
      if (key == "service") {
        service.emplace(key, services(member.value()));
      } else if (!key.starts_with('@')) {
        service.emplace(key, member.value());
      }
    }
    out.emplace_back(std::move(service));
  }
  return out;
}

json::Array images(const json::Value& value) {
  json::Array out;
  for (const json::Value& one : as_array(value)) {
    if (id_2(one).empty()) continue;
    json::Object image{{"id", id_2(one)}, {"type", "Image"}};
    if (const json::Object* in = one.if_object()) {
      for (const char* key : {"format", "height", "width"}) {
        if (in->contains(key)) image[key] = in->at(key);
      }
      if (in->contains("service")) image["service"] = services(in->at("service"));
    }
    out.emplace_back(std::move(image));
  }
  return out;
}

json::Array references(const json::Value& value, std::string_view type) {
  json::Array out;
  for (const json::Value& one : as_array(value)) {
    if (id_2(one).empty()) continue;
    const json::Object* in = one.if_object();
    const std::string_view said = in == nullptr ? std::string_view() : type_2(*in);
    json::Object reference{{"id", id_2(one)}, {"type", said.empty() ? type : said}};
    if (in != nullptr && in->contains("label")) reference["label"] = language_map(in->at("label"));
    out.emplace_back(std::move(reference));
  }
  return out;
}

void put_rights(json::Object& out, const json::Value& value) {
  for (const json::Value& one : as_array(value)) {
    const std::string_view text = id_2(one);
    const auto uri = rights_uri(text);
    if (uri && !out.contains("rights")) {
      out["rights"] = *uri;
      continue;
    }
    if (text.empty()) continue;
    json::Value& entries = out["metadata"];
    if (!entries.is_array()) entries = json::Array();
    entries.get_array().emplace_back(json::Object{{"label", json::Object{{"en", json::Array{"License"}}}},
                                                  {"value", json::Object{{"none", json::Array{text}}}}});
  }
}

void put_logo(json::Object& out, const json::Value& value) {
  json::Array logo = images(value);
  if (logo.empty()) return;
  json::Object agent{{"id", logo.front().get_object().at("id")}, {"type", "Agent"}};
  const json::Object* statement = object_in(out, "requiredStatement");
  agent["label"] =
      statement != nullptr ? statement->at("value") : json::Value(json::Object{{"en", json::Array{"Provider"}}});
  agent["logo"] = std::move(logo);
  out["provider"] = json::Array{std::move(agent)};
}

class Upgraded {
 public:
  json::Object resource(const json::Object& in, int depth);

 private:
  void describe(const json::Object& in, json::Object& out);
  json::Object manifest(const json::Object& in, int depth);
  json::Object canvas(const json::Object& in, int depth);
  json::Object collection(const json::Object& in);
  json::Object page(const json::Object& in, int depth);
  json::Object annotation(const json::Object& in, int depth);
  json::Value body(const json::Value& in, int depth);
  static json::Value target(const json::Value& in);
  json::Array structures(const json::Array& ranges);
  json::Object range(const json::Object& in, int depth);

  std::unordered_map<std::string, const json::Object*> ranges_;
  std::unordered_map<std::string, std::vector<std::string>> within_;  // the Ranges that name this one, in their order
  std::set<std::string> placed_;
};

// What stands on every kind of resource, in the order in which it stands.
void Upgraded::describe(const json::Object& in, json::Object& out) {
  out["id"] = json::text_of(in, "@id");
  for (const auto& member : in) {
    const std::string_view key = member.key();
    const json::Value& value = member.value();
    if (key == "label") {
      out["label"] = language_map(value);
    } else if (key == "description") {
      put(out, "summary", language_map(value));
    } else if (key == "metadata") {
      put(out, "metadata", metadata(value));
    } else if (key == "attribution") {
      out["requiredStatement"] =
          json::Object{{"label", json::Object{{"en", json::Array{"Attribution"}}}}, {"value", language_map(value)}};
    } else if (key == "viewingHint") {
      if (value.is_string() && value.get_string() != "top") out["behavior"] = as_array(value);
    } else if (key == "thumbnail") {
      put(out, "thumbnail", images(value));
    } else if (key == "service") {
      put(out, "service", services(value));
    } else if (key == "height" || key == "width" || key == "viewingDirection" || key == "navDate" || key == "format" ||
               key == "total") {
      out[key] = value;
    } else if (key == "within") {
      put(out, "partOf", references(value, type_2(in) == "Canvas" ? "Manifest" : "Collection"));
    }
  }
  const json::Value* label = out.if_contains("label");
  const json::Value named(label == nullptr ? json::Value(json::Object{{"en", json::Array{"Link"}}}) : *label);
  if (in.contains("related")) put(out, "homepage", links(in.at("related"), "Text", &named));
  if (in.contains("rendering")) put(out, "rendering", links(in.at("rendering"), "Text", &named));
  if (in.contains("seeAlso")) put(out, "seeAlso", links(in.at("seeAlso"), "Dataset", nullptr));
  if (in.contains("license")) put_rights(out, in.at("license"));
  if (in.contains("logo")) put_logo(out, in.at("logo"));
}

json::Object Upgraded::resource(const json::Object& in, int depth) {
  const std::string_view type = type_2(in);
  if (type == "Manifest") return manifest(in, depth);
  if (type == "Collection") return collection(in);
  if (type == "Canvas") return canvas(in, depth);
  if (type == "AnnotationList") return page(in, depth);
  if (type == "Annotation") return annotation(in, depth);
  json::Object out{{"id", ""}, {"type", type == "Layer" ? "AnnotationCollection" : type}};
  describe(in, out);
  return out;
}

json::Object Upgraded::manifest(const json::Object& in, int depth) {
  json::Object out{{"id", ""}, {"type", "Manifest"}};
  describe(in, out);
  json::Array items;
  json::Array orders;
  for (const json::Value& one : array_in(in, "sequences")) {
    const json::Object* sequence = one.if_object();
    if (sequence == nullptr) continue;
    if (!items.empty()) {
      // 3.0: another order is a Range.
      json::Object order{{"id", id_2(one)}, {"type", "Range"}, {"behavior", json::Array{"sequence"}}};
      if (sequence->contains("label")) order["label"] = language_map(sequence->at("label"));
      json::Array canvases;
      for (const json::Value& each : array_in(*sequence, "canvases"))
        canvases.emplace_back(json::Object{{"id", id_2(each)}, {"type", "Canvas"}});
      if (canvases.empty()) continue;
      order["items"] = std::move(canvases);
      orders.emplace_back(std::move(order));
      continue;
    }
    for (const char* key : {"viewingDirection"}) {
      if (sequence->contains(key) && !out.contains(key)) out[key] = sequence->at(key);
    }
    if (sequence->contains("viewingHint") && !out.contains("behavior"))
      out["behavior"] = as_array(sequence->at("viewingHint"));
    if (const std::string_view start = json::text_of(*sequence, "startCanvas"); !start.empty())
      out["start"] = json::Object{{"id", start}, {"type", "Canvas"}};
    if (sequence->contains("rendering") && !out.contains("rendering"))
      put(out, "rendering", links(sequence->at("rendering"), "Text", out.if_contains("label")));
    for (const json::Value& each : array_in(*sequence, "canvases")) {
      if (each.is_object()) items.emplace_back(canvas(each.get_object(), depth + 1));
    }
  }
  out["items"] = std::move(items);
  json::Array tree = structures(array_in(in, "structures"));
  for (json::Value& order : orders) tree.push_back(std::move(order));
  put(out, "structures", std::move(tree));
  return out;
}

json::Object Upgraded::canvas(const json::Object& in, int depth) {
  json::Object out{{"id", ""}, {"type", "Canvas"}};
  describe(in, out);
  json::Array painting;
  for (const json::Value& one : array_in(in, "images")) {
    if (one.is_object()) painting.emplace_back(annotation(one.get_object(), depth + 1));
  }
  json::Array pages;
  if (!painting.empty()) pages.emplace_back(json::Object{{"type", "AnnotationPage"}, {"items", std::move(painting)}});
  out["items"] = std::move(pages);
  json::Array others;
  for (const json::Value& list : as_array(in.contains("otherContent") ? in.at("otherContent") : json::Value())) {
    if (list.is_object()) {
      others.emplace_back(page(list.get_object(), depth + 1));
    } else if (list.is_string()) {
      others.emplace_back(json::Object{{"id", list}, {"type", "AnnotationPage"}});
    }
  }
  put(out, "annotations", std::move(others));
  return out;
}

json::Object Upgraded::collection(const json::Object& in) {
  json::Object out{{"id", ""}, {"type", "Collection"}};
  describe(in, out);
  json::Array items;
  for (const auto& [key, type] :
       {std::pair{"members", "Manifest"}, {"collections", "Collection"}, {"manifests", "Manifest"}}) {
    if (!in.contains(key)) continue;
    for (const json::Value& one : as_array(in.at(key))) {
      if (id_2(one).empty()) continue;
      json::Object member{{"id", ""}, {"type", type}};
      if (const json::Object* object = one.if_object()) {
        describe(*object, member);
        if (const std::string_view said = type_2(*object); !said.empty()) member["type"] = said;
      }
      member["id"] = id_2(one);
      if (!member.contains("label")) member["label"] = json::Object{{"none", json::Array{id_2(one)}}};
      items.emplace_back(std::move(member));
    }
  }
  out["items"] = std::move(items);
  return out;
}

json::Object Upgraded::page(const json::Object& in, int depth) {
  json::Object out{{"id", json::text_of(in, "@id")}, {"type", "AnnotationPage"}};
  if (in.contains("label")) out["label"] = language_map(in.at("label"));
  if (!in.contains("resources") || depth > kDeepestTree) return out;
  json::Array items;
  for (const json::Value& one : as_array(in.at("resources"))) {
    if (one.is_object()) items.emplace_back(annotation(one.get_object(), depth + 1));
  }
  out["items"] = std::move(items);
  return out;
}

// Open Annotation to Web Annotation: "sc:painting", "oa:commenting".
json::Object Upgraded::annotation(const json::Object& in, int depth) {
  json::Object out;
  if (in.contains("@id")) out["id"] = in.at("@id");
  out["type"] = "Annotation";
  json::Array motivations;
  for (const json::Value& value :
       as_array(in.contains("motivation") ? in.at("motivation") : json::Value("sc:painting"))) {
    if (!value.is_string()) continue;
    const std::string_view motivation(value.get_string());
    motivations.emplace_back(motivation.starts_with("http") ? motivation : motivation.substr(motivation.find(':') + 1));
  }
  out["motivation"] = std::move(motivations);
  if (in.contains("label")) out["label"] = language_map(in.at("label"));
  if (in.contains("resource")) out["body"] = body(in.at("resource"), depth + 1);
  if (in.contains("on")) out["target"] = target(in.at("on"));
  return out;
}

std::string_view body_type(std::string_view type) noexcept {
  if (type == "MovingImage") return "Video";
  if (type == "ContentAsText" || type == "Tag") return "TextualBody";
  return type.empty() ? "Image" : type;
}

json::Object selector(const json::Object& in) {
  json::Object out{{"type", type_2(in)}};
  for (const auto& member : in) {
    const std::string_view key = member.key();
    if (key.starts_with('@')) continue;
    out.emplace(key == "chars" ? "value" : key, member.value());
  }
  return out;
}

json::Value Upgraded::body(const json::Value& value, int depth) {
  if (depth > kDeepestTree) return nullptr;
  if (const json::Array* several = value.if_array()) {
    json::Array out;
    for (const json::Value& one : *several) out.push_back(body(one, depth + 1));
    return out;
  }
  const json::Object* in = value.if_object();
  if (in == nullptr) return value;
  const std::string_view type = type_2(*in);
  if (type == "Choice") {
    json::Array options;
    for (const char* key : {"default", "item"}) {
      if (!in->contains(key)) continue;
      for (const json::Value& option : as_array(in->at(key))) {
        if (option.is_object() || option.is_string()) options.push_back(body(option, depth + 1));
      }
    }
    return json::Object{{"type", "Choice"}, {"items", std::move(options)}};
  }
  if (type == "SpecificResource") {
    json::Object out{{"type", "SpecificResource"}};
    if (in->contains("@id")) out = {{"id", in->at("@id")}, {"type", "SpecificResource"}};
    if (in->contains("full")) out["source"] = body(in->at("full"), depth + 1);
    if (const json::Object* part = object_in(*in, "selector")) out["selector"] = selector(*part);
    return out;
  }
  json::Object out;
  if (in->contains("@id")) out["id"] = in->at("@id");
  out["type"] = body_type(type);
  if (in->contains("label")) out["label"] = language_map(in->at("label"));
  if (in->contains("chars")) out["value"] = in->at("chars");
  for (const char* key : {"format", "language", "height", "width"}) {
    if (in->contains(key)) out[key] = in->at(key);
  }
  if (in->contains("service")) put(out, "service", services(in->at("service")));
  return out;
}

// An address, with a fragment or not; a SpecificResource with a selector; of several selectors the default and, where there is one, the outline.
json::Value Upgraded::target(const json::Value& value) {
  if (const json::Array* several = value.if_array()) {
    json::Array out;
    for (const json::Value& one : *several) {
      if (!one.is_array()) out.push_back(target(one));
    }
    return out;
  }
  const json::Object* in = value.if_object();
  if (in == nullptr) return value;
  if (!in->contains("full")) return json::Value(id_2(value));
  json::Object out{{"type", "SpecificResource"}};
  out["source"] = json::Object{{"id", id_2(in->at("full"))}, {"type", "Canvas"}};
  const json::Object* part = object_in(*in, "selector");
  if (part == nullptr) return out;
  if (type_2(*part) != "Choice") {
    out["selector"] = selector(*part);
    return out;
  }
  json::Array choices;
  for (const char* key : {"default", "item"}) {
    if (const json::Object* one = object_in(*part, key)) choices.emplace_back(selector(*one));
  }
  out["selector"] = std::move(choices);
  return out;
}

// 5.6: a flat list; what no Range holds, or what says so, stands on top.
json::Array Upgraded::structures(const json::Array& ranges) {
  std::set<std::string> held;
  for (const json::Value& one : ranges) {
    const json::Object* in = one.if_object();
    if (in == nullptr || ranges_.size() >= kMostRanges) continue;
    ranges_.emplace(std::string(id_2(one)), in);
    for (const char* key : {"ranges", "members"}) {
      for (const json::Value& child : array_in(*in, key)) held.emplace(id_2(child));
    }
  }
  for (const json::Value& one : ranges) {  // the other way round: a Range that names what it is within
    const json::Object* in = one.if_object();
    if (in == nullptr || !in->contains("within")) continue;
    const std::string parent(id_2(in->at("within")));
    if (!ranges_.contains(parent)) continue;
    held.emplace(id_2(one));
    within_[parent].emplace_back(id_2(one));
  }
  json::Array out;
  for (const json::Value& one : ranges) {
    const json::Object* in = one.if_object();
    if (in == nullptr) continue;
    const bool top = json::text_of(*in, "viewingHint") == "top";
    if (!top && held.contains(std::string(id_2(one)))) continue;
    if (placed_.contains(std::string(id_2(one))) || placed_.size() >= kMostRanges) continue;
    out.emplace_back(range(*in, 0));
  }
  return out;
}

json::Object Upgraded::range(const json::Object& in, int depth) {
  json::Object out{{"id", ""}, {"type", "Range"}};
  describe(in, out);
  out.erase("partOf");
  placed_.emplace(json::text_of(in, "@id"));
  json::Array items;
  const auto add = [&](const json::Value& child, bool is_range) {
    const std::string id(id_2(child));
    if (!is_range) {
      const std::size_t mark = id.find('#');
      if (mark == std::string::npos) {
        items.emplace_back(json::Object{{"id", id}, {"type", "Canvas"}});
      } else {
        items.emplace_back(
            json::Object{{"type", "SpecificResource"},
                         {"source", json::Object{{"id", id.substr(0, mark)}, {"type", "Canvas"}}},
                         {"selector", json::Object{{"type", "FragmentSelector"}, {"value", id.substr(mark + 1)}}}});
      }
      return;
    }
    const auto known = ranges_.find(id);
    if (known == ranges_.end() || placed_.contains(id) || depth > kDeepestTree / 2) return;
    items.emplace_back(range(*known->second, depth + 1));
  };
  for (const json::Value& child : array_in(in, "members"))
    add(child, child.is_object() && type_2(child.get_object()) == "Range");
  for (const json::Value& child : array_in(in, "canvases")) add(child, false);
  for (const json::Value& child : array_in(in, "ranges")) add(child, true);
  if (const auto children = within_.find(std::string(json::text_of(in, "@id"))); children != within_.end()) {
    for (const std::string& id : children->second) add(json::Value(id), true);
  }
  out["items"] = std::move(items);
  return out;
}

}  // namespace

json::Object read_2(const json::Object& document) { return Upgraded().resource(document, 0); }

}  // namespace armarium::iiif::presentation
