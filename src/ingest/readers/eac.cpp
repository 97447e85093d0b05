#include "ingest/readers/eac.h"

#include <charconv>
#include <string>
#include <vector>

#include "ingest/readers/coordinates.h"
#include "ingest/readers/xml_parts.h"

namespace armarium::ingest::readers {
namespace {

using xml::Node;

// EAC 2.0 says languageOfElement where EAC-CPF 1 said xml:lang.
std::string tongue_of(const Node& node) {
  const std::string_view own = node.attribute("languageOfElement");
  return own.empty() ? language_of(node) : language_tag(own);
}

class Reader {
 public:
  explicit Reader(const Node& root) : root_(root) {}
  Record read() &&;

 private:
  void control(const Node& control);
  void identity(const Node& identity);
  void description(const Node& description);
  void relations(const Node& relations);
  void history(const Node& node);
  void each(const Node& in, std::string_view element, std::string_view field);
  void place(const Node& node);

  const Node root_;
  Record out_;
};

// "1850–1927" of fromDate and toDate; a date as it is written.
std::string dates_of(const Node& node) {
  std::vector<std::string> out;
  for (const Node part : node.children()) {
    if (part.name() == "date") out.push_back(part.text());
    if (part.name() == "dateRange")
      out.push_back(joined({text_of(part, "fromDate"), text_of(part, "toDate")}, "\u2013"));
    if (part.name() == "dateSet") out.push_back(dates_of(part));
  }
  return joined(out, ", ");
}

std::string name_of(const Node& entry) {
  std::vector<std::string> parts;
  for (const Node part : children_of(entry, "part")) parts.push_back(part.text());
  return joined(parts, ", ");
}

void Reader::control(const Node& control) {
  for (const char* name : {"recordId", "otherRecordId"}) {
    for (const Node number : children_of(control, name)) out_.identifier(number.text());
  }
  const Node agency = child_of(control, "maintenanceAgency");
  for (const Node name : children_of(agency, "agencyName")) out_.add("record source", name.text(), tongue_of(name));
  if (!out_.has("record source")) out_.add("record source", text_of(agency, "agencyCode"));
}

void Reader::identity(const Node& identity) {
  const std::string type = text_of(identity, "entityType").empty()
                               ? std::string(child_of(identity, "entityType").attribute("value"))
                               : text_of(identity, "entityType");
  out_.add({.name = "type", .value = type, .codes = "type"});
  for (const char* name : {"entityId", "identityId"}) {
    for (const Node number : children_of(identity, name)) {
      out_.identifier(number.text());
      out_.add("identifier", number.text());
    }
  }
  for (const Node entry : identity.below(identity.space(), "nameEntry")) {
    const bool parallel = entry.parent().name() == "nameEntryParallel";
    const std::string language = tongue_of(entry);
    const bool first = !out_.has("title") || (parallel && language != "none" && out_.fields.back().name == "title");
    out_.add(first ? "title" : "alternative title", name_of(entry), language);
  }
}

// A paragraph each; the abstract goes before it all.
void Reader::history(const Node& node) {
  std::vector<std::string> texts;
  for (const Node part : children_of(node, "abstract")) texts.push_back(part.text());
  if (texts.empty()) {
    for (const Node part : children_of(node, "p")) texts.push_back(part.text());
  }
  for (const std::string& text : texts) out_.add("abstract", text, tongue_of(node));
}

void Reader::place(const Node& node) {
  std::vector<Node> entries;
  for (const char* name : {"placeEntry", "placeName"}) {
    for (const Node entry : children_of(node, name)) entries.push_back(entry);
  }
  for (const Node& entry : entries) {
    out_.add("place", entry.text(), tongue_of(entry));
    const auto latitude = degrees_of(entry.attribute("latitude"), 90);
    const auto longitude = degrees_of(entry.attribute("longitude"), 180);
    if (!latitude || !longitude) continue;
    if (auto point = point_of(*longitude, *latitude)) out_.place(std::move(*point), entry.text());
  }
}

// <occupations><occupation><term>: the list may be left out.
void Reader::each(const Node& in, std::string_view element, std::string_view field) {
  for (const Node node : in.below(in.space(), element)) {
    std::string text = text_of(node, "term");
    if (text.empty() && node.children().empty()) text = node.text();
    out_.add(field, text, tongue_of(node));
  }
}

void Reader::description(const Node& description) {
  out_.add("life dates", dates_of(child_of(description, "existDates")));
  for (const Node node : description.below(description.space(), "place")) place(node);
  each(description, "occupation", "occupation");
  each(description, "function", "function");
  each(description, "legalStatus", "legal status");
  for (const Node used : description.below(description.space(), "languageUsed")) {
    const Node language = child_of(used, "language");
    const std::string_view code = language.attribute("languageCode");
    out_.add({.name = "language", .value = code.empty() ? language.text() : std::string(code), .codes = "language"});
  }
  for (const Node node : description.below(description.space(), "biogHist")) history(node);
  for (const char* name : {"generalContext", "structureOrGenealogy"}) {
    for (const Node node : description.below(description.space(), name)) {
      for (const Node text : children_of(node, "p")) out_.add("note", text.text(), tongue_of(text));
    }
  }
}

void Reader::relations(const Node& relations) {
  for (const Node node : children_of(relations, "cpfRelation"))
    out_.add("related name", text_of(node, "relationEntry"), tongue_of(node));
  for (const Node node : children_of(relations, "resourceRelation"))
    out_.add("related", text_of(node, "relationEntry"), tongue_of(node));
  for (const Node node : children_of(relations, "relation")) {  // EAC 2.0
    const Node target = child_of(node, "targetEntity");
    const bool agent = target.attribute("targetType") != "resource";
    out_.add(agent ? "related name" : "related", name_of(target), tongue_of(node));
  }
}

Record Reader::read() && {
  out_.format = "eac-cpf";
  out_.profile = std::string(root_.space().empty() ? "urn:isbn:1-931666-33-4" : root_.space());
  out_.media_type = "application/xml";
  out_.line = root_.line();
  control(child_of(root_, "control"));
  for (const Node description_of : root_.below(root_.space(), "cpfDescription")) {
    identity(child_of(description_of, "identity"));
    description(child_of(description_of, "description"));
    relations(child_of(description_of, "relations"));
  }
  return std::move(out_);
}

}  // namespace

bool is_eac(const Node& node) {
  return node.name() == "eac-cpf" || (node.name() == "eac" && node.space().find("eac") != std::string_view::npos);
}

Record eac_record(const Node& root) { return Reader(root).read(); }

}  // namespace armarium::ingest::readers
