#include "iiif/presentation/write_2.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "iiif/description_values.h"
#include "iiif/presentation/behavior.h"
#include "iiif/presentation/tree.h"
#include "iiif/presentation/values_2.h"

namespace armarium::iiif::presentation {
namespace {

void put(json::Object& out, std::string_view key, json::Value value) {
  if (value.is_null() || (value.is_array() && value.get_array().empty())) return;
  out[key] = std::move(value);
}

std::string_view id_of(const json::Object& object) noexcept { return json::text_of(object, "id"); }

json::Object begin(const json::Object& in, std::string_view type) {
  json::Object out;
  if (in.contains("id")) out["@id"] = in.at("id");
  out["@type"] = type;
  return out;
}

// A label is a must on each Canvas, Range and Reference.
void put_needed_label(json::Object& out, const json::Object& in, std::string_view otherwise) {
  const std::string_view key = in.contains("@label") ? "@label" : "label";
  json::Value text = in.contains(key) ? text_2(in.at(key), Markup::text) : json::Value();
  out["label"] = text.is_null() ? json::Value(otherwise) : std::move(text);
}

json::Value provider_entry(const json::Object& agent) {
  LanguageMap label = LanguageMap::of("en", "Provider");
  label.add("de", "Anbieter");
  return json::Object{{"label", text_2(label, Markup::text)},
                      {"value", agent.contains("label") ? text_2(agent.at("label"), Markup::allowed) : json::Value()}};
}

void put_metadata(json::Object& out, const json::Object& in) {
  json::Array entries;
  for (const json::Value& pair : array_in(in, "metadata")) {
    if (json::Value entry = pair_2(pair); !entry.is_null()) entries.push_back(std::move(entry));
  }
  for (const json::Value& agent : array_in(in, "provider")) {
    if (agent.is_object()) entries.push_back(provider_entry(agent.get_object()));
  }
  put(out, "metadata", std::move(entries));
}

void put_links(json::Object& out, std::string_view key, const json::Array& links) {
  json::Array list;
  for (const json::Value& link : links) {
    if (link.is_object()) list.emplace_back(link_2(link.get_object()));
  }
  put(out, key, std::move(list));
}

// 3.4: a rendering must have label and format; what lacks one is merely related.
void put_related_and_rendering(json::Object& out, const json::Object& in) {
  json::Array related = array_in(in, "homepage");
  json::Array complete;
  for (const json::Value& link : array_in(in, "rendering")) {
    const json::Object* object = link.if_object();
    if (object == nullptr) continue;
    const bool whole = object->contains("label") && object->contains("format");
    (whole ? complete : related).push_back(link);
  }
  for (const json::Value& agent : array_in(in, "provider")) {
    if (!agent.is_object()) continue;
    for (const json::Value& page : array_in(agent.get_object(), "homepage")) related.push_back(page);
  }
  put_links(out, "related", related);
  put_links(out, "rendering", complete);
}

void put_thumbnail(json::Object& out, const json::Object& in) {
  const json::Array& thumbnails = array_in(in, "thumbnail");
  if (!thumbnails.empty() && thumbnails.front().is_object())
    out["thumbnail"] = image_2(thumbnails.front().get_object());
}

void put_within(json::Object& out, const json::Object& in) {
  json::Array ids;
  for (const json::Value& parent : array_in(in, "partOf")) {
    if (parent.is_object()) ids.emplace_back(id_of(parent.get_object()));
  }
  put(out, "within", one_or_list(std::move(ids)));
}

std::vector<std::string> behaviors(const json::Object& in) {
  std::vector<std::string> values;
  for (const json::Value& value : array_in(in, "behavior")) {
    if (value.is_string()) values.emplace_back(value.get_string());
  }
  return values;
}

void put_hint(json::Object& out, Type type, const json::Object& in) {
  const std::string_view hint = viewing_hint(type, behaviors(in));
  if (!hint.empty()) out["viewingHint"] = hint;
}

void put_logos(json::Object& out, const json::Object& in) {
  json::Array logos;
  for (const json::Value& agent : array_in(in, "provider")) {
    if (!agent.is_object()) continue;
    for (const json::Value& logo : array_in(agent.get_object(), "logo")) {
      if (logo.is_object()) logos.emplace_back(id_of(logo.get_object()));
    }
  }
  put(out, "logo", one_or_list(std::move(logos)));
}

void put_nav_date(json::Object& out, const json::Object& in) {
  if (const auto date = nav_date(json::text_of(in, "navDate"))) out["navDate"] = nav_date_in_utc(*date);
}

void put_description(json::Object& out, Type type, const json::Object& in) {
  put_needed_label(out, in, "-");
  if (in.contains("summary")) put(out, "description", text_2(in.at("summary"), Markup::allowed));
  put_metadata(out, in);
  if (const json::Object* statement = object_in(in, "requiredStatement"))
    put(out, "attribution", attribution_2(*statement));
  if (const std::string_view rights = json::text_of(in, "rights"); !rights.empty()) out["license"] = rights;
  put_logos(out, in);
  put_nav_date(out, in);
  // 3.3: no viewing direction on a Collection, and always one beside "continuous".
  put_hint(out, type, in);
  if (type != Type::collection) {
    const std::string_view direction = json::text_of(in, "viewingDirection");
    if (!direction.empty()) {
      out["viewingDirection"] = direction;
    } else if (viewing_hint(type, behaviors(in)) == "continuous") {
      out["viewingDirection"] = "left-to-right";
    }
  }
  put_related_and_rendering(out, in);
  put_links(out, "seeAlso", array_in(in, "seeAlso"));
  put_thumbnail(out, in);
  put_within(out, in);
  put(out, "service", services_2(array_in(in, "service")));
}

// ---- annotations -----------------------------------------------------------------------------------------------------------------

json::Value body_2(const json::Value& body);

// 6.3 Choice.
json::Object choice_2(const json::Array& options) {
  json::Object out{{"@type", "oa:Choice"}};
  json::Array others;
  for (const json::Value& option : options) {
    if (!out.contains("default")) {
      out["default"] = body_2(option);
    } else {
      others.push_back(body_2(option));
    }
  }
  put(out, "item", std::move(others));
  return out;
}

std::string_view dc_type(std::string_view type) noexcept {
  if (type == "Sound") return "dctypes:Sound";
  if (type == "Video") return "dctypes:MovingImage";
  if (type == "Text") return "dctypes:Text";
  if (type == "Dataset") return "dctypes:Dataset";
  return "dctypes:Image";
}

json::Object textual_2(const json::Object& body) {
  json::Object out{{"@type", "cnt:ContentAsText"},
                   {"chars", body.contains("value") ? body.at("value") : json::Value("")}};
  for (const char* key : {"format", "language"}) {
    if (body.contains(key)) out[key] = body.at(key);
  }
  return out;
}

// 5.4, 6.2: a part of something, by a selector of Open Annotation.
json::Value specific_2(const json::Object& specific) {
  const json::Value* source = specific.if_contains("source");
  if (source == nullptr) return nullptr;
  json::Object out{{"@type", "oa:SpecificResource"}};
  if (const std::string_view id = id_of(specific); !id.empty()) out = {{"@id", id}, {"@type", "oa:SpecificResource"}};
  out["full"] = body_2(*source);
  const json::Object* selector = object_in(specific, "selector");
  if (selector == nullptr) return out;
  json::Object part;
  for (const auto& member : *selector) {
    if (member.key() != "type" && member.key() != "value") part.emplace(member.key(), member.value());
  }
  const std::string_view type = type_of(*selector);
  part["@type"] = (type == "ImageApiSelector" ? "iiif:" : "oa:") + std::string(type);
  if (selector->contains("value")) part[type == "SvgSelector" ? "chars" : "value"] = selector->at("value");
  out["selector"] = std::move(part);
  return out;
}

json::Value body_2(const json::Value& body) {
  if (const json::Array* several = body.if_array()) {
    json::Array out;
    for (const json::Value& one : *several) out.push_back(body_2(one));
    return one_or_list(std::move(out));
  }
  const json::Object* object = body.if_object();
  if (object == nullptr) return body;
  const std::string_view type = type_of(*object);
  if (type == "Image") return image_2(*object);
  if (type == "Choice") return choice_2(array_in(*object, "items"));
  if (type == "TextualBody") return textual_2(*object);
  if (type == "SpecificResource") return specific_2(*object);
  if (type == "Canvas" || type == "Manifest" || type == "Collection") return begin(*object, "sc:" + std::string(type));
  json::Object out = begin(*object, dc_type(type));
  if (object->contains("label")) put(out, "label", text_2(object->at("label"), Markup::text));
  if (object->contains("format")) out["format"] = object->at("format");
  return out;
}

// The address of what it means, with a fragment where that says all.
json::Value target_2(const json::Value& target) {
  if (const json::Array* several = target.if_array()) {
    json::Array out;
    for (const json::Value& one : *several) out.push_back(target_2(one));
    return one_or_list(std::move(out));
  }
  const json::Object* object = target.if_object();
  if (object == nullptr) return target;
  const json::Object* source = object_in(*object, "source");
  if (source == nullptr) return object->contains("id") ? object->at("id") : json::Value();
  const json::Object* selector = object_in(*object, "selector");
  if (selector == nullptr) return json::Value(id_of(*source));
  if (type_of(*selector) == "FragmentSelector")
    return json::Value(std::string(id_of(*source)) + '#' + std::string(json::text_of(*selector, "value")));
  json::Value out = specific_2(*object);
  if (json::Object* specific = out.if_object()) (*specific)["full"] = id_of(*source);
  return out;
}

// 5.4, 5.5; Open Annotation's motivations.
json::Object annotation_2(const json::Object& in) {
  json::Object out = begin(in, "oa:Annotation");
  json::Array motivations;
  for (const json::Value& value : as_array(in.contains("motivation") ? in.at("motivation") : json::Value())) {
    if (!value.is_string()) continue;
    const std::string motivation(value.get_string());
    motivations.emplace_back((motivation == "painting" ? "sc:" : "oa:") + motivation);
  }
  put(out, "motivation", one_or_list(std::move(motivations)));
  if (in.contains("label")) put(out, "label", text_2(in.at("label"), Markup::text));
  if (in.contains("body")) put(out, "resource", body_2(in.at("body")));
  if (in.contains("target")) put(out, "on", target_2(in.at("target")));
  return out;
}

json::Object annotation_list_2(const json::Object& page) {
  json::Object out = begin(page, "sc:AnnotationList");
  if (page.contains("label")) put(out, "label", text_2(page.at("label"), Markup::text));
  if (!page.contains("items")) return out;
  json::Array resources;
  for (const json::Value& annotation : array_in(page, "items")) {
    if (annotation.is_object()) resources.emplace_back(annotation_2(annotation.get_object()));
  }
  out["resources"] = std::move(resources);
  return out;
}

// Something that 2.1 can show as an image.
bool is_picture(const json::Value& body) {
  const json::Object* object = body.if_object();
  if (object == nullptr) return false;
  const std::string_view type = type_of(*object);
  if (type == "Choice") {
    const json::Array& options = array_in(*object, "items");
    return !options.empty() && is_picture(options.front());
  }
  if (type == "SpecificResource") return object->contains("source") && is_picture(object->at("source"));
  return type == "Image";
}

// There is no time in 2.1: of "#xywh=…&t=…" the place stays.
json::Object without_time(json::Object annotation) {
  const std::string on(json::text_of(annotation, "on"));
  const std::size_t mark = on.find('#');
  if (mark == std::string::npos || on.find("t=", mark) == std::string::npos) return annotation;
  std::string place;
  for (std::string_view rest = std::string_view(on).substr(mark + 1); !rest.empty();) {
    const std::size_t end = rest.find('&');
    if (rest.starts_with("xywh=")) place = '#' + std::string(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  annotation["on"] = on.substr(0, mark) + place;
  return annotation;
}

// ---- Canvas, Range, Collection ---------------------------------------------------------------------------------------------------

// 5.3 Canvas, with the extent of 3.0: doubling small ones would move every annotation. What sounds or moves is offered beside it.
json::Object canvas_2(const json::Object& in) {
  constexpr int kExtentOfSound = 1000;
  json::Object out = begin(in, "sc:Canvas");
  put_needed_label(out, in, "-");
  out["height"] = in.contains("height") ? in.at("height") : json::Value(kExtentOfSound);
  out["width"] = in.contains("width") ? in.at("width") : json::Value(kExtentOfSound);
  put_metadata(out, in);
  put_hint(out, Type::canvas, in);
  put_thumbnail(out, in);
  json::Object links = in;  // with what is offered besides
  json::Array rendering = array_in(in, "rendering");
  json::Array images;
  for (const json::Value& page : array_in(in, "items")) {
    if (!page.is_object()) continue;
    for (const json::Value& annotation : array_in(page.get_object(), "items")) {
      const json::Object* one = annotation.if_object();
      const json::Value* body = one == nullptr ? nullptr : one->if_contains("body");
      if (body == nullptr) continue;
      if (is_picture(*body)) {
        images.emplace_back(without_time(annotation_2(*one)));
      } else if (const json::Object* media = body->if_object(); media != nullptr && media->contains("id")) {
        json::Object link = *media;
        if (!link.contains("label"))
          link["label"] = in.contains("label") ? in.at("label") : json::Object{{"none", json::Array{"-"}}};
        rendering.emplace_back(std::move(link));
      }
    }
  }
  links["rendering"] = std::move(rendering);
  put_related_and_rendering(out, links);
  put_links(out, "seeAlso", array_in(in, "seeAlso"));
  put_within(out, in);
  put(out, "service", services_2(array_in(in, "service")));
  out["images"] = std::move(images);
  json::Array others;
  for (const json::Value& page : array_in(in, "annotations")) {
    if (!page.is_object()) continue;
    json::Object list = annotation_list_2(page.get_object());
    list.erase("resources");  // 5.5: never embedded
    others.emplace_back(std::move(list));
  }
  // 5.3 images: pictures only; text that paints stands in an Annotation List (6.2 Embedded Content).
  if (const std::string_view texts = json::text_of(in, "@list"); !texts.empty() && others.empty())
    others.emplace_back(json::Object{{"@id", texts}, {"@type", "sc:AnnotationList"}});
  put(out, "otherContent", std::move(others));
  return out;
}

bool is_range(const json::Value& item) { return item.is_object() && type_of(item.get_object()) == "Range"; }

// 5.6 Range.
json::Object range_2(const json::Object& in, bool top) {
  json::Object out = begin(in, "sc:Range");
  put_needed_label(out, in, "-");
  if (top) {
    out["viewingHint"] = "top";
  } else {
    put_hint(out, Type::range, in);
  }
  put_metadata(out, in);
  put_thumbnail(out, in);
  put_within(out, in);
  const json::Array& items = array_in(in, "items");
  const bool any_range = std::any_of(items.begin(), items.end(), is_range);
  const bool all_ranges = std::all_of(items.begin(), items.end(), is_range);
  json::Array list;
  if (any_range && !all_ranges) {
    for (const json::Value& item : items) {
      if (!item.is_object()) continue;
      json::Object member{{"@id", target_2(item)}, {"@type", is_range(item) ? "sc:Range" : "sc:Canvas"}};
      put_needed_label(member, item.get_object(), "-");
      list.emplace_back(std::move(member));
    }
    out["members"] = std::move(list);
  } else {
    for (const json::Value& item : items) list.push_back(target_2(item));
    out[all_ranges && !items.empty() ? "ranges" : "canvases"] = std::move(list);
  }
  return out;
}

void flatten(const json::Object& range, bool top, int depth, json::Array& out) {
  if (depth > kDeepestTree) return;
  out.emplace_back(range_2(range, top));
  for (const json::Value& item : array_in(range, "items")) {
    if (is_range(item) && item.get_object().contains("items")) flatten(item.get_object(), false, depth + 1, out);
  }
}

bool is_collection(const json::Value& item) { return item.is_object() && type_of(item.get_object()) == "Collection"; }

json::Object reference_2(const json::Object& in, bool in_members) {
  const bool collection = type_of(in) == "Collection";
  json::Object out = begin(in, collection ? "sc:Collection" : "sc:Manifest");
  put_needed_label(out, in, id_of(in));
  if (in_members && collection) out["viewingHint"] = "individuals";  // 5.8: a must there
  put_nav_date(out, in);
  put_thumbnail(out, in);
  return out;
}

// 5.8 Collection. Clients of 2.0 know no `members`, and some clients read all three lists one after the other: so members is used alone, and only
// where Collections and Manifests are mixed.
json::Object collection_2(const json::Object& in) {
  json::Object out = begin(in, "sc:Collection");
  put_description(out, Type::collection, in);
  const json::Array& items = array_in(in, "items");
  const bool separate = std::is_partitioned(items.begin(), items.end(), is_collection);
  const auto those = [&](auto chosen, bool in_members) {
    json::Array list;
    for (const json::Value& item : items) {
      if (item.is_object() && chosen(item)) list.emplace_back(reference_2(item.get_object(), in_members));
    }
    return list;
  };
  if (!separate) {
    out["members"] = those([](const json::Value&) { return true; }, true);
    return out;
  }
  const auto is_manifest = [](const json::Value& item) { return !is_collection(item); };
  if (!items.empty() && is_collection(items.front())) out["collections"] = those(is_collection, false);
  if (items.empty() || is_manifest(items.back())) out["manifests"] = those(is_manifest, false);
  return out;
}

// 5.9 Layer.
json::Object layer_2(const json::Object& in) {
  json::Object out = begin(in, "sc:Layer");
  put_needed_label(out, in, "-");
  for (const char* key : {"total", "first", "last"}) {
    if (in.contains(key)) out[key] = target_2(in.at(key));
  }
  return out;
}

}  // namespace

json::Object write_2(const json::Object& resource) {
  const std::string_view type = type_of(resource);
  if (type == "Collection") return collection_2(resource);
  if (type == "Canvas") return canvas_2(resource);
  if (type == "AnnotationPage") return annotation_list_2(resource);
  if (type == "Annotation") return annotation_2(resource);
  if (type == "AnnotationCollection") return layer_2(resource);
  if (type == "Range") return range_2(resource, false);
  json::Object out = begin(resource, "sc:Manifest");
  put_description(out, Type::manifest, resource);
  return out;
}

// 5.2 Sequence.
json::Object sequence_2(const json::Object& manifest) {
  json::Object out{{"@type", "sc:Sequence"}};
  if (const json::Object* start = object_in(manifest, "start")) {
    const json::Object* source = object_in(*start, "source");
    out["startCanvas"] = id_of(source == nullptr ? *start : *source);
  }
  return out;
}

json::Array structures_2(const json::Array& ranges) {
  json::Array out;
  for (const json::Value& range : ranges) {
    if (range.is_object()) flatten(range.get_object(), true, 0, out);
  }
  return out;
}

}  // namespace armarium::iiif::presentation
