#include "ingest/readers/tei_header.h"

#include <string>
#include <vector>

#include "ingest/readers/tei_manuscript.h"
#include "ingest/readers/xml_parts.h"

namespace armarium::ingest::readers {
namespace {

using xml::Node;

class Reader {
 public:
  explicit Reader(const Node& root) : root_(root), header_(child_of(root, "teiHeader")) {}
  Record read() &&;

 private:
  void titles(const Node& statement);
  void publication(const Node& statement);
  void source(const Node& source);
  void profile(const Node& profile);
  void letter(const Node& description);
  void bibliography(const Node& entry);

  const Node root_;
  const Node header_;
  Record out_;
};

void Reader::titles(const Node& statement) {
  std::string main;
  std::string sub;
  std::string language = "none";
  for (const Node title : children_of(statement, "title")) {
    const std::string_view type = title.attribute("type");
    const std::string text = tei_text(title);
    if (type == "sub") {
      sub = joined({sub, text}, ". ");
    } else if (type == "collection" || type == "series") {
      out_.add("series", text, language_of(title));
    } else if (main.empty() && type != "alt" && type != "desc") {
      main = text;
      language = language_of(title);
    } else {
      out_.add("alternative title", text, language_of(title));
    }
  }
  out_.add("title", joined({main, sub}, ": "), language);
  for (const Node author : children_of(statement, "author")) out_.add("role aut", tei_text(author));
  for (const Node editor : children_of(statement, "editor")) out_.add("role edt", tei_text(editor));
  for (const Node sponsor : children_of(statement, "sponsor")) out_.add("role spn", tei_text(sponsor));
}

// Of the file: who published it, and under what terms. These say nothing of the pictures.
void Reader::publication(const Node& statement) {
  for (const Node house : statement.children()) {
    if (house.name() != "publisher" && house.name() != "distributor" && house.name() != "authority") continue;
    std::vector<std::string> parts;
    for (const Node part : children_of(house, "orgName")) parts.push_back(part.text());
    out_.add("record source", parts.empty() ? house.text() : joined(parts, ", "));
  }
  for (const Node number : children_of(statement, "idno")) {
    const std::string_view type = number.attribute("type");
    if (type == "collection" || type == "catalogue") continue;
    out_.identifier(number.text());
    out_.add("identifier", number.text());
  }
  for (const Node terms : statement.below(root_.space(), "licence")) {
    const std::string text = terms.text();
    out_.add("record rights", text.empty() ? std::string(terms.attribute("target")) : text, language_of(terms));
  }
}

// A print: author, title, where and when.
void Reader::bibliography(const Node& entry) {
  for (const Node author : entry.below(root_.space(), "author")) out_.add("role aut", tei_text(author));
  for (const Node place : entry.below(root_.space(), "pubPlace")) out_.add("publication place", tei_text(place));
  for (const Node publisher : entry.below(root_.space(), "publisher")) out_.add("publisher", tei_text(publisher));
  for (const Node date : entry.below(root_.space(), "date")) {
    const std::string text = date.text();
    out_.add("date issued", text.empty() ? std::string(date.attribute("when")) : text);
    if (!out_.nav_date.empty()) continue;
    const std::string marked = tei_date(date);
    marked.empty() && date.attributes().empty() ? out_.date(text) : static_cast<void>(out_.nav_date = marked);
  }
  if (entry.name() == "bibl" || entry.children().empty()) out_.add("source", tei_text(entry), language_of(entry));
}

void Reader::source(const Node& source) {
  bool one = false;  // the first is what the file is made from
  for (const Node part : source.children()) {
    if (part.name() == "msDesc") {
      tei_manuscript(part, out_);
    } else if (!one && (part.name() == "bibl" || part.name() == "biblFull" || part.name() == "biblStruct")) {
      bibliography(part);
      one = true;
    } else if (part.name() == "p") {
      out_.add("source", tei_text(part), language_of(part));
    }
  }
}

// correspDesc: who wrote to whom, when and where.
void Reader::letter(const Node& description) {
  for (const Node action : children_of(description, "correspAction")) {
    const std::string_view type = action.attribute("type");
    const bool sent = type == "sent";
    if (!sent && type != "received") continue;
    for (const char* name : {"persName", "orgName", "name"}) {
      for (const Node who : children_of(action, name)) out_.add(sent ? "role snd" : "role rcp", tei_text(who));
    }
    if (!sent) continue;
    for (const char* name : {"placeName", "settlement"}) {
      for (const Node where : children_of(action, name)) out_.add("creation place", tei_text(where));
    }
    for (const Node date : children_of(action, "date")) {
      const std::string text = date.text();
      out_.add("date created", text.empty() ? std::string(date.attribute("when")) : text);
      if (out_.nav_date.empty()) out_.nav_date = tei_date(date);
    }
  }
}

void Reader::profile(const Node& profile) {
  for (const Node date : child_of(profile, "creation").children()) {
    if (date.name() == "date") {
      out_.add("date created", date.text());
      if (out_.nav_date.empty()) out_.nav_date = tei_date(date);
    }
    if (date.name() == "placeName" || date.name() == "settlement") out_.add("creation place", tei_text(date));
  }
  for (const Node text : children_of(profile, "abstract")) out_.add("abstract", tei_text(text), language_of(text));
  for (const Node language : child_of(profile, "langUsage").children()) {
    const std::string_view code = language.attribute("ident");
    const bool known = language_tag(code.substr(0, code.find('-'))) != "none";
    out_.add({.name = "language",
              .value = known ? std::string(code.substr(0, code.find('-'))) : language.text(),
              .codes = "language"});
  }
  for (const Node keywords : profile.below(root_.space(), "keywords")) {
    for (const Node term : keywords.below(root_.space(), "term"))
      out_.add("subject", tei_text(term), language_of(term));
  }
  for (const Node description : children_of(profile, "correspDesc")) letter(description);
}

Record Reader::read() && {
  out_.format = "tei";
  out_.profile = std::string(root_.space().empty() ? "http://www.tei-c.org/ns/1.0" : root_.space());
  out_.media_type = "application/tei+xml";
  out_.line = root_.line();
  out_.has_text = !at_path(root_, "text/body").text().empty();
  out_.identifier(root_.attribute(xml::kXmlSpace, "id"));
  const Node file = child_of(header_, "fileDesc");
  titles(child_of(file, "titleStmt"));
  for (const Node edition : child_of(file, "editionStmt").children()) {
    if (edition.name() == "edition") out_.add("edition", tei_text(edition), language_of(edition));
  }
  for (const Node note : child_of(file, "notesStmt").children()) out_.add("note", note.text(), language_of(note));
  publication(child_of(file, "publicationStmt"));
  for (const Node series : child_of(file, "seriesStmt").children()) {
    if (series.name() == "title") out_.add("series", tei_text(series), language_of(series));
  }
  source(child_of(file, "sourceDesc"));
  profile(child_of(header_, "profileDesc"));
  return std::move(out_);
}

}  // namespace

bool is_tei(const Node& node) {
  return (node.name() == "TEI" || node.name() == "TEI.2") && child_of(node, "teiHeader");
}

Record tei_record(const Node& root) { return Reader(root).read(); }

}  // namespace armarium::ingest::readers
