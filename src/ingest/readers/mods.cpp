#include "ingest/readers/mods.h"

#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "ingest/readers/coordinates.h"
#include "ingest/readers/mods_origin.h"
#include "ingest/readers/mods_subject.h"
#include "ingest/readers/roles.h"
#include "ingest/readers/xml_parts.h"
#include "ingest/text_case.h"

namespace armarium::ingest::readers {
namespace {

using xml::Node;

class Reader {
 public:
  explicit Reader(const Node& mods) : mods_(mods) {}
  Record read() &&;

 private:
  using Method = void (Reader::*)(const Node&);
  static const std::map<std::string, Method>& methods();
  void title(const Node& node);
  void name(const Node& node) { mods_name(node, "", out_); }
  void type(const Node& node);
  void genre(const Node& node) { text(node, "genre"); }
  void origin(const Node& node) { mods_origin(node, out_, dates_); }
  void language(const Node& node);
  void physical(const Node& node);
  void abstract(const Node& node) { text(node, "abstract"); }
  void contents(const Node& node) { text(node, "contents"); }
  void audience(const Node& node) { text(node, "note audience"); }
  void note(const Node& node);
  void subject(const Node& node) { mods_subject(node, out_); }
  void classification(const Node& node) { text(node, "classification"); }
  void related(const Node& node);
  void identifier(const Node& node);
  void location(const Node& node);
  void access(const Node& node);
  void part(const Node& node);
  void info(const Node& node);
  void text(const Node& node, std::string_view field);

  const Node mods_;
  Record out_;
  ModsDates dates_;
};

const std::map<std::string, Reader::Method>& Reader::methods() {
  // In small letters: some programs write "titleinfo".
  static const std::map<std::string, Method> kMethods = {
      {"titleinfo", &Reader::title},
      {"name", &Reader::name},
      {"typeofresource", &Reader::type},
      {"genre", &Reader::genre},
      {"origininfo", &Reader::origin},
      {"language", &Reader::language},
      {"physicaldescription", &Reader::physical},
      {"abstract", &Reader::abstract},
      {"tableofcontents", &Reader::contents},
      {"targetaudience", &Reader::audience},
      {"note", &Reader::note},
      {"subject", &Reader::subject},
      {"classification", &Reader::classification},
      {"relateditem", &Reader::related},
      {"identifier", &Reader::identifier},
      {"location", &Reader::location},
      {"accesscondition", &Reader::access},
      {"part", &Reader::part},
      {"recordinfo", &Reader::info},
  };
  return kMethods;
}

void Reader::text(const Node& node, std::string_view field) {
  out_.add({.name = std::string(field),
            .value = node.text(),
            .language = language_of(node),
            .label = std::string(node.attribute("displayLabel"))});
}

void Reader::title(const Node& node) {
  const std::string title = mods_title(node);
  const std::string_view type = node.attribute("type");
  const bool other = !type.empty() || (out_.has("title") && node.attribute("usage") != "primary");
  out_.add(type == "uniform" ? "uniform title" : other ? "alternative title" : "title", title, language_of(node));
}

void Reader::type(const Node& node) {
  const bool manuscript = node.attribute("manuscript") == "yes";
  out_.add({.name = "type", .value = node.text(), .language = language_of(node), .codes = "type"});
  if (manuscript) out_.add({.name = "type", .value = "manuscript", .codes = "type"});
}

void Reader::language(const Node& node) {
  std::string code;
  std::string text;
  for (const Node term : children_of(node, "languageTerm")) {
    (term.attribute("type") == "code" ? code : text) = term.text();
  }
  if (!code.empty()) return out_.add({.name = "language", .value = code, .codes = "language"});
  out_.add({.name = "language", .value = text.empty() ? node.text() : text, .codes = "language"});
}

void Reader::physical(const Node& node) {
  for (const Node each : node.children()) {
    const std::string_view name = each.name();
    if (name == "extent") text(each, "extent");
    if (name == "form") text(each, each.attribute("type") == "technique" ? "technique" : "form");
    if (name == "note") text(each, "note physical description");
  }
}

void Reader::note(const Node& node) {
  const std::string type = lower(node.attribute("type"));
  if (type == "noteaboutreproduction") return;  // of NDNP: "Present"
  if (type == "agencyresponsibleforreproduction" && !node.attribute("displayLabel").empty())
    return out_.add("note reproduction", node.attribute("displayLabel"));
  text(node, type.empty()            ? "note"
             : type == "ownership"   ? "provenance"
             : type == "acquisition" ? "acquisition"
                                     : "note " + type);
}

void Reader::related(const Node& node) {
  const std::string_view type = node.attribute("type");
  std::string title;
  if (const Node info = child_of(node, "titleInfo")) title = mods_title(info);
  if (title.empty() && node.children().empty()) title = node.text();
  if (title.empty()) title = std::string(node.attribute(xml::kXlinkSpace, "href"));
  if (const Node part = child_of(node, "part")) title = joined({title, mods_part(part)}, ", ");
  const char* field = type == "host" || type == "otherFormat" ? (type == "host" ? "host" : "related")
                      : type == "series"                      ? "series"
                      : type == "original"                    ? "original"
                      : type == "preceding"                   ? "preceding"
                      : type == "succeeding"                  ? "succeeding"
                                                              : "related";
  out_.add(field, title, language_of(node));
  if (type == "original") {  // where the thing itself is
    for (const Node place : children_of(node, "location")) location(place);
  }
}

void Reader::identifier(const Node& node) {
  if (node.attribute("invalid") == "yes") return;
  const std::string type = lower(node.attribute("type"));
  out_.identifier(node.text());
  text(node, type.empty() ? "identifier" : "identifier " + type);
}

void Reader::location(const Node& node) {
  bool named = false;
  for (const Node place : children_of(node, "physicalLocation")) named = named || place.attribute("type") != "code";
  for (const Node place : children_of(node, "physicalLocation")) {
    if (named && place.attribute("type") == "code") continue;
    // A code of an institution, with its name for people.
    const bool code = place.attribute("authority") == "marcorg" && !place.attribute("displayLabel").empty();
    code ? out_.add("repository", place.attribute("displayLabel")) : text(place, "repository");
  }
  for (const Node mark : children_of(node, "shelfLocator")) text(mark, "shelfmark");
  for (const Node mark : node.below(node.space(), "copyInformation")) {
    for (const Node each : children_of(mark, "shelfLocator")) text(each, "shelfmark");
  }
  for (const Node url : children_of(node, "url")) out_.add("link", url.text());
}

void Reader::access(const Node& node) {
  const std::string type = lower(node.attribute("type"));
  const std::string_view address = node.attribute(xml::kXlinkSpace, "href");
  if (type == "player") return;  // of Wellcome's records: a number of its own
  if (type.find("restriction") != std::string::npos || type == "status") return text(node, "access");
  out_.rights_from(address);
  out_.rights_from(node.text());
  text(node, "rights");
}

void Reader::part(const Node& node) {
  out_.add("part", mods_part(node));
  for (const Node date : children_of(node, "date")) {
    if (dates_.issued.empty() && date.attribute("qualifier").empty()) dates_.issued = date.text();
  }
}

void Reader::info(const Node& node) {
  for (const Node number : children_of(node, "recordIdentifier")) out_.identifier(number.text());
}

Record Reader::read() && {
  out_.format = "mods";
  out_.profile = std::string(mods_.space().empty() ? kModsSpace : mods_.space());
  out_.media_type = "application/mods+xml";
  out_.line = mods_.line();
  for (const Node node : mods_.children()) {
    if (node.space() != mods_.space()) continue;
    const auto method = methods().find(lower(node.name()));
    if (method != methods().end()) (this->*method->second)(node);
  }
  out_.date(dates_.key);
  out_.date(dates_.created);
  out_.date(dates_.issued);
  return std::move(out_);
}

}  // namespace

bool is_mods(const Node& node) {
  return node.name() == "mods" && (node.space().starts_with("http://www.loc.gov/mods") || node.space().empty());
}

Record mods_record(const Node& mods) { return Reader(mods).read(); }

}  // namespace armarium::ingest::readers
