#include "ingest/readers/mods_subject.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ingest/readers/coordinates.h"
#include "ingest/readers/roles.h"
#include "ingest/readers/xml_parts.h"

namespace armarium::ingest::readers {
namespace {

using xml::Node;

void cartographics(const Node& node, Record& out) {
  out.add("scale", joined({text_of(node, "scale"), text_of(node, "projection")}, "; "));
  for (const Node coordinates : children_of(node, "coordinates")) {
    const std::string text = coordinates.text();
    out.add("coordinates", text);
    if (auto geometry = geometry_of(text)) out.place(std::move(*geometry));
  }
}

// From the largest to the smallest: "Europe – Germany – Dresden".
std::string hierarchy(const Node& node) {
  std::vector<std::string> parts;
  for (const Node each : node.children()) parts.push_back(each.text());
  return joined(parts, " \u2013 ");
}

std::string_view field_of(std::string_view element) {
  if (element == "geographic" || element == "hierarchicalGeographic") return "place";
  if (element == "temporal") return "period";
  if (element == "name") return "subject name";
  if (element == "genre") return "genre";
  return "subject";
}

// "1900–1950" of two points of time, else the text.
std::string heading(const Node& node) {
  if (node.name() == "name") return mods_name_text(node);
  if (node.name() == "titleInfo") return mods_title(node);
  if (node.name() == "hierarchicalGeographic") return hierarchy(node);
  return node.text();
}

}  // namespace

std::string mods_title(const Node& info) {
  std::string title = text_of(info, "title");
  if (const std::string article = text_of(info, "nonSort"); !article.empty()) {
    const bool close = article.ends_with("'") || article.ends_with("\u2019") || article.ends_with("-");
    title = article + (close ? "" : " ") + title;
  }
  for (const Node sub : children_of(info, "subTitle")) title = joined({title, sub.text()}, ": ");
  const std::string part = joined({text_of(info, "partNumber"), text_of(info, "partName")}, ", ");
  if (title.empty() && part.empty() && info.children().empty()) return info.text();
  return joined({title, part}, ". ");
}

std::string mods_part(const Node& part) {
  std::vector<std::string> out;
  for (const Node detail : children_of(part, "detail")) {
    const std::string number = text_of(detail, "number");
    const std::string caption = text_of(detail, "caption");
    const std::string type(detail.attribute("type"));
    std::string text = joined(
        {caption.empty() && number.find_first_not_of("0123456789") == std::string::npos ? type : caption, number}, " ");
    if (number.empty() && caption.empty()) text = text_of(detail, "title");
    out.push_back(std::move(text));
  }
  for (const Node extent : children_of(part, "extent")) {
    const std::string list = text_of(extent, "list");
    out.push_back(list.empty() ? joined({text_of(extent, "start"), text_of(extent, "end")}, "\u2013") : list);
  }
  for (const Node date : children_of(part, "date")) out.push_back(date.text());
  return joined(out, ", ");
}

std::string mods_name_text(const Node& name) {
  if (std::string shown = text_of(name, "displayForm"); !shown.empty()) return shown;
  std::vector<std::string> plain;
  std::string family;
  std::string given;
  std::vector<std::string> more;
  for (const Node part : children_of(name, "namePart")) {
    const std::string_view type = part.attribute("type");
    const std::string text = part.text();
    if (type == "family") {
      family = joined({family, text}, " ");
    } else if (type == "given") {
      given = joined({given, text}, " ");
    } else if (type == "date" || type == "termsOfAddress") {
      more.push_back(text);
    } else {
      plain.push_back(text);
    }
  }
  const std::string base = plain.empty() ? joined({family, given}, ", ") : joined(plain, ". ");
  const std::string out = joined({base, joined(more, ", ")}, ", ");
  return out.empty() && name.children().empty() ? name.text() : out;
}

void mods_name(const Node& name, std::string_view field, Record& out) {
  const std::string text = mods_name_text(name);
  const std::string language = language_of(name);
  if (!field.empty()) return out.add(field, text, language);
  bool said = false;
  for (const Node role : children_of(name, "role")) {
    std::string best;
    for (const Node term : children_of(role, "roleTerm")) {
      std::string written = term.text();
      if (written.empty()) written = std::string(term.attribute("valueURI"));
      if (best.empty() ||
          (relator_of(best).empty() && (term.attribute("type") != "code" || !relator_of(written).empty())))
        best = std::move(written);
    }
    if (best.empty()) best = role.text();
    // A code that nobody can read says nothing.
    if (best.size() == 3 && relator_of(best).empty()) continue;
    said = add_name(out, text, best, language) || said;
  }
  if (!said)
    out.add(
        name.attribute("usage") == "primary" || child_of(name, "role").children().empty() ? "creator" : "contributor",
        text, language);
}

void mods_subject(const Node& subject, Record& out) {
  std::vector<std::pair<std::string_view, std::string>> headings;
  for (const Node node : subject.children()) {
    if (node.name() == "cartographics") {
      cartographics(node, out);
    } else if (node.name() != "geographicCode") {
      if (std::string text = heading(node); !text.empty())
        headings.emplace_back(field_of(node.name()), std::move(text));
    }
  }
  const std::string language = language_of(subject);
  if (headings.empty() && subject.children().empty()) return out.add("subject", subject.text(), language);
  if (headings.empty()) return;
  // Several in one subject are one heading: "Free trade – Guatemala".
  std::string whole;
  for (const auto& [field, text] : headings) whole = joined({whole, text}, " \u2013 ");
  out.add(headings.front().first, whole, language);
}

}  // namespace armarium::ingest::readers
