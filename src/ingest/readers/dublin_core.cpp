#include "ingest/readers/dublin_core.h"

#include <array>
#include <string>
#include <utility>

#include "ingest/readers/coordinates.h"
#include "ingest/readers/dates.h"
#include "ingest/readers/xml_parts.h"
#include "ingest/text_case.h"

namespace armarium::ingest::readers {
namespace {

using xml::Node;

constexpr std::string_view kRdfSpace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

struct Term {
  std::string_view element;
  std::string_view field;
};
constexpr std::array<Term, 49> kTerms = {{{"abstract", "abstract"},
                                          {"accessRights", "access"},
                                          {"alternative", "alternative title"},
                                          {"audience", "note audience"},
                                          {"available", "date available"},
                                          {"bibliographicCitation", "note citation"},
                                          {"contributor", "contributor"},
                                          {"coverage", "coverage"},
                                          {"created", "date created"},
                                          {"creator", "creator"},
                                          {"date", "date"},
                                          {"dateAccepted", "date accepted"},
                                          {"dateCopyrighted", "date copyrighted"},
                                          {"dateSubmitted", "date submitted"},
                                          {"description", "abstract"},
                                          {"educationLevel", "note audience"},
                                          {"extent", "extent"},
                                          {"format", "format"},
                                          {"hasFormat", "related"},
                                          {"hasPart", "related"},
                                          {"hasVersion", "related"},
                                          {"identifier", "identifier"},
                                          {"isFormatOf", "related"},
                                          {"isPartOf", "host"},
                                          {"isReferencedBy", "related"},
                                          {"isReplacedBy", "related"},
                                          {"isRequiredBy", "related"},
                                          {"issued", "date issued"},
                                          {"isVersionOf", "related"},
                                          {"language", "language"},
                                          {"license", "rights"},
                                          {"mediator", "contributor"},
                                          {"medium", "material"},
                                          {"modified", "date modified"},
                                          {"provenance", "provenance"},
                                          {"publisher", "publisher"},
                                          {"references", "related"},
                                          {"relation", "related"},
                                          {"replaces", "related"},
                                          {"requires", "related"},
                                          {"rights", "rights"},
                                          {"rightsHolder", "rights holder"},
                                          {"source", "source"},
                                          {"spatial", "place"},
                                          {"subject", "subject"},
                                          {"tableOfContents", "contents"},
                                          {"temporal", "period"},
                                          {"title", "title"},
                                          {"valid", "date valid"}}};

bool is_term(const Node& node) { return node.space() == kElementsSpace || node.space() == kTermsSpace; }

std::string_view field_of(std::string_view element) {
  for (const Term& term : kTerms) {
    if (lower(term.element) == lower(element)) return term.field;  // some write "isPartof"
  }
  return element == "type" ? "type" : std::string_view();
}

class Reader {
 public:
  explicit Reader(const Node& node) : node_(node) {}
  Record read() &&;

 private:
  void term(const Node& node);
  const Node node_;
  Record out_;
  std::string created_;
  std::string issued_;
  std::string date_;
};

// "http://purl.org/dc/dcmitype/StillImage" → "stillimage": a code of the list "type".
std::string type_of(const std::string& text) {
  constexpr std::string_view kTypes = "http://purl.org/dc/dcmitype/";
  return text.starts_with(kTypes) ? text.substr(kTypes.size()) : text;
}

void Reader::term(const Node& node) {
  const std::string_view field = field_of(node.name());
  if (field.empty()) return;
  const std::string_view address = node.attribute(kRdfSpace, "resource");
  const std::string text = node.text();
  const std::string value = text.empty() ? std::string(address) : text;
  const std::string language = language_of(node);
  if (field == "type")
    return out_.add({.name = "type", .value = type_of(value), .language = language, .codes = "type"});
  if (field == "language") return out_.add({.name = "language", .value = value, .codes = "language"});
  if (field == "rights") return out_.rights_statement("rights", value, address, language);
  if (field == "identifier") out_.identifier(value);
  if (field == "place" || field == "coverage") {
    if (auto geometry = geometry_of(value)) {
      out_.place(std::move(*geometry));
      field == "place" ? out_.add("coordinates", value) : out_.add(field, value, language);
      return;
    }
  }
  std::string* const dated = field == "date created"  ? &created_
                             : field == "date issued" ? &issued_
                             : field == "date"        ? &date_
                                                      : nullptr;
  if (dated != nullptr && dated->empty()) *dated = certain_date(value);
  out_.add(field == "title" && out_.has("title") && language == "none" ? "alternative title" : field, value, language);
}

Record Reader::read() && {
  out_.format = "dc";
  out_.profile = "http://purl.org/dc/elements/1.1/";
  out_.media_type = "application/xml";
  out_.line = node_.line();
  if (node_.space() == "http://www.openarchives.org/OAI/2.0/oai_dc/")
    out_.profile = "http://www.openarchives.org/OAI/2.0/oai_dc/";
  if (const auto about = node_.attribute(kRdfSpace, "about"); !about.empty()) out_.identifier(about);
  for (const Node node : node_.children()) {
    if (is_term(node)) term(node);
  }
  out_.date(created_);
  out_.date(issued_);
  out_.date(date_);
  return std::move(out_);
}

}  // namespace

bool is_dublin_core(const Node& node) {
  if (node.name() == "dc")
    return node.space().ends_with("/oai_dc/") || node.space().find("dc") != std::string_view::npos;
  for (const Node child : node.children()) {
    if (is_term(child) && child.name() == "title") return true;
  }
  return false;
}

Record dublin_core_record(const Node& node) { return Reader(node).read(); }

}  // namespace armarium::ingest::readers
