#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "iiif/description.h"
#include "iiif/description_values.h"

// Reading of descriptions: strict in what comes out, wide in what goes in.

namespace armarium::iiif {
namespace {

class Reader {
 public:
  Reader(Description& out, std::vector<std::string>& problems) : out_(out), problems_(problems) {}

  void read(const json::Object& object) {
    read_language(object);
    for (const auto& member : object) {
      if (!member.value().is_null()) read_member(member.key(), member.value());
    }
  }

 private:
  void problem(std::string_view text) { problems_.emplace_back(text); }

  void read_language(const json::Object& object);
  void read_member(std::string_view key, const json::Value& value);
  bool read_text(std::string_view key, const json::Value& value, std::string& text);
  bool read_map(std::string_view key, const json::Value& value, LanguageMap& map);
  bool read_pair(std::string_view key, const json::Value& value, LabelValue& pair);
  void read_metadata(const json::Value& value);
  void read_required_statement(const json::Value& value);
  void read_rights(const json::Value& value);
  void read_nav_date(const json::Value& value);
  void read_strings(std::string_view key, const json::Value& value, std::vector<std::string>& strings);
  void read_links(std::string_view key, const json::Value& value, std::string_view type, std::vector<Link>& links);
  bool read_link(std::string_view key, const json::Value& value, std::string_view type, Link& link);
  void read_providers(const json::Value& value);
  bool read_provider(const json::Value& value, Agent& agent);
  void read_origins(const json::Value& value);

  Description& out_;
  std::vector<std::string>& problems_;
};

// The items of an array, or the one thing that stands where an array is due.
template <class Do>
void each(const json::Value& value, Do action) {
  if (!value.is_array()) return action(value);
  for (const json::Value& item : value.get_array()) action(item);
}

void Reader::read_language(const json::Object& object) {
  const json::Value* value = object.if_contains("language");
  if (value == nullptr || value->is_null()) return;
  const json::Value& first = value->is_array() && !value->get_array().empty() ? value->get_array().front() : *value;
  if (!first.is_string() || !is_language_tag(std::string_view(first.get_string()))) {
    return problem("language must be a BCP 47 tag such as de or en-GB.");
  }
  out_.language = first.get_string();
}

void Reader::read_member(std::string_view key, const json::Value& value) {
  if (key == "language") return;
  if (key == "label") {
    read_map(key, value, out_.label);
  } else if (key == "summary") {
    read_map(key, value, out_.summary);
  } else if (key == "metadata") {
    read_metadata(value);
  } else if (key == "requiredStatement") {
    read_required_statement(value);
  } else if (key == "rights") {
    read_rights(value);
  } else if (key == "provider") {
    read_providers(value);
  } else if (key == "navDate") {
    read_nav_date(value);
  } else if (key == "navPlace") {
    if (value.is_object() && json::text_of(value.get_object(), "type") == "FeatureCollection") {
      out_.nav_place = value;
    } else {
      problem("navPlace must be a GeoJSON FeatureCollection.");
    }
  } else if (key == "behavior") {
    read_strings(key, value, out_.behavior);
  } else if (key == "viewingDirection") {
    std::string text;
    if (!read_text(key, value, text)) return;
    if (!is_viewing_direction(text)) {
      return problem("viewingDirection must be left-to-right, right-to-left, top-to-bottom or bottom-to-top.");
    }
    out_.viewing_direction = text;
  } else if (key == "homepage") {
    read_links(key, value, "Text", out_.homepage);
  } else if (key == "seeAlso") {
    read_links(key, value, "Dataset", out_.see_also);
  } else if (key == "rendering") {
    read_links(key, value, "Text", out_.rendering);
  } else if (key == "@origins") {
    read_origins(value);
  } else {
    out_.more[key] = value;
  }
}

bool Reader::read_text(std::string_view key, const json::Value& value, std::string& text) {
  if (!value.is_string()) {
    problem(fmt::format("{} must be text.", key));
    return false;
  }
  text = value.get_string();
  return true;
}

bool Reader::read_map(std::string_view key, const json::Value& value, LanguageMap& map) {
  auto read = language_map_from_json(value, key, out_.language);
  if (!read) {
    problem(read.error().message);
    return false;
  }
  map = std::move(*read);
  return true;
}

bool Reader::read_pair(std::string_view key, const json::Value& value, LabelValue& pair) {
  const json::Object* object = value.if_object();
  const json::Value* label = object == nullptr ? nullptr : object->if_contains("label");
  const json::Value* content = object == nullptr ? nullptr : object->if_contains("value");
  if (label == nullptr || content == nullptr) {
    problem(fmt::format("{} must have a label and a value.", key));
    return false;
  }
  LabelValue read;
  if (!read_map(fmt::format("{}: label", key), *label, read.label)) return false;
  if (!read_map(fmt::format("{}: value", key), *content, read.value)) return false;
  if (read.label.empty() || read.value.empty()) {
    problem(fmt::format("{} has an empty label or value.", key));
    return false;
  }
  pair = std::move(read);
  return true;
}

void Reader::read_metadata(const json::Value& value) {
  const json::Object* object = value.if_object();
  if (object != nullptr && (object->if_contains("label") == nullptr || object->if_contains("value") == nullptr)) {
    for (const auto& member : *object) {  // Creator: Ernst Haeckel
      LabelValue pair;
      pair.label.add(out_.language.empty() ? "none" : out_.language, std::string(member.key()));
      if (member.value().is_null()) continue;
      if (!read_map(fmt::format("metadata: {}", std::string_view(member.key())), member.value(), pair.value)) continue;
      if (!pair.value.empty()) out_.metadata.push_back(std::move(pair));
    }
    return;
  }
  each(value, [&](const json::Value& item) {
    LabelValue pair;
    if (read_pair("metadata", item, pair)) out_.metadata.push_back(std::move(pair));
  });
}

void Reader::read_required_statement(const json::Value& value) {
  LabelValue pair;
  if (value.is_string()) {
    pair.label.add("en", "Attribution");
    pair.value.add(out_.language.empty() ? "none" : out_.language, std::string(value.get_string()));
  } else {
    const json::Value& one = value.is_array() && value.get_array().size() == 1 ? value.get_array().front() : value;
    if (!read_pair("requiredStatement", one, pair)) return;
  }
  out_.required_statement.clear();
  out_.required_statement.push_back(std::move(pair));
}

void Reader::read_rights(const json::Value& value) {
  std::string text;
  const json::Value& one = value.is_array() && value.get_array().size() == 1 ? value.get_array().front() : value;
  if (!read_text("rights", one, text)) return;
  if (!is_web_uri(text)) {
    return problem(
        "rights must be the URI of a licence from creativecommons.org or of a statement from rightsstatements.org; "
        "words belong into requiredStatement.");
  }
  out_.rights = rights_uri(text).value_or(text);
}

void Reader::read_nav_date(const json::Value& value) {
  std::string text;
  if (!read_text("navDate", value, text)) return;
  auto date = nav_date(text);
  if (!date) return problem("navDate must be a date such as 1850, 1850-03-01 or 1850-03-01T00:00:00Z.");
  out_.nav_date = std::move(*date);
}

void Reader::read_strings(std::string_view key, const json::Value& value, std::vector<std::string>& strings) {
  each(value, [&](const json::Value& item) {
    std::string text;
    if (read_text(key, item, text)) strings.push_back(std::move(text));
  });
}

bool Reader::read_link(std::string_view key, const json::Value& value, std::string_view type, Link& link) {
  if (value.is_string()) {
    link.id = value.get_string();
    if (key == "homepage") link.format = "text/html";
  } else if (const json::Object* object = value.if_object()) {
    link.id = json::text_of(*object, "id");
    if (link.id.empty()) link.id = json::text_of(*object, "@id");
    link.type = json::text_of(*object, "type");
    link.format = json::text_of(*object, "format");
    link.profile = json::text_of(*object, "profile");
    if (const json::Value* label = object->if_contains("label")) {
      if (!read_map(fmt::format("{}: label", key), *label, link.label)) return false;
    }
    if (const json::Value* languages = object->if_contains("language")) read_strings(key, *languages, link.languages);
  }
  if (!is_web_uri(link.id) && !link.id.starts_with("/media/")) {  // a file of ours: presentation/addresses.h
    problem(fmt::format("{} must be an http or https address, or have one as id.", key));
    return false;
  }
  if (link.type.empty()) link.type = type;
  return true;
}

void Reader::read_links(std::string_view key, const json::Value& value, std::string_view type,
                        std::vector<Link>& links) {
  each(value, [&](const json::Value& item) {
    Link link;
    if (read_link(key, item, type, link)) links.push_back(std::move(link));
  });
}

bool Reader::read_provider(const json::Value& value, Agent& agent) {
  const json::Object* object = value.if_object();
  if (object == nullptr) return read_map("provider", value, agent.label);
  const json::Value* label = object->if_contains("label");
  if (label == nullptr) {
    problem("provider must have a label.");
    return false;
  }
  if (!read_map("provider: label", *label, agent.label)) return false;
  agent.id = json::text_of(*object, "id");
  if (const json::Value* pages = object->if_contains("homepage"))
    read_links("provider: homepage", *pages, "Text", agent.homepage);
  if (const json::Value* logos = object->if_contains("logo")) read_links("provider: logo", *logos, "Image", agent.logo);
  if (const json::Value* data = object->if_contains("seeAlso"))
    read_links("provider: seeAlso", *data, "Dataset", agent.see_also);
  return true;
}

void Reader::read_providers(const json::Value& value) {
  each(value, [&](const json::Value& item) {
    Agent agent;
    if (read_provider(item, agent) && !agent.label.empty()) out_.provider.push_back(std::move(agent));
  });
}

void Reader::read_origins(const json::Value& value) {
  const json::Object* object = value.if_object();
  if (object == nullptr) return problem("@origins must be an object.");
  for (const auto& member : *object) {
    if (member.value().is_string()) out_.origins[std::string(member.key())] = member.value().get_string();
  }
}

}  // namespace

bool Description::describes(std::string_view property) noexcept {
  constexpr std::array<std::string_view, 14> kProperties = {
      "label",    "summary",          "metadata", "requiredStatement", "rights",  "provider",  "navDate",
      "navPlace", "viewingDirection", "behavior", "language",          "seeAlso", "rendering", "homepage"};
  return std::find(kProperties.begin(), kProperties.end(), property) != kProperties.end();
}

Description Description::from_json(const json::Value& value, std::vector<std::string>& problems) {
  Description description;
  const json::Object* object = value.if_object();
  if (object == nullptr) {
    problems.emplace_back("A description must be an object of properties.");
    return description;
  }
  Reader(description, problems).read(*object);
  return description;
}

base::Result<Description> Description::from_json(const json::Value& value) {
  std::vector<std::string> problems;
  Description description = from_json(value, problems);
  if (!problems.empty()) return base::fail(base::ErrorCode::invalid_argument, std::move(problems.front()));
  return description;
}

}  // namespace armarium::iiif
