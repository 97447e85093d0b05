#include "iiif/presentation/writer_2.h"

#include <algorithm>

#include "iiif/description_values.h"
#include "iiif/presentation/behavior.h"

// What 3.0 says is said in the nearest way: requiredStatement becomes attribution, rights license, summary description, homepage related, behavior
// viewingHint, partOf within, a provider's logo the logo and its name an entry of metadata.

namespace armarium::iiif::presentation::v2 {
namespace {

constexpr std::string_view kContext = "http://iiif.io/api/presentation/2/context.json";
constexpr std::string_view kImageContext = "http://iiif.io/api/image/2/context.json";
constexpr std::string_view kImageProfile = "http://iiif.io/api/image/2/level2.json";

// 4.4: HTML is allowed in description, attribution and metadata values only; a space marks other text that looks like it.
enum class Markup { allowed, text };

void begin(json::Writer& out, bool top, std::string_view id, std::string_view type) {
  out.begin_object();
  if (top) out.member("@context", kContext);
  out.member("@id", id).member("@type", type);
}

void write_value(json::Writer& out, const std::string& language, const std::string& value, Markup markup) {
  const bool like_html = markup == Markup::text && value.size() > 1 && value.front() == '<' && value.back() == '>';
  const std::string text = like_html ? value + " " : value;
  if (language == "none") {
    out.value(text);
  } else {
    out.begin_object().member("@value", text).member("@language", language).end_object();
  }
}

// 4.3: a string, an object with its language, or a list of both.
void write_map(json::Writer& out, const LanguageMap& map, Markup markup) {
  const auto& entries = map.entries();
  const bool single = entries.size() == 1 && entries.front().second.size() == 1;
  if (!single) out.begin_array();
  for (const auto& [language, values] : entries) {
    for (const std::string& value : values) write_value(out, language, value, markup);
  }
  if (!single) out.end_array();
}

void write_map_member(json::Writer& out, std::string_view name, const LanguageMap& map, Markup markup) {
  if (map.empty()) return;
  out.key(name);
  write_map(out, map, markup);
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      out += c;
    }
  }
  return out;
}

void write_pair(json::Writer& out, const LabelValue& pair) {
  out.begin_object().key("label");
  write_map(out, pair.label, Markup::text);
  out.key("value");
  write_map(out, pair.value, Markup::allowed);
  out.end_object();
}

LabelValue provider_entry(const Agent& agent) {
  LanguageMap label = LanguageMap::of("en", "Provider");
  label.add("de", "Anbieter");
  return {std::move(label), agent.label};
}

void write_metadata(json::Writer& out, const std::vector<LabelValue>& metadata, const std::vector<Agent>& providers) {
  if (metadata.empty() && providers.empty()) return;
  out.key("metadata").begin_array();
  for (const LabelValue& pair : metadata) write_pair(out, pair);
  for (const Agent& agent : providers) write_pair(out, provider_entry(agent));
  out.end_array();
}

void write_link(json::Writer& out, const Link& link) {
  out.begin_object().member("@id", link.id);
  write_map_member(out, "label", link.label, Markup::text);
  if (!link.format.empty()) out.member("format", link.format);
  if (!link.profile.empty()) out.member("profile", link.profile);
  out.end_object();
}

void write_links(json::Writer& out, std::string_view name, const std::vector<Link>& links) {
  if (links.empty()) return;
  out.key(name).begin_array();
  for (const Link& link : links) write_link(out, link);
  out.end_array();
}

// 3.4: a rendering must have label and format; what lacks one is merely related.
void write_related_and_rendering(json::Writer& out, const std::vector<Link>& homepage,
                                 const std::vector<Link>& rendering, const std::vector<Agent>& providers) {
  std::vector<Link> related = homepage;
  std::vector<Link> complete;
  for (const Link& link : rendering) (link.label.empty() || link.format.empty() ? related : complete).push_back(link);
  for (const Agent& agent : providers) related.insert(related.end(), agent.homepage.begin(), agent.homepage.end());
  write_links(out, "related", related);
  write_links(out, "rendering", complete);
}

void write_service(json::Writer& out, const ImageService& service) {
  if (service.id_2.empty()) return;
  out.key("service").begin_object().member("@context", kImageContext).member("@id", service.id_2);
  out.member("profile", kImageProfile).end_object();
}

void write_image(json::Writer& out, const Image& image) {
  out.begin_object().member("@id", image.id_2).member("@type", "dctypes:Image");
  write_map_member(out, "label", image.label, Markup::text);
  out.member("format", image.format);
  if (!image.size.empty()) out.member("height", image.size.height).member("width", image.size.width);
  write_service(out, image.service);
  out.end_object();
}

void write_thumbnail(json::Writer& out, const std::vector<Image>& thumbnail) {
  if (thumbnail.empty()) return;
  out.key("thumbnail");
  write_image(out, thumbnail.front());
}

void write_within(json::Writer& out, const std::vector<Reference>& part_of) {
  if (part_of.empty()) return;
  out.key("within");
  if (part_of.size() == 1) {
    out.value(part_of.front().id);
    return;
  }
  out.begin_array();
  for (const Reference& reference : part_of) out.value(reference.id);
  out.end_array();
}

void write_hint(json::Writer& out, Type type, const std::vector<std::string>& behavior) {
  const std::string_view hint = viewing_hint(type, behavior);
  if (!hint.empty()) out.member("viewingHint", hint);
}

void write_logos(json::Writer& out, const std::vector<Agent>& providers) {
  std::vector<std::string> logos;
  for (const Agent& agent : providers) {
    for (const Link& logo : agent.logo) logos.push_back(logo.id);
  }
  if (logos.empty()) return;
  out.key("logo");
  if (logos.size() == 1) {
    out.value(logos.front());
    return;
  }
  out.begin_array();
  for (const std::string& logo : logos) out.value(logo);
  out.end_array();
}

// The label of a required statement has no place of its own: it stands in front of each value, inside its first element where that is HTML (4.4: such a value
// begins with "<"). "Attribution" is what clients write in front themselves.
LanguageMap attribution(const LabelValue& statement) {
  LanguageMap out;
  for (const auto& [language, values] : statement.value.entries()) {
    const std::string label = statement.label.empty() ? std::string() : statement.label.best(language).value;
    const bool usual = label.empty() || label == "Attribution" || label == "attribution";
    for (const std::string& value : values) {
      const bool html = value.size() > 1 && value.front() == '<' && value.back() == '>';
      const std::size_t at = html ? value.find('>') + 1 : 0;
      const std::string text = html ? escaped(label) : label;
      out.add(language, usual ? value : value.substr(0, at) + text + ": " + value.substr(at));
    }
  }
  return out;
}

void write_description(json::Writer& out, Type type, const Description& description) {
  write_map_member(out, "label", description.label, Markup::text);
  write_map_member(out, "description", description.summary, Markup::allowed);
  write_metadata(out, description.metadata, description.provider);
  if (!description.required_statement.empty()) {
    write_map_member(out, "attribution", attribution(description.required_statement.front()), Markup::allowed);
  }
  if (!description.rights.empty()) out.member("license", description.rights);
  write_logos(out, description.provider);
  if (!description.nav_date.empty()) out.member("navDate", nav_date_in_utc(description.nav_date));
  // 3.3: no viewing direction on a Collection, and always one beside "continuous".
  write_hint(out, type, description.behavior);
  if (type != Type::collection) {
    const bool continuous = viewing_hint(type, description.behavior) == "continuous";
    if (!description.viewing_direction.empty()) {
      out.member("viewingDirection", description.viewing_direction);
    } else if (continuous) {
      out.member("viewingDirection", "left-to-right");
    }
  }
  write_related_and_rendering(out, description.homepage, description.rendering, description.provider);
  write_links(out, "seeAlso", description.see_also);
}

// A label is a must on each Canvas, Range and Reference.
void write_needed_label(json::Writer& out, const LanguageMap& label, std::string_view otherwise) {
  write_map_member(out, "label", label.empty() ? LanguageMap::none(std::string(otherwise)) : label, Markup::text);
}

void write_annotation_object(json::Writer& out, const Canvas& canvas, const Image& image, bool top) {
  begin(out, top, canvas.annotation_id, "oa:Annotation");
  out.member("motivation", "sc:painting").key("resource");
  if (canvas.images.size() > 1) {  // 6.3 Choice
    out.begin_object().member("@type", "oa:Choice").key("default");
    write_image(out, image);
    out.key("item").begin_array();
    for (std::size_t i = 1; i < canvas.images.size(); ++i) write_image(out, canvas.images[i]);
    out.end_array().end_object();
  } else {
    write_image(out, image);
  }
  out.member("on", canvas.id).end_object();
}

// 5.3 images: pictures only; text that paints stands in an Annotation List (6.2 Embedded Content).
bool is_picture(const Annotation& painting) { return !painting.image.empty() || painting.body_type == "Image"; }

// A Range, a Canvas, or a part of one, which 5.6 names by a fragment.
std::string target_of(const Range::Item& item) {
  if (!item.range.empty()) return item.range.front().id;
  return item.region.empty() ? item.canvas_id : item.canvas_id + "#xywh=" + item.region;
}

// Ranges in one flat list: the parent first, then its children. 5.6 Range.
void write_range_object(json::Writer& out, const Range& range, bool top_level, bool document) {
  begin(out, document, range.id, "sc:Range");
  write_needed_label(out, range.label, "-");
  if (top_level) out.member("viewingHint", "top");
  if (document) write_within(out, range.part_of);
  const auto is_range = [](const Range::Item& item) { return !item.range.empty(); };
  const bool any_range = std::any_of(range.items.begin(), range.items.end(), is_range);
  const bool all_ranges = std::all_of(range.items.begin(), range.items.end(), is_range);
  if (any_range && !all_ranges) {
    out.key("members").begin_array();
    for (const Range::Item& item : range.items) {
      const bool is = is_range(item);
      out.begin_object().member("@id", target_of(item)).member("@type", is ? "sc:Range" : "sc:Canvas");
      write_needed_label(out, is ? item.range.front().label : item.canvas_label, "-");
      out.end_object();
    }
  } else {
    out.key(all_ranges ? "ranges" : "canvases").begin_array();
    for (const Range::Item& item : range.items) out.value(target_of(item));
  }
  out.end_array().end_object();
}

void write_flat(json::Writer& out, const Range& range, bool top_level) {
  write_range_object(out, range, top_level, false);
  for (const Range::Item& item : range.items) {
    if (!item.range.empty()) write_flat(out, item.range.front(), false);
  }
}

void write_reference(json::Writer& out, const Reference& reference, bool in_members) {
  begin(out, false, reference.id, reference.collection ? "sc:Collection" : "sc:Manifest");
  write_needed_label(out, reference.label, reference.id);
  if (in_members && reference.collection) out.member("viewingHint", "individuals");  // 5.8: a must there
  if (!reference.nav_date.empty()) out.member("navDate", nav_date_in_utc(reference.nav_date));
  write_thumbnail(out, reference.thumbnail);
  out.end_object();
}

}  // namespace

// 5.4 Image Resources.
void write_annotation(json::Writer& out, const Canvas& canvas, bool top) {
  write_annotation_object(out, canvas, canvas.images.front(), top);
}

// 5.5 Annotation List.
void write_annotation_page(json::Writer& out, const Canvas& canvas, bool top) {
  begin(out, top, canvas.page_id, "sc:AnnotationList");
  out.key("resources").begin_array();
  if (!canvas.images.empty()) write_annotation(out, canvas, false);
  for (const Annotation& placed : canvas.placed) {
    if (is_picture(placed)) write_note(out, placed, false);
  }
  out.end_array().end_object();
}

// 5.5 Annotation List of what does not paint; Open Annotation's motivations.
void write_annotations(json::Writer& out, const Canvas& canvas, bool top) {
  begin(out, top, canvas.annotations_id, "sc:AnnotationList");
  out.key("resources").begin_array();
  for (const Annotation& placed : canvas.placed) {
    if (!is_picture(placed)) write_note(out, placed, false);
  }
  for (const Annotation& annotation : canvas.annotations) write_note(out, annotation, false);
  out.end_array().end_object();
}

void write_note(json::Writer& out, const Annotation& annotation, bool top) {
  begin(out, top, annotation.id, "oa:Annotation");
  out.member("motivation", (annotation.motivation == "painting" ? "sc:" : "oa:") + annotation.motivation);
  write_map_member(out, "label", annotation.label, Markup::text);
  out.key("resource");
  if (!annotation.image.empty()) {
    write_image(out, annotation.image.front());
    out.member("on", annotation.target).end_object();
    return;
  }
  out.begin_object();
  if (annotation.body_id.empty()) {
    out.member("@type", "cnt:ContentAsText").member("chars", annotation.text);
  } else {
    out.member("@id", annotation.body_id).member("@type", "dctypes:" + annotation.body_type);
  }
  if (!annotation.format.empty()) out.member("format", annotation.format);
  out.end_object().member("on", annotation.target).end_object();
}

// 5.3 Canvas, with the extent of 3.0: doubling small ones would move every annotation.
void write_canvas(json::Writer& out, const Canvas& canvas, bool top) {
  begin(out, top, canvas.id, "sc:Canvas");
  write_needed_label(out, canvas.label, "-");
  out.member("height", canvas.extent.height).member("width", canvas.extent.width);
  write_metadata(out, canvas.metadata, {});
  write_hint(out, Type::canvas, canvas.behavior);
  write_thumbnail(out, canvas.thumbnail);
  write_related_and_rendering(out, {}, canvas.rendering, {});
  if (top) write_within(out, canvas.part_of);
  out.key("images").begin_array();
  if (!canvas.images.empty()) write_annotation_object(out, canvas, canvas.images.front(), false);
  for (const Annotation& placed : canvas.placed) {
    if (is_picture(placed)) write_note(out, placed, false);
  }
  out.end_array();
  if (!canvas.annotations.empty() || !std::all_of(canvas.placed.begin(), canvas.placed.end(), is_picture)) {
    out.key("otherContent").begin_array().begin_object();
    out.member("@id", canvas.annotations_id).member("@type", "sc:AnnotationList").end_object().end_array();
  }
  out.end_object();
}

void write_range(json::Writer& out, const Range& range, bool top) { write_range_object(out, range, false, top); }

// 5.8 Collection. Clients of 2.0 know no `members`, and some clients read all three lists one after the other: so members is used alone, and only
// where Collections and Manifests are mixed.
void write_collection(json::Writer& out, const Collection& collection) {
  begin(out, true, collection.id, "sc:Collection");
  write_description(out, Type::collection, collection.description);
  write_thumbnail(out, collection.thumbnail);
  write_within(out, collection.part_of);
  const auto is_collection = [](const Reference& item) { return item.collection; };
  const bool separate = std::is_partitioned(collection.items.begin(), collection.items.end(), is_collection);
  const auto write_those = [&](std::string_view name, auto chosen, bool in_members) {
    out.key(name).begin_array();
    for (const Reference& item : collection.items) {
      if (chosen(item)) write_reference(out, item, in_members);
    }
    out.end_array();
  };
  if (!separate) {
    write_those(
        "members", [](const Reference&) { return true; }, true);
  } else {
    const auto is_manifest = [&](const Reference& item) { return !item.collection; };
    const bool any_collection = !collection.items.empty() && is_collection(collection.items.front());
    const bool any_manifest = collection.items.empty() || is_manifest(collection.items.back());
    if (any_collection) write_those("collections", is_collection, false);
    if (any_manifest) write_those("manifests", is_manifest, false);
  }
  out.end_object();
}

// 5.1 Manifest, 5.2 Sequence.
void begin_manifest(json::Writer& out, const Manifest& manifest) {
  begin(out, true, manifest.id, "sc:Manifest");
  write_description(out, Type::manifest, manifest.description);
  write_thumbnail(out, manifest.thumbnail);
  write_within(out, manifest.part_of);
  out.key("sequences").begin_array();
  out.begin_object();
  if (!manifest.sequence_id.empty()) out.member("@id", manifest.sequence_id);
  out.member("@type", "sc:Sequence");
  if (!manifest.start.empty()) out.member("startCanvas", manifest.start);
  out.key("canvases").begin_array();
}

void end_manifest(json::Writer& out, const Manifest& manifest) {
  out.end_array().end_object().end_array();
  if (!manifest.structures.empty()) {
    out.key("structures").begin_array();
    for (const Range& range : manifest.structures) write_flat(out, range, true);
    out.end_array();
  }
  out.end_object();
}

}  // namespace armarium::iiif::presentation::v2
