#include "ingest/readers/pbcore.h"

#include <string>

#include "ingest/readers/dates.h"
#include "ingest/readers/roles.h"
#include "ingest/readers/xml_parts.h"
#include "ingest/text_case.h"

namespace armarium::ingest::readers {
namespace {

using xml::Node;

class Reader {
 public:
  explicit Reader(const Node& root) : root_(root) {}
  Record read() &&;

 private:
  void title(const Node& node);
  void date(const Node& node);
  void agent(const Node& node, std::string_view element, std::string_view field);
  void rights(const Node& node);
  void instantiation(const Node& node);
  void element(const Node& node);

  const Node root_;
  Record out_;
  std::string created_;
  std::string other_date_;
};

void Reader::title(const Node& node) {
  const std::string type = lower(node.attribute("titleType"));
  const std::string language = language_of(node);
  if (type == "series" || type == "collection") return out_.add("series", node.text(), language);
  const bool main = type.empty() || type == "main" || type == "title" || type == "program" || type == "episode";
  out_.add(main && !out_.has("title") ? "title" : "alternative title", node.text(), language);
}

void Reader::date(const Node& node) {
  const std::string type = lower(node.attribute("dateType"));
  const std::string text = node.text();
  if (type == "created") {
    out_.add("date created", text);
    if (created_.empty()) created_ = certain_date(text);
  } else {
    out_.add(type == "broadcast"   ? "date broadcast"
             : type == "issued"    ? "date issued"
             : type == "copyright" ? "date copyrighted"
                                   : "date",
             text);
    if (other_date_.empty() && type != "copyright") other_date_ = certain_date(text);
  }
}

void Reader::agent(const Node& node, std::string_view element, std::string_view field) {
  const std::string name = text_of(node, element);
  const std::string role = text_of(node, std::string(element) + "Role");
  if (!add_name(out_, name, role, language_of(node))) out_.add(field, name, language_of(node));
}

void Reader::rights(const Node& node) {
  const std::string link = text_of(node, "rightsLink");
  const std::string summary = text_of(node, "rightsSummary");
  out_.rights_statement("rights", summary.empty() ? link : summary, link);
}

// Of the thing and of its files: how long, on what. Ids, sizes and tracks are left to who keeps them.
void Reader::instantiation(const Node& node) {
  for (const Node part : node.children()) {
    const std::string_view name = part.name();
    if (name == "instantiationPhysical") out_.add("material", part.text());
    if (name == "instantiationDimensions")
      out_.add("dimensions", joined({part.text(), std::string(part.attribute("unitsOfMeasure"))}, " "));
    if (name == "instantiationDuration" && !out_.has("duration")) out_.add("duration", part.text());
    if (name == "instantiationColors") out_.add("format", part.text());
    if (name == "instantiationLanguage") {
      const std::string codes = part.text();
      for (std::size_t at = 0; at < codes.size(); at = std::min(codes.find(';', at), codes.size() - 1) + 1)
        out_.add({.name = "language",
                  .value = codes.substr(at, std::min(codes.find(';', at), codes.size()) - at),
                  .codes = "language"});
    }
    if (name == "instantiationRights") {
      for (const Node summary : children_of(part, "rightsSummary")) out_.add("rights", summary.text());
    }
  }
}

void Reader::element(const Node& node) {
  const std::string_view name = node.name();
  const std::string language = language_of(node);
  if (name == "pbcoreAssetType")
    out_.add({.name = "type", .value = node.text(), .language = language, .codes = "type"});
  if (name == "pbcoreAssetDate") date(node);
  if (name == "pbcoreIdentifier") {
    out_.identifier(node.text());
    out_.add("identifier", node.text());
  }
  if (name == "pbcoreTitle") title(node);
  if (name == "pbcoreSubject") out_.add("subject", node.text(), language);
  if (name == "pbcoreDescription") out_.add("abstract", node.text(), language);
  if (name == "pbcoreGenre") out_.add("genre", node.text(), language);
  if (name == "pbcoreRelation") out_.add("related", text_of(node, "pbcoreRelationIdentifier"), language);
  if (name == "pbcoreCoverage") {
    const std::string type = lower(text_of(node, "coverageType"));
    out_.add(type == "temporal"  ? "period"
             : type == "spatial" ? "place"
                                 : "coverage",
             text_of(node, "coverage"), language);
  }
  if (name == "pbcoreAudienceLevel" || name == "pbcoreAudienceRating") out_.add("note audience", node.text(), language);
  if (name == "pbcoreCreator") agent(node, "creator", "creator");
  if (name == "pbcoreContributor") agent(node, "contributor", "contributor");
  if (name == "pbcorePublisher") agent(node, "publisher", "publisher");
  if (name == "pbcoreRightsSummary") rights(node);
  if (name == "pbcoreAnnotation") {
    out_.add({.name = "note",
              .value = node.text(),
              .language = language,
              .label = std::string(node.attribute("annotationType"))});
  }
  if (name == "pbcoreInstantiation") instantiation(node);
}

Record Reader::read() && {
  out_.format = "pbcore";
  out_.profile =
      std::string(root_.space().empty() ? "http://www.pbcore.org/PBCore/PBCoreNamespace.html" : root_.space());
  out_.media_type = "application/xml";
  out_.line = root_.line();
  for (const Node node : root_.children()) element(node);
  // Parts are things of their own; where nothing else says how long it is and on what, they do.
  if (!out_.has("duration") && !out_.has("material")) {
    for (const Node part : children_of(root_, "pbcorePart")) {
      for (const Node node : children_of(part, "pbcoreInstantiation")) instantiation(node);
    }
  }
  if (out_.nav_date.empty()) out_.nav_date = created_.empty() ? other_date_ : created_;
  return std::move(out_);
}

}  // namespace

bool is_pbcore(const Node& node) { return node.name() == "pbcoreDescriptionDocument"; }

Record pbcore_record(const Node& root) { return Reader(root).read(); }

}  // namespace armarium::ingest::readers
