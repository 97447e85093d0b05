#include "ingest/readers/lido_parts.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "ingest/readers/coordinates.h"
#include "ingest/readers/dates.h"
#include "ingest/readers/roles.h"
#include "ingest/readers/xml_parts.h"
#include "ingest/text_case.h"

namespace armarium::ingest::readers {
namespace {

using xml::Node;

bool is_alternate(const Node& node) {
  const std::string pref = lower(attribute_of(node, "pref"));
  return pref == "alternate" || pref.ends_with("alternative") || pref.ends_with("alternate");
}

void keep(std::vector<LidoText>& out, const Node& node) {
  std::string text = node.text();
  if (!text.empty()) out.push_back({std::move(text), language_of(node)});
}

std::vector<LidoText> preferred(const std::vector<Node>& nodes) {
  std::vector<LidoText> out;
  for (const Node& node : nodes) {
    if (!is_alternate(node)) keep(out, node);
  }
  for (const Node& node : nodes) {
    if (out.empty()) keep(out, node);
  }
  return out;
}

// eventType "Production" and "Creation", in the terms of LIDO's vocabulary (http://terminology.lido-schema.org/lido00007, lido00012) and of those who write it in their language.
bool is_making(const Node& event) {
  const Node type = child_of(event, "eventType");
  for (const Node id : type.below(xml::kAnySpace, "conceptID")) {
    const std::string text = id.text();
    if (text.ends_with("lido00007") || text.ends_with("lido00012") || text.ends_with("300054713")) return true;
  }
  for (const Node concept_node : type.children()) {
    const std::string_view about = concept_node.attribute("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "about");
    if (about.ends_with("lido00007") || about.ends_with("lido00012")) return true;
  }
  for (const LidoText& term : lido_terms(type)) {
    const std::string word = lower(term.text);
    for (const std::string_view known : {"production", "creation", "herstellung", "entstehung", "vervaardiging",
                                         "produzione", "fabrication", "designing", "produktion", "schaffung"}) {
      if (word.starts_with(known)) return true;
    }
  }
  return false;
}

struct Event {
  std::vector<std::pair<std::string, std::string>> actors;  // name, role
  std::string date;
  std::string certain;
};

std::string actor_name(const Node& actor_in_role) {
  const Node actor = child_of(actor_in_role, "actor");
  return lido_text(lido_names(child_of(actor, "nameActorSet")));
}

Event read_event(const Node& event) {
  Event out;
  for (const Node who : children_of(event, "eventActor")) {
    const Node in_role = child_of(who, "actorInRole");
    std::string name = actor_name(in_role);
    if (name.empty()) name = text_of(who, "displayActorInRole");
    if (name.empty()) continue;
    const std::string role = lido_text(lido_terms(child_of(in_role, "roleActor")));
    out.actors.emplace_back(std::move(name), role);
  }
  const Node date = child_of(event, "eventDate");
  const Node ends = child_of(date, "date");
  const Span span = span_of(text_of(ends, "earliestDate"), text_of(ends, "latestDate"));
  out.date = text_of(date, "displayDate");
  // What is written for people may doubt what the machine's dates do not say.
  const bool doubt = !out.date.empty() && out.date.find_first_of("?[~") != std::string::npos;
  const std::string small = lower(out.date);
  const bool about = small.starts_with("um ") || small.starts_with("ca") || small.starts_with("circa") ||
                     small.starts_with("about") || small.starts_with("around") || small.starts_with("c.");
  if (!doubt && !about) out.certain = span.nav_date;
  if (out.date.empty()) out.date = span.text;
  return out;
}

std::vector<double> numbers_of(const std::string& text) {
  std::vector<double> out;
  std::string one;
  const auto end = [&] {
    double value = 0;
    const auto [stop, failed] = std::from_chars(one.data(), one.data() + one.size(), value, std::chars_format::fixed);
    if (!one.empty() && failed == std::errc() && stop == one.data() + one.size()) out.push_back(value);
    one.clear();
  };
  for (const char c : text) {
    if (c == ' ' || c == ',' || c == ';') {
      end();
    } else {
      one += c;
    }
  }
  end();
  return out;
}

// GML 3 writes latitude first (EPSG:4326), its older <coordinates> longitude first.
std::optional<json::Object> gml(const Node& shape) {
  std::vector<double> numbers;
  bool latitude_first = true;
  for (const char* name : {"posList", "pos", "coordinates"}) {
    if (!numbers.empty()) break;
    for (const Node node : shape.below(xml::kAnySpace, name)) {
      const std::vector<double> found = numbers_of(node.text());
      numbers.insert(numbers.end(), found.begin(), found.end());
      latitude_first = std::string_view(name) != "coordinates";
    }
  }
  if (numbers.size() < 2 || numbers.size() % 2 != 0) return std::nullopt;
  if (latitude_first) {
    for (std::size_t i = 0; i < numbers.size(); i += 2) std::swap(numbers[i], numbers[i + 1]);
  }
  return numbers.size() == 2 ? point_of(numbers[0], numbers[1]) : polygon_of(numbers);
}

void making(const Node& node, const Event& event, Record& out) {
  for (const auto& [name, role] : event.actors) {
    if (!add_name(out, name, role)) out.add("creator", name);
  }
  out.add("date created", event.date);
  if (out.nav_date.empty()) out.nav_date = event.certain;
  for (const Node period : node.below(node.space(), "periodName")) lido_add(out, "period", lido_terms(period));
  for (const Node where : children_of(node, "eventPlace")) {
    if (child_of(where, "place")) {
      lido_place(child_of(where, "place"), "creation place", out);
    } else {
      out.add("creation place", text_of(where, "displayPlace"));
    }
  }
  for (const Node culture : children_of(node, "culture")) lido_add(out, "culture", lido_terms(culture));
}

// "1990, Rosa Muster (Restauratorin), Dresden", under the name of its kind.
void other(const Node& node, const Event& event, Record& out) {
  std::vector<std::string> parts{event.date};
  for (const auto& [name, role] : event.actors)
    parts.push_back(role.empty() ? name : fmt::format("{} ({})", name, role));
  for (const Node where : children_of(node, "eventPlace")) {
    std::string place = text_of(where, "displayPlace");
    if (place.empty()) place = lido_text(lido_names(at_path(where, "place/namePlaceSet")));
    parts.push_back(std::move(place));
  }
  if (event.date.empty() && event.actors.empty()) {
    for (const Node set : children_of(node, "eventDescriptionSet"))
      parts.push_back(text_of(set, "descriptiveNoteValue"));
  }
  const std::string label = lido_text(lido_terms(child_of(node, "eventType")));
  out.add({.name = "event", .value = joined(parts, ", "), .label = label});
}

}  // namespace

std::vector<LidoText> lido_terms(const Node& concept_node) {
  std::vector<Node> nodes;
  for (const Node node : children_of(concept_node, "term")) {
    // Terms that are there to be found by are not for showing.
    if (attribute_of(node, "addedSearchTerm") != "yes") nodes.push_back(node);
  }
  for (const Node node : concept_node.below("http://www.w3.org/2004/02/skos/core#", "prefLabel")) nodes.push_back(node);
  return preferred(nodes);
}

std::vector<LidoText> lido_names(const Node& set) {
  std::vector<Node> nodes;
  for (const Node node : children_of(set, "appellationValue")) nodes.push_back(node);
  return preferred(nodes);
}

std::string lido_text(const std::vector<LidoText>& texts) { return texts.empty() ? std::string() : texts.front().text; }

void lido_add(Record& out, std::string_view field, const std::vector<LidoText>& texts) {
  for (const LidoText& text : texts) out.add(field, text.text, text.language);
}

void lido_place(const Node& place, std::string_view field, Record& out) {
  std::string label;
  for (const Node set : children_of(place, "namePlaceSet")) {
    if (!label.empty()) break;
    const auto names = lido_names(set);
    label = lido_text(names);
    lido_add(out, field, names);
  }
  for (const Node shape : children_of(place, "gml")) {
    if (auto geometry = gml(shape)) {
      out.place(std::move(*geometry), label);
    } else if (!shape.text().empty()) {
      out.problem(shape.line(), "The coordinates are neither a point nor a ring and are left out.");
    }
  }
}

void lido_measurements(const Node& set, Record& out) {
  const auto shown = children_of(set, "displayObjectMeasurements");
  for (const Node node : shown) out.add("dimensions", node.text(), language_of(node));
  if (!shown.empty()) return;
  for (const Node measurements : children_of(set, "objectMeasurements")) {
    std::vector<std::string> parts;
    for (const Node one : children_of(measurements, "measurementsSet")) {
      const std::string value = text_of(one, "measurementValue");
      if (value.empty()) continue;
      const std::string amount = joined({value, text_of(one, "measurementUnit")}, " ");
      parts.push_back(joined({text_of(one, "measurementType"), amount}, ": "));
    }
    const std::string extent = text_of(measurements, "extentMeasurements");
    const std::string line = joined(parts, ", ");
    if (!line.empty()) out.add("dimensions", extent.empty() ? line : fmt::format("{} ({})", line, extent));
  }
}

void lido_event(const Node& set, Record& out) {
  const Node event = child_of(set, "event");
  if (!event) {
    for (const Node shown : children_of(set, "displayEvent")) out.add("event", shown.text(), language_of(shown));
    return;
  }
  const Event found = read_event(event);
  is_making(event) ? making(event, found, out) : other(event, found, out);
  for (const Node what : children_of(event, "eventMaterialsTech")) {
    const auto shown = children_of(what, "displayMaterialsTech");
    for (const Node text : shown) out.add("material", text.text(), language_of(text));
    if (!shown.empty()) continue;
    for (const Node term : what.below(set.space(), "termMaterialsTech")) {
      const std::string type = lower(attribute_of(term, "type"));
      lido_add(out, type.ends_with("technique") ? "technique" : "material", lido_terms(term));
    }
  }
}

}  // namespace armarium::ingest::readers
