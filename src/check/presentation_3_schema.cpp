// Presentation API 3.0, appendix A, as it stands there, with the shapes of section 3.

#include <array>

#include "check/schemas.h"

namespace armarium::check {
namespace {

using Row = Schema::Row;
using Line = Schema::Line;

constexpr std::array<std::string_view, 8> kTypes = {
    "Collection", "Manifest", "Canvas", "Annotation", "AnnotationPage", "Range", "AnnotationCollection", "Content"};

constexpr Row kRows[] = {
    {"id", "RRRRRRRR", "<id>", "3.2 id"},
    {"type", "RRRRRRRR", "text", "3.2 type"},
    {"label", "RRroorro", "map", "3.1 label"},
    {"metadata", "rroooooo", "[{@Pair}]", "3.1 metadata"},
    {"summary", "rroooooo", "html", "3.1 summary"},
    {"requiredStatement", "oooooooo", "{@Pair}", "3.1 requiredStatement"},
    {"rights", "oooooooo", "<rights>", "3.1 rights"},
    {"navDate", "ooo--o--", "date", "3.1 navDate"},
    {"language", "-------o", "[text]", "3.1 language"},
    {"provider", "rroooooo", "[{Agent}]+", "3.1 provider"},
    {"thumbnail", "rroooooo", "[{@Content}]+", "3.1 thumbnail"},
    {"placeholderCanvas", "ooo--o--", "{Canvas}", "3.1 placeholderCanvas"},
    {"accompanyingCanvas", "ooo--o--", "{Canvas}", "3.1 accompanyingCanvas"},
    {"format", "-------o", "text", "3.2 format"},
    {"profile", "-------o", "text", "3.2 profile"},
    {"height", "--o----o", "integer", "3.2 height"},
    {"width", "--o----o", "integer", "3.2 width"},
    {"duration", "--o----o", "positive", "3.2 duration"},
    {"viewingDirection", "oo---o--", "=left-to-right|right-to-left|top-to-bottom|bottom-to-top",
     "3.2 viewingDirection"},
    {"behavior", "oooooooo", "[text]", "3.2 behavior"},
    {"timeMode", "---o----", "=trim|scale|loop", "3.2 timeMode"},
    {"seeAlso", "oooooooo", "[{@SeeAlso}]", "3.3.1 seeAlso"},
    {"service", "oooooooo", "[<service>]", "3.3.1 service"},
    {"homepage", "oooooooo", "[{@Homepage}]", "3.3.1 homepage"},
    {"rendering", "oooooooo", "[{@Rendering}]", "3.3.1 rendering"},
    {"partOf", "oooooooo", "[{@Reference}]", "3.3.2 partOf"},
    {"start", "-o---o--", "{Canvas|SpecificResource}", "3.3.2 start"},
    {"supplementary", "-----o--", "{AnnotationCollection}", "3.3.2 supplementary"},
    {"services", "oo------", "[<service>]", "3.3.1 services"},
    {"items", "RRr-oo--", "<items>", "3.4 items"},
    {"structures", "-o------", "[{Range}]", "3.4 structures"},
    {"annotations", "ooo--o-o", "[{AnnotationPage}]", "3.4 annotations"},
};

constexpr Line kAnnotation[] = {
    {"motivation", Need::must, "<motivation>"},
    {"target", Need::must, "<target>"},
    {"body", Need::may, "<body>"},
    {"bodyValue", Need::may, "text"},
    {"created", Need::may, "date"},
    {"modified", Need::may, "date"},
    {"generated", Need::may, "date"},
    {"creator", Need::may, "any"},
    {"generator", Need::may, "any"},
    {"audience", Need::may, "any"},
    {"canonical", Need::may, "text"},
    {"via", Need::may, "any"},
    {"stylesheet", Need::may, "any"},
};
constexpr Line kCollectionOfAnnotations[] = {
    {"first", Need::may, "uri or {@Reference}"},
    {"last", Need::may, "uri or {@Reference}"},
    {"total", Need::may, "count"},
};
constexpr Line kPageOfAnnotations[] = {
    {"next", Need::may, "uri or {@Reference}"},
    {"prev", Need::may, "uri or {@Reference}"},
    {"startIndex", Need::may, "count"},
};
constexpr Line kLabelled[] = {{"label", Need::must, "map"}, {"format", Need::should, "text"}};
constexpr Line kSeeAlso[] = {{"label", Need::should, "map"}, {"format", Need::should, "text"}};
constexpr Line kAgent[] = {
    {"id", Need::must, "uri"},
    {"type", Need::must, "=Agent"},
    {"label", Need::must, "map"},
    {"homepage", Need::should, "[{@Homepage}]"},
    {"logo", Need::should, "[{Image}]+"},
    {"seeAlso", Need::may, "[{@SeeAlso}]"},
    {"summary", Need::may, "html"},
};
constexpr Line kPair[] = {{"label", Need::must, "map"}, {"value", Need::must, "html"}};
constexpr Line kReference[] = {
    {"id", Need::must, "uri"},
    {"type", Need::must, "text"},
    {"label", Need::may, "map"},
    {"items", Need::may, "any"},
    {"thumbnail", Need::may, "any"},
    {"partOf", Need::may, "[{@Reference}]"},
    {"navDate", Need::may, "date"},
    {"format", Need::may, "text"},
    {"profile", Need::may, "text"},
    {"service", Need::may, "[<service>]"},
    {"navPlace", Need::may, "<navPlace>"},
    {"total", Need::may, "count"},
    {"homepage", Need::may, "any"},
    {"summary", Need::may, "html"},
    {"first", Need::may, "any"},
    {"last", Need::may, "any"},
    {"width", Need::may, "integer"},
    {"height", Need::may, "integer"},
    {"metadata", Need::may, "any"},
    {"provider", Need::may, "any"},
    {"rights", Need::may, "any"},
};
// What a Collection lists: what is said of it is as it would be in its own document.
constexpr Line kMember[] = {
    {"items", Need::may, "any"},    {"structures", Need::may, "any"},      {"metadata", Need::may, "[{@Pair}]"},
    {"summary", Need::may, "html"}, {"provider", Need::may, "[{Agent}]+"}, {"thumbnail", Need::should, "[{@Content}]+"},
};
// W3C Web Annotation Data Model.
constexpr Line kTextualBody[] = {
    {"id", Need::may, "text"},       {"type", Need::must, "=TextualBody"},
    {"value", Need::must, "text"},   {"format", Need::may, "text"},
    {"language", Need::may, "any"},  {"textDirection", Need::may, "=ltr|rtl|auto"},
    {"purpose", Need::may, "any"},   {"processingLanguage", Need::may, "any"},
    {"creator", Need::may, "any"},   {"created", Need::may, "date"},
    {"modified", Need::may, "date"}, {"rights", Need::may, "any"},
    {"label", Need::may, "map"},     {"service", Need::may, "[<service>]"},
};
constexpr Line kChoice[] = {
    {"id", Need::may, "text"},
    {"type", Need::must, "=Choice"},
    {"items", Need::must, "[<body>]+"},
    {"label", Need::may, "map"},
    {"behavior", Need::may, "[text]"},
    {"summary", Need::may, "html"},
    {"metadata", Need::may, "[{@Pair}]"},
};
constexpr Line kSpecificResource[] = {
    {"id", Need::may, "text"},
    {"type", Need::must, "=SpecificResource"},
    {"source", Need::must, "<source>"},
    {"selector", Need::may, "<selector>"},
    {"state", Need::may, "any"},
    {"purpose", Need::may, "any"},
    {"styleClass", Need::may, "text"},
    {"renderedVia", Need::may, "any"},
    {"scope", Need::may, "any"},
    {"format", Need::may, "text"},
    {"language", Need::may, "any"},
    {"label", Need::may, "map"},
    {"behavior", Need::may, "[text]"},
    {"partOf", Need::may, "any"},
    {"service", Need::may, "[<service>]"},
    {"thumbnail", Need::may, "[{@Content}]"},
    {"metadata", Need::may, "[{@Pair}]"},
    {"summary", Need::may, "html"},
    {"transform", Need::may, "any"},
    {"accessibility", Need::may, "any"},
    {"rights", Need::may, "any"},
};
constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"description", "summary"},
    {"attribution", "requiredStatement"},
    {"license", "rights"},
    {"within", "partOf"},
    {"sequences", "items"},
    {"canvases", "items"},
    {"images", "items"},
    {"otherContent", "annotations"},
    {"viewingHint", "behavior"},
    {"related", "homepage"},
    {"startCanvas", "start"},
    {"ranges", "items"},
    {"members", "items"},
    {"manifests", "items"},
    {"collections", "items"},
    {"on", "target"},
    {"resource", "body"},
    {"accompanyingContainer", "accompanyingCanvas"},
    {"placeholderContainer", "placeholderCanvas"},
};

Schema build() {
  Schema schema("Presentation 3.0");
  schema.matrix(kTypes, kRows).other_names(kOtherNames);
  schema.derive("Annotation", "Annotation", "5.6 Annotation", kAnnotation);
  schema.derive("AnnotationCollection", "AnnotationCollection", "5.8 Annotation Collection", kCollectionOfAnnotations);
  schema.derive("AnnotationPage", "AnnotationPage", "5.5 Annotation Page", kPageOfAnnotations);
  schema.derive("Homepage", "Content", "3.3.1 homepage", kLabelled);
  schema.derive("Rendering", "Content", "3.3.1 rendering", kLabelled);
  schema.derive("SeeAlso", "Content", "3.3.1 seeAlso", kSeeAlso);
  for (const std::string_view content : {"Image", "Sound", "Video", "Text", "Dataset", "Model"})
    schema.derive(content, "Content", "5.7 Content Resources", {});
  schema.type("Agent", "3.1 provider", kAgent).type("Pair", "3.1 metadata", kPair);
  schema.type("Reference", "3.3.2 partOf", kReference);
  schema.derive("Member", "Manifest", "5.1 Collection", kMember);
  schema.type("TextualBody", "5.7 Content Resources", kTextualBody);
  schema.type("Choice", "5.6 Annotation", kChoice);
  schema.type("SpecificResource", "5.6 Annotation", kSpecificResource);
  return schema;
}

}  // namespace

const Schema& presentation_3_schema() {
  static const Schema schema = build();
  return schema;
}

}  // namespace armarium::check
