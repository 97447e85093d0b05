// Presentation API 2.1, appendix B, as it stands there, with the shapes of sections 3 to 5.

#include <array>

#include "check/schemas.h"

namespace armarium::check {
namespace {

using Row = Schema::Row;
using Line = Schema::Line;

constexpr std::array<std::string_view, 10> kTypes = {
    "sc:Collection",     "sc:Manifest", "sc:Sequence", "sc:Canvas", "oa:Annotation",
    "sc:AnnotationList", "sc:Range",    "sc:Layer",    "Image",     "Other"};

constexpr Row kRows[] = {
    {"@id", "RRoRrRRRRR", "<id>", "3.2 Technical Properties"},
    {"@type", "RRRRRRRRRR", "any", "3.2 Technical Properties"},
    {"label", "RRoRooRRoo", "<value>", "3.1 label"},
    {"metadata", "rroooooooo", "<metadata>", "3.1 metadata"},
    {"description", "rroooooooo", "<html>", "3.1 description"},
    {"thumbnail", "rrorooooo ", "any", "3.1 thumbnail"},
    {"attribution", "oooooooooo", "<html>", "3.2 attribution"},
    {"license", "oooooooooo", "<uris>", "3.2 license"},
    {"logo", "oooooooooo", "any", "3.2 logo"},
    {"format", "--------oo", "text", "3.3 format"},
    {"height", "---R----oo", "integer", "3.3 height"},
    {"width", "---R----oo", "integer", "3.3 width"},
    {"viewingDirection", "-oo---oo--", "=left-to-right|right-to-left|top-to-bottom|bottom-to-top",
     "3.3 viewingDirection"},
    {"viewingHint", "oooooooooo", "<hint>", "3.3 viewingHint"},
    {"navDate", "oo--------", "<date>", "3.3 navDate"},
    {"seeAlso", "oooooooooo", "any", "3.4 seeAlso"},
    {"service", "oooooooooo", "<services>", "3.4 service"},
    {"related", "oooooooooo", "any", "3.4 related"},
    {"rendering", "oooooooooo", "<renderings>", "3.4 rendering"},
    {"within", "oooooooooo", "any", "3.4 within"},
    {"startCanvas", "--o---o---", "<canvas>", "3.4 startCanvas"},
    {"first", "o------o--", "<reference>", "3.5 Paging Properties"},
    {"last", "o------o--", "<reference>", "3.5 Paging Properties"},
    {"total", "o------o--", "count", "3.5 Paging Properties"},
    {"next", "o----o----", "<reference>", "3.5 Paging Properties"},
    {"prev", "o----o----", "<reference>", "3.5 Paging Properties"},
    {"startIndex", "o----o----", "count", "3.5 Paging Properties"},
    {"collections", "o---------", "[<member>]", "5.8 Collections"},
    {"manifests", "o---------", "[<member>]", "5.8 Collections"},
    {"members", "o-----o---", "[<member>]", "5.8 Collections"},
    {"sequences", "-R--------", "<sequences>", "5.2 Sequence"},
    {"structures", "-o--------", "[{sc:Range}]", "5.6 Range"},
    {"canvases", "--R---o---", "<canvases>", "5.2 Sequence"},
    {"resources", "-----o----", "[{oa:Annotation}]", "5.5 Annotation List"},
    {"otherContent", "---o---o--", "<otherContent>", "5.5 Annotation List"},
    {"images", "---o------", "[{oa:Annotation}]", "5.4 Image Resources"},
    {"ranges", "------o---", "[<range>]", "5.6 Range"},
};
constexpr Line kAnnotation[] = {
    {"motivation", Need::must, "<motivation>"},
    {"resource", Need::may, "<resource>"},
    {"on", Need::must, "<on>"},
    {"stylesheet", Need::may, "any"},
};
// Content of any kind may say more than the table has.
constexpr Line kContent[] = {
    {"language", Need::may, "any"}, {"chars", Need::may, "text"},  {"default", Need::may, "any"},
    {"item", Need::may, "any"},     {"full", Need::may, "any"},    {"selector", Need::may, "any"},
    {"style", Need::may, "any"},    {"profile", Need::may, "any"}, {"duration", Need::may, "positive"},
};
constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"id", "@id"},
    {"type", "@type"},
    {"summary", "description"},
    {"requiredStatement", "attribution"},
    {"rights", "license"},
    {"partOf", "within"},
    {"items", "canvases"},
    {"behavior", "viewingHint"},
    {"homepage", "related"},
    {"start", "startCanvas"},
    {"body", "resource"},
    {"target", "on"},
    {"annotations", "otherContent"},
};

Schema build() {
  Schema schema("Presentation 2.1");
  schema.matrix(kTypes, kRows).other_names(kOtherNames);
  schema.derive("oa:Annotation", "oa:Annotation", "5.4 Image Resources", kAnnotation);
  schema.derive("Image", "Image", "5.4 Image Resources", kContent);
  schema.derive("Other", "Other", "5.5 Annotation List", kContent);
  return schema;
}

}  // namespace

const Schema& presentation_2_schema() {
  static const Schema schema = build();
  return schema;
}

}  // namespace armarium::check
