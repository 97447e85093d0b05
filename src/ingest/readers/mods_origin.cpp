#include "ingest/readers/mods_origin.h"

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ingest/readers/dates.h"
#include "ingest/readers/xml_parts.h"
#include "ingest/text_case.h"

namespace armarium::ingest::readers {
namespace {

using xml::Node;

struct DateKind {
  std::string_view element;
  std::string_view field;
};
constexpr std::array<DateKind, 7> kKinds = {{{"dateCreated", "date created"},
                                             {"dateIssued", "date issued"},
                                             {"copyrightDate", "date copyrighted"},
                                             {"dateCaptured", "date captured"},
                                             {"dateValid", "date valid"},
                                             {"dateModified", "date modified"},
                                             {"dateOther", "date"}}};

// What a qualifier says, in the signs that catalogues use.
std::string qualified(std::string text, std::string_view qualifier) {
  if (qualifier == "approximate") return "ca. " + text;
  if (qualifier == "inferred") return "[" + text + "]";
  if (qualifier == "questionable") return text + "?";
  return text;
}

struct Found {
  std::string shown;    // what was written for people, else the encoded
  std::string certain;  // of an encoded or plain date without a doubt
  std::string key;      // the same with keyDate
};

// All dates of one kind in one originInfo: for people and for machines, ends of a span.
Found dates_of(const Node& origin, std::string_view element) {
  std::vector<std::string> plain;
  std::vector<std::string> encoded;
  std::string start;
  std::string end;
  Found found;
  bool doubt = false;
  for (const Node node : children_of(origin, element)) {
    const std::string text = node.text();
    if (text.empty()) continue;
    const std::string_view qualifier = node.attribute("qualifier");
    const std::string_view point = node.attribute("point");
    const std::string shown = qualified(text, qualifier);
    if (point == "start") {
      start = shown;
    } else if (point == "end") {
      end = shown;
    } else {
      const std::string certain = qualifier.empty() ? certain_date(text) : std::string();
      if (found.certain.empty()) found.certain = certain;
      if (node.attribute("keyDate") == "yes") found.key = certain;
      const bool is_encoded = !node.attribute("encoding").empty();
      doubt = doubt || (!is_encoded && certain.empty());
      (is_encoded ? encoded : plain).push_back(shown);
    }
  }
  found.shown = joined(plain.empty() ? encoded : plain, "; ");
  if (!start.empty() || !end.empty()) {
    if (plain.empty()) found.shown = joined({found.shown, start == end ? start : start + "\u2013" + end}, "; ");
    if (start != end) doubt = true;
    if (start == end && found.certain.empty()) found.certain = certain_date(start);
  }
  if (doubt) found.certain.clear();
  return found;
}

bool is_digitisation(const Node& origin) {
  const std::string event = lower(origin.attribute("eventType"));
  if (event.starts_with("digiti")) return true;
  return lower(text_of(origin, "edition")).find("electronic ed") != std::string::npos;
}

std::vector<std::string> places_of(const Node& origin) {
  std::vector<std::string> out;
  for (const Node place : children_of(origin, "place")) {
    for (const Node term : children_of(place, "placeTerm")) {
      if (term.attribute("type") != "code") out.push_back(term.text());
    }
  }
  return out;
}

std::vector<std::string> publishers_of(const Node& origin) {
  std::vector<std::string> out;
  for (const Node publisher : children_of(origin, "publisher")) out.push_back(publisher.text());
  for (const Node agent : children_of(origin, "agent")) out.push_back(text_of(agent, "namePart"));
  return out;
}

// "Dresden: SLUB, 2019": about the copy, not about the work.
void digitisation(const Node& origin, Record& out) {
  std::vector<std::string> dates;
  dates.reserve(kKinds.size());
  for (const DateKind& kind : kKinds) dates.push_back(dates_of(origin, kind.element).shown);
  const std::string where = joined({joined(places_of(origin), ", "), joined(publishers_of(origin), ", ")}, ": ");
  out.add("digitization", joined({where, joined(dates, "; ")}, ", "), language_of(origin));
}

}  // namespace

void mods_origin(const Node& origin, Record& out, ModsDates& dates) {
  if (is_digitisation(origin)) return digitisation(origin, out);
  const std::string event = lower(origin.attribute("eventType"));
  const bool made = event == "creation" || event == "production";
  for (const std::string& place : places_of(origin)) out.add(made ? "creation place" : "publication place", place);
  for (const std::string& publisher : publishers_of(origin)) out.add(made ? "creator" : "publisher", publisher);
  for (const DateKind& kind : kKinds) {
    const Found found = dates_of(origin, kind.element);
    out.add(kind.field, found.shown);
    if (dates.key.empty()) dates.key = found.key;
    if (kind.element == "dateCreated" && dates.created.empty()) dates.created = found.certain;
    if (kind.element == "dateIssued" && dates.issued.empty()) dates.issued = found.certain;
  }
  for (const Node edition : children_of(origin, "edition")) out.add("edition", edition.text(), language_of(edition));
  for (const Node frequency : children_of(origin, "frequency")) out.add("frequency", frequency.text());
}

}  // namespace armarium::ingest::readers
