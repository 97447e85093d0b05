#include "iiif/presentation/writer_3.h"

#include "iiif/description_values.h"
#include "iiif/presentation/behavior.h"

namespace armarium::iiif::presentation::v3 {
namespace {

constexpr std::string_view kContext = "http://iiif.io/api/presentation/3/context.json";
constexpr std::string_view kNavPlaceContext = "http://iiif.io/api/extension/navplace/context.json";

// 4.6: extension contexts come first, ours last.
void write_context(json::Writer& out, bool nav_place) {
  out.key("@context");
  if (!nav_place) {
    out.value(kContext);
    return;
  }
  out.begin_array().value(kNavPlaceContext).value(kContext).end_array();
}

void write_map(json::Writer& out, const LanguageMap& map) {
  out.begin_object();
  for (const auto& [language, values] : map.entries()) {
    out.key(language).begin_array();
    for (const std::string& value : values) out.value(value);
    out.end_array();
  }
  out.end_object();
}

// 4.5: HTML is not allowed here, so that text which looks like it gets a space behind it.
void write_plain_map(json::Writer& out, const LanguageMap& map) {
  out.begin_object();
  for (const auto& [language, values] : map.entries()) {
    out.key(language).begin_array();
    for (const std::string& value : values) {
      const bool like_html = value.size() > 1 && value.front() == '<' && value.back() == '>';
      out.value(like_html ? value + " " : value);
    }
    out.end_array();
  }
  out.end_object();
}

void write_label(json::Writer& out, const LanguageMap& label) {
  if (label.empty()) return;
  out.key("label");
  write_plain_map(out, label);
}

void write_pair(json::Writer& out, const LabelValue& pair) {
  out.begin_object().key("label");
  write_plain_map(out, pair.label);
  out.key("value");
  write_map(out, pair.value);
  out.end_object();
}

// An array under `name`; nothing at all when there are no items.
template <class Items, class Write>
void write_list(json::Writer& out, std::string_view name, const Items& items, Write write) {
  if (items.empty()) return;
  out.key(name).begin_array();
  for (const auto& item : items) write(out, item);
  out.end_array();
}

void write_text(json::Writer& out, const std::string& text) { out.value(text); }

void write_link(json::Writer& out, const Link& link, bool label_needed) {
  out.begin_object().member("id", link.id).member("type", link.type.empty() ? std::string("Text") : link.type);
  write_label(out, link.label.empty() && label_needed ? LanguageMap::none(link.id) : link.label);
  if (!link.format.empty()) out.member("format", link.format);
  if (!link.profile.empty()) out.member("profile", link.profile);
  write_list(out, "language", link.languages, write_text);
  out.end_object();
}

void write_labelled_link(json::Writer& out, const Link& link) { write_link(out, link, true); }
void write_plain_link(json::Writer& out, const Link& link) { write_link(out, link, false); }

void write_logo(json::Writer& out, const Link& link) {
  out.begin_object().member("id", link.id).member("type", "Image");
  if (!link.format.empty()) out.member("format", link.format);
  out.end_object();
}

void write_agent(json::Writer& out, const Agent& agent) {
  out.begin_object().member("id", agent.id).member("type", "Agent");
  write_label(out, agent.label);
  write_list(out, "homepage", agent.homepage, write_labelled_link);
  write_list(out, "logo", agent.logo, write_logo);
  out.end_object();
}

// A service of version 2 keeps @id and @type. 3.3.1 service.
void write_services(json::Writer& out, const ImageService& service) {
  if (service.id_3.empty()) return;
  out.key("service").begin_array();
  out.begin_object()
      .member("id", service.id_3)
      .member("type", "ImageService3")
      .member("profile", "level2")
      .end_object();
  out.begin_object().member("@id", service.id_2).member("@type", "ImageService2");
  out.member("profile", "http://iiif.io/api/image/2/level2.json").end_object();
  out.end_array();
}

void write_image(json::Writer& out, const Image& image) {
  out.begin_object().member("id", image.id_3).member("type", "Image");
  write_label(out, image.label);
  out.member("format", image.format);
  if (!image.size.empty()) out.member("width", image.size.width).member("height", image.size.height);
  write_services(out, image.service);
  out.end_object();
}

void write_reference(json::Writer& out, const Reference& reference) {
  out.begin_object().member("id", reference.id).member("type", reference.collection ? "Collection" : "Manifest");
  write_label(out, reference.label);
  if (!reference.nav_date.empty()) out.member("navDate", reference.nav_date);
  write_list(out, "thumbnail", reference.thumbnail, write_image);
  out.end_object();
}

void write_behavior(json::Writer& out, Type type, const std::vector<std::string>& values) {
  write_list(out, "behavior", valid_behaviors(type, values), write_text);
}

void write_description(json::Writer& out, Type type, const Description& description) {
  write_label(out, description.label);
  if (!description.summary.empty()) {
    out.key("summary");
    write_map(out, description.summary);
  }
  write_list(out, "metadata", description.metadata, write_pair);
  if (!description.required_statement.empty()) {
    out.key("requiredStatement");
    write_pair(out, description.required_statement.front());
  }
  // 3.1 rights: from two vocabularies, in their own spelling; any other address is left to 2.1.
  if (const auto rights = rights_uri(description.rights)) out.member("rights", *rights);
  write_list(out, "provider", description.provider, write_agent);
  if (!description.nav_date.empty()) out.member("navDate", description.nav_date);
  if (!description.nav_place.is_null()) out.member("navPlace", description.nav_place);
  write_behavior(out, type, description.behavior);
  if (!description.viewing_direction.empty()) out.member("viewingDirection", description.viewing_direction);
  write_list(out, "homepage", description.homepage, write_labelled_link);
  write_list(out, "seeAlso", description.see_also, write_plain_link);
  write_list(out, "rendering", description.rendering, write_labelled_link);
}

// 5.4: a part of a Canvas is a SpecificResource; Media Fragments 1.0, 4.2.2.
void write_part(json::Writer& out, const Range::Item& item) {
  const std::string fragment = "xywh=" + item.region;
  out.begin_object().member("id", item.canvas_id + '#' + fragment).member("type", "SpecificResource");
  out.key("source").begin_object().member("id", item.canvas_id).member("type", "Canvas").end_object();
  out.key("selector").begin_object().member("type", "FragmentSelector");
  out.member("conformsTo", "http://www.w3.org/TR/media-frags/").member("value", fragment).end_object().end_object();
}

void write_body(json::Writer& out, const Canvas& canvas) {
  if (canvas.images.size() == 1) return write_image(out, canvas.images.front());
  out.begin_object().member("type", "Choice").key("items").begin_array();
  for (const Image& image : canvas.images) write_image(out, image);
  out.end_array().end_object();
}

}  // namespace

// 5.6 Annotation.
void write_annotation(json::Writer& out, const Canvas& canvas, bool top) {
  out.begin_object();
  if (top) write_context(out, false);
  out.member("id", canvas.annotation_id).member("type", "Annotation").member("motivation", "painting").key("body");
  write_body(out, canvas);
  out.member("target", canvas.id).end_object();
}

// 5.5 Annotation Page.
void write_annotation_page(json::Writer& out, const Canvas& canvas, bool top) {
  out.begin_object();
  if (top) write_context(out, false);
  out.member("id", canvas.page_id).member("type", "AnnotationPage").key("items").begin_array();
  if (!canvas.images.empty()) write_annotation(out, canvas, false);
  for (const Annotation& placed : canvas.placed) write_note(out, placed, false);
  out.end_array().end_object();
}

// 5.5 Annotation Page, of what does not paint; Web Annotation Data Model, 3.2.
void write_annotations(json::Writer& out, const Canvas& canvas, bool top) {
  out.begin_object();
  if (top) write_context(out, false);
  out.member("id", canvas.annotations_id).member("type", "AnnotationPage").key("items").begin_array();
  for (const Annotation& annotation : canvas.annotations) write_note(out, annotation, false);
  out.end_array().end_object();
}

void write_note(json::Writer& out, const Annotation& annotation, bool top) {
  out.begin_object();
  if (top) write_context(out, false);
  out.member("id", annotation.id).member("type", "Annotation").member("motivation", annotation.motivation);
  write_label(out, annotation.label);
  out.key("body");
  if (!annotation.image.empty()) {
    write_image(out, annotation.image.front());
    out.member("target", annotation.target).end_object();
    return;
  }
  out.begin_object();
  if (annotation.body_id.empty()) {
    out.member("type", "TextualBody").member("value", annotation.text);
  } else {
    out.member("id", annotation.body_id).member("type", annotation.body_type);
  }
  if (!annotation.format.empty()) out.member("format", annotation.format);
  out.end_object().member("target", annotation.target).end_object();
}

// 5.3 Canvas. `items` is there even when empty: so does recipe 0283 of a page that is missing, and the official schema asks for it.
void write_canvas(json::Writer& out, const Canvas& canvas, bool top) {
  out.begin_object();
  if (top) write_context(out, false);
  out.member("id", canvas.id).member("type", "Canvas");
  write_label(out, canvas.label);
  out.member("height", canvas.extent.height).member("width", canvas.extent.width);
  write_list(out, "metadata", canvas.metadata, write_pair);
  if (!canvas.nav_date.empty()) out.member("navDate", canvas.nav_date);
  write_behavior(out, Type::canvas, canvas.behavior);
  write_list(out, "thumbnail", canvas.thumbnail, write_image);
  write_list(out, "rendering", canvas.rendering, write_labelled_link);
  if (top) write_list(out, "partOf", canvas.part_of, write_reference);
  out.key("items").begin_array();
  if (!canvas.images.empty() || !canvas.placed.empty()) write_annotation_page(out, canvas, false);
  out.end_array();
  if (!canvas.annotations.empty()) {
    out.key("annotations").begin_array();
    write_annotations(out, canvas, false);
    out.end_array();
  }
  out.end_object();
}

// 5.4 Range.
void write_range(json::Writer& out, const Range& range, bool top) {
  out.begin_object();
  if (top) write_context(out, false);
  out.member("id", range.id).member("type", "Range");
  write_label(out, range.label);
  if (top) write_list(out, "partOf", range.part_of, write_reference);
  out.key("items").begin_array();
  for (const Range::Item& item : range.items) {
    if (!item.region.empty()) {
      write_part(out, item);
    } else if (item.range.empty()) {
      out.begin_object().member("id", item.canvas_id).member("type", "Canvas").end_object();
    } else {
      write_range(out, item.range.front(), false);
    }
  }
  out.end_array().end_object();
}

// 5.1 Collection.
void write_collection(json::Writer& out, const Collection& collection) {
  out.begin_object();
  write_context(out, !collection.description.nav_place.is_null());
  out.member("id", collection.id).member("type", "Collection");
  write_description(out, Type::collection, collection.description);
  write_list(out, "thumbnail", collection.thumbnail, write_image);
  write_list(out, "partOf", collection.part_of, write_reference);
  out.key("items").begin_array();
  for (const Reference& item : collection.items) write_reference(out, item);
  out.end_array().end_object();
}

// 5.2 Manifest.
void begin_manifest(json::Writer& out, const Manifest& manifest) {
  out.begin_object();
  write_context(out, !manifest.description.nav_place.is_null());
  out.member("id", manifest.id).member("type", "Manifest");
  write_description(out, Type::manifest, manifest.description);
  write_list(out, "thumbnail", manifest.thumbnail, write_image);
  write_list(out, "partOf", manifest.part_of, write_reference);
  if (!manifest.start.empty()) {
    out.key("start").begin_object().member("id", manifest.start).member("type", "Canvas").end_object();
  }
  for (const auto& [name, canvas] :
       {std::pair{"placeholderCanvas", &manifest.placeholder}, {"accompanyingCanvas", &manifest.accompanying}}) {
    if (canvas->empty()) continue;
    out.key(name);
    write_canvas(out, canvas->front(), false);
  }
  out.key("items").begin_array();
}

void end_manifest(json::Writer& out, const Manifest& manifest) {
  out.end_array();
  write_list(out, "structures", manifest.structures,
             [](json::Writer& writer, const Range& range) { write_range(writer, range, false); });
  out.end_object();
}

}  // namespace armarium::iiif::presentation::v3
