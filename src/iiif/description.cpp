#include "iiif/description.h"

namespace armarium::iiif {
namespace {

json::Value pair_to_json(const LabelValue& pair) {
  return json::Object{{"label", pair.label.to_json()}, {"value", pair.value.to_json()}};
}

json::Value strings_to_json(const std::vector<std::string>& strings) {
  json::Array array;
  for (const std::string& text : strings) array.emplace_back(text);
  return array;
}

json::Value link_to_json(const Link& link) {
  json::Object object{{"id", link.id}};
  if (!link.type.empty()) object["type"] = link.type;
  if (!link.label.empty()) object["label"] = link.label.to_json();
  if (!link.format.empty()) object["format"] = link.format;
  if (!link.profile.empty()) object["profile"] = link.profile;
  if (!link.languages.empty()) object["language"] = strings_to_json(link.languages);
  return object;
}

template <class Item, class Write>
json::Value array_of(const std::vector<Item>& items, Write write) {
  json::Array array;
  for (const Item& item : items) array.push_back(write(item));
  return array;
}

json::Value agent_to_json(const Agent& agent) {
  json::Object object;
  if (!agent.id.empty()) object["id"] = agent.id;
  object["type"] = "Agent";
  object["label"] = agent.label.to_json();
  if (!agent.homepage.empty()) object["homepage"] = array_of(agent.homepage, link_to_json);
  if (!agent.logo.empty()) object["logo"] = array_of(agent.logo, link_to_json);
  if (!agent.see_also.empty()) object["seeAlso"] = array_of(agent.see_also, link_to_json);
  return object;
}

bool lacking(const LanguageMap& value) { return value.empty(); }
bool lacking(const std::string& value) { return value.empty(); }
bool lacking(const json::Value& value) { return value.is_null(); }
template <class T>
bool lacking(const std::vector<T>& value) {
  return value.empty();
}

}  // namespace

json::Value Description::to_json() const {
  json::Object object;
  if (!label.empty()) object["label"] = label.to_json();
  if (!summary.empty()) object["summary"] = summary.to_json();
  if (!metadata.empty()) object["metadata"] = array_of(metadata, pair_to_json);
  if (!required_statement.empty()) object["requiredStatement"] = pair_to_json(required_statement.front());
  if (!rights.empty()) object["rights"] = rights;
  if (!provider.empty()) object["provider"] = array_of(provider, agent_to_json);
  if (!nav_date.empty()) object["navDate"] = nav_date;
  if (!nav_place.is_null()) object["navPlace"] = nav_place;
  if (!behavior.empty()) object["behavior"] = strings_to_json(behavior);
  if (!viewing_direction.empty()) object["viewingDirection"] = viewing_direction;
  if (!language.empty()) object["language"] = language;
  if (!homepage.empty()) object["homepage"] = array_of(homepage, link_to_json);
  if (!see_also.empty()) object["seeAlso"] = array_of(see_also, link_to_json);
  if (!rendering.empty()) object["rendering"] = array_of(rendering, link_to_json);
  for (const auto& member : more) object.emplace(member.key(), member.value());
  if (!origins.empty()) {
    json::Object from;
    for (const auto& [property, origin] : origins) from[property] = origin;
    object["@origins"] = std::move(from);
  }
  return object;
}

void Description::merge_below(const Description& other) {
  const auto take_origin = [&](const std::string& property) {
    const auto origin = other.origins.find(property);
    if (origin != other.origins.end()) origins[property] = origin->second;
  };
  const auto take = [&](auto& mine, const auto& theirs, const char* property) {
    if (!lacking(mine) || lacking(theirs)) return;
    mine = theirs;
    take_origin(property);
  };
  take(label, other.label, "label");
  take(summary, other.summary, "summary");
  take(metadata, other.metadata, "metadata");
  take(required_statement, other.required_statement, "requiredStatement");
  take(rights, other.rights, "rights");
  take(provider, other.provider, "provider");
  take(nav_date, other.nav_date, "navDate");
  take(nav_place, other.nav_place, "navPlace");
  take(behavior, other.behavior, "behavior");
  take(viewing_direction, other.viewing_direction, "viewingDirection");
  take(language, other.language, "language");
  take(homepage, other.homepage, "homepage");
  take(see_also, other.see_also, "seeAlso");
  take(rendering, other.rendering, "rendering");
  for (const auto& member : other.more) {
    if (more.emplace(member.key(), member.value()).second) take_origin(member.key());
  }
}

}  // namespace armarium::iiif
