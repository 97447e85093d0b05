#include "presentation/description_tree.h"

namespace armarium::presentation {
namespace {

using iiif::LanguageMap;
using iiif::Link;

json::Array strings(const std::vector<std::string>& values) {
  json::Array array;
  for (const std::string& value : values) array.emplace_back(value);
  return array;
}

json::Value link_tree(const Link& link, bool label_needed) {
  json::Object out{{"id", link.id}, {"type", link.type.empty() ? "Text" : link.type}};
  const LanguageMap label = link.label.empty() && label_needed ? LanguageMap::none(link.id) : link.label;
  if (!label.empty()) out["label"] = plain_map(label);
  if (!link.format.empty()) out["format"] = link.format;
  if (!link.profile.empty()) out["profile"] = link.profile;
  if (!link.languages.empty()) out["language"] = strings(link.languages);
  return out;
}

void put_links(json::Object& out, std::string_view key, const std::vector<Link>& links, bool label_needed) {
  if (links.empty()) return;
  json::Array list;
  for (const Link& link : links) list.push_back(link_tree(link, label_needed));
  out[key] = std::move(list);
}

json::Value logo_tree(const Link& link) {
  json::Object out{{"id", link.id}, {"type", "Image"}};
  if (!link.format.empty()) out["format"] = link.format;
  return out;
}

json::Value agent_tree(const iiif::Agent& agent) {
  json::Object out{{"id", agent.id}, {"type", "Agent"}, {"label", plain_map(agent.label)}};
  put_links(out, "homepage", agent.homepage, true);
  json::Array logos;
  for (const Link& logo : agent.logo) logos.push_back(logo_tree(logo));
  if (!logos.empty()) out["logo"] = std::move(logos);
  put_links(out, "seeAlso", agent.see_also, false);
  return out;
}

}  // namespace

json::Value plain_map(const LanguageMap& map) {
  json::Object out;
  for (const auto& [language, values] : map.entries()) {
    json::Array list;
    for (const std::string& value : values) {
      const bool like_html = value.size() > 1 && value.front() == '<' && value.back() == '>';
      list.emplace_back(like_html ? value + " " : value);
    }
    out[language] = std::move(list);
  }
  return out;
}

json::Value label_or(const LanguageMap& label, std::string_view otherwise) {
  return plain_map(label.empty() ? LanguageMap::none(std::string(otherwise)) : label);
}

json::Value pair_of(const iiif::LabelValue& pair) {
  return json::Object{{"label", plain_map(pair.label)}, {"value", pair.value.to_json()}};
}

void put_behavior(json::Object& out, iiif::presentation::Type type, const std::vector<std::string>& values) {
  const std::vector<std::string> valid = iiif::presentation::valid_behaviors(type, values);
  if (!valid.empty()) out["behavior"] = strings(valid);
}

void put_description(json::Object& out, iiif::presentation::Type type, const iiif::Description& description) {
  if (!description.label.empty()) out["label"] = plain_map(description.label);
  if (!description.summary.empty()) out["summary"] = description.summary.to_json();
  if (!description.metadata.empty()) {
    json::Array pairs;
    for (const iiif::LabelValue& pair : description.metadata) pairs.push_back(pair_of(pair));
    out["metadata"] = std::move(pairs);
  }
  if (!description.required_statement.empty())
    out["requiredStatement"] = pair_of(description.required_statement.front());
  if (!description.rights.empty()) out["rights"] = description.rights;
  if (!description.provider.empty()) {
    json::Array agents;
    for (const iiif::Agent& agent : description.provider) agents.push_back(agent_tree(agent));
    out["provider"] = std::move(agents);
  }
  if (!description.nav_date.empty()) out["navDate"] = description.nav_date;
  if (!description.nav_place.is_null()) out["navPlace"] = description.nav_place;
  put_behavior(out, type, description.behavior);
  if (!description.viewing_direction.empty()) out["viewingDirection"] = description.viewing_direction;
  put_links(out, "homepage", description.homepage, true);
  put_links(out, "seeAlso", description.see_also, false);
  put_links(out, "rendering", description.rendering, true);
}

}  // namespace armarium::presentation
