#include "ingest/readers/tei_manuscript.h"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "ingest/readers/dates.h"
#include "ingest/readers/xml_parts.h"

namespace armarium::ingest::readers {
namespace {

using xml::Node;

void identifier(const Node& node, Record& out) {
  std::string house = text_of(node, "repository");
  const std::string institution = text_of(node, "institution");
  if (house.empty()) {
    house = institution;
  } else if (!institution.empty() && institution != house) {
    house = joined({institution, house}, ", ");
  }
  const std::string town = text_of(node, "settlement");
  out.add("repository", joined({town, house}, ", "));
  std::string shelfmark;
  std::vector<std::string> others;
  for (const Node number : children_of(node, "idno")) {
    const std::string_view type = number.attribute("type");
    const std::string text = number.text();
    out.identifier(text);
    if (shelfmark.empty() && (type.empty() || type == "shelfmark")) {
      shelfmark = text;
    } else {
      others.push_back(text);
    }
  }
  if (shelfmark.empty() && !others.empty()) {
    shelfmark = others.front();
    others.erase(others.begin());
  }
  for (const std::string& number : others) out.add("identifier", number);
  out.add("shelfmark", joined({text_of(node, "collection"), shelfmark}, " "));
  for (const Node name : children_of(node, "msName")) out.add("alternative title", name.text(), language_of(name));
  for (const Node other : children_of(node, "altIdentifier")) {
    for (const Node number : children_of(other, "idno")) out.identifier(number.text());
  }
}

// "(fols. 15r–78v) Manuel Moschopoulos, vocum Atticarum sylloge".
void contents(const Node& node, Record& out, int depth) {
  for (const Node item : children_of(node, "msItem")) {
    std::vector<std::string> what;
    for (const Node author : children_of(item, "author")) what.push_back(tei_text(author));
    for (const Node title : children_of(item, "title")) what.push_back(tei_text(title));
    for (const Node rubric : children_of(item, "rubric")) {
      if (what.empty()) what.push_back(tei_text(rubric));
    }
    if (const Node work = child_of(item, "bibl"); work && what.empty())
      what = {tei_text(child_of(work, "author")), tei_text(child_of(work, "title"))};
    const std::string line = joined({text_of(item, "locus"), joined(what, ", ")}, " ");
    if (!joined(what, "").empty()) out.add("contents", line, "none");
    if (depth < 3) contents(item, out, depth + 1);
  }
}

void language(const Node& node, Record& out) {
  const auto add = [&](std::string_view codes) {
    while (!codes.empty()) {
      const std::size_t end = std::min(codes.find(' '), codes.size());
      const std::string_view code = codes.substr(0, std::min(codes.substr(0, end).find('-'), end));
      out.add({.name = "language", .value = std::string(code), .codes = "language"});
      codes.remove_prefix(std::min(end + 1, codes.size()));
    }
  };
  for (const Node used : node.below(node.space(), "textLang")) {
    add(used.attribute("mainLang"));
    add(used.attribute("otherLangs"));
    if (used.attribute("mainLang").empty()) out.add("language", used.text());
  }
}

void body(const Node& node, Record& out) {
  const Node object = child_of(node, "objectDesc");
  out.add("form", std::string(object.attribute("form")));
  const Node support = child_of(object, "supportDesc");
  const std::string said = tei_text(child_of(support, "support"));
  out.add("material", said.empty() ? std::string(support.attribute("material")) : said);
  const Node extent = child_of(support, "extent");
  std::string leaves;
  for (const Node part : extent.content()) {
    if (part.is_text()) leaves += part.raw_text();
    if (!part.is_text() && part.name() != "dimensions") leaves += " " + tei_text(part) + " ";
  }
  out.add("extent", leaves);
  for (const Node size : extent.below(node.space(), "dimensions")) {
    const std::string amount =
        joined({text_of(size, "height"), text_of(size, "width"), text_of(size, "depth")}, " \u00d7 ");
    const std::string measured = joined({amount, std::string(size.attribute("unit"))}, " ");
    if (!amount.empty()) out.add("dimensions", joined({std::string(size.attribute("type")), measured}, ": "));
  }
  out.add("condition", tei_text(child_of(support, "condition")));
  const Node hands = child_of(node, "handDesc");
  std::vector<std::string> each_hand;
  for (const Node hand : children_of(hands, "handNote")) each_hand.push_back(tei_text(hand));
  out.add("hands", each_hand.empty() ? tei_text(hands) : joined(each_hand, "; "));
  out.add("decoration", tei_text(child_of(node, "decoDesc")));
  out.add("binding", tei_text(child_of(node, "bindingDesc")));
}

void history(const Node& node, Record& out) {
  const Node origin = child_of(node, "origin");
  for (const Node date : origin.below(node.space(), "origDate")) {
    out.add("date created", date.text());
    if (out.nav_date.empty()) out.nav_date = tei_date(date);
  }
  for (const Node place : origin.below(node.space(), "origPlace")) out.add("creation place", tei_text(place));
  for (const Node part : children_of(node, "provenance")) out.add("provenance", tei_text(part), language_of(part));
  for (const Node part : children_of(node, "acquisition")) out.add("acquisition", tei_text(part), language_of(part));
}

void collect(const Node& node, std::string& out, int depth) {
  for (const Node part : node.content()) {
    if (part.is_text()) {
      out += part.raw_text();
    } else if (part.name() != "note" && depth < 100) {
      collect(part, out, depth + 1);
      out += part.name() == "p" || part.name() == "dimensions" || part.name() == "height" ? " " : "";
    }
  }
}

}  // namespace

std::string tei_text(const Node& node) {
  std::string out;
  collect(node, out, 0);
  return collapsed(out);
}

std::string tei_date(const Node& node) {
  const std::string_view cert = node.attribute("cert");
  if (cert == "low" || cert == "unknown") return {};
  if (const auto when = node.attribute("when"); !when.empty()) return certain_date(when);
  const auto ends = [&](const char* first, const char* last) {
    return node.attribute(first).empty() || node.attribute(last).empty()
               ? std::string()
               : span_of(node.attribute(first), node.attribute(last)).nav_date;
  };
  std::string date = ends("notBefore", "notAfter");
  return date.empty() ? ends("from", "to") : date;
}

void tei_manuscript(const Node& description, Record& out) {
  identifier(child_of(description, "msIdentifier"), out);
  for (const Node head : children_of(description, "head")) out.add("abstract", tei_text(head), language_of(head));
  const Node inside = child_of(description, "msContents");
  for (const Node summary : children_of(inside, "summary"))
    out.add("abstract", tei_text(summary), language_of(summary));
  contents(inside, out, 0);
  language(inside, out);
  body(child_of(description, "physDesc"), out);
  history(child_of(description, "history"), out);
  for (const Node part : children_of(description, "msPart")) {  // what is bound together
    const Node first = child_of(part, "msContents");
    contents(first, out, 1);
    language(first, out);
  }
  const Node administration = at_path(description, "additional/adminInfo");
  for (const Node terms : administration.below(description.space(), "licence"))
    out.rights_statement("rights", terms.text(), terms.attribute("target"), language_of(terms));
}

}  // namespace armarium::ingest::readers
