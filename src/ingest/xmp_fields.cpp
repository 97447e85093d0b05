#include <cstring>

#include <pugixml.hpp>

#include "ingest/embedded_fields.h"

// XMP (ISO 16684-1): properties are attributes or elements of rdf:Description, by their customary prefixes.

namespace armarium::ingest {
namespace {

constexpr std::size_t kLongestXmp = 4U << 20;
constexpr std::size_t kMostValues = 100;

std::string shortened(const char* text) {
  std::string_view view(text);
  while (!view.empty() && (view.back() == ' ' || view.back() == '\n' || view.back() == '\r' || view.back() == '\t'))
    view.remove_suffix(1);
  while (!view.empty() && (view.front() == ' ' || view.front() == '\n' || view.front() == '\r' || view.front() == '\t'))
    view.remove_prefix(1);
  return std::string(view.size() > kLongestField ? std::string_view() : view);
}

// Each value of a property with its language: of rdf:Alt, rdf:Bag, rdf:Seq, or the text itself.
template <class Do>
void each_value(const pugi::xml_node& description, const char* name, Do&& action) {
  if (const auto attribute = description.attribute(name)) {
    if (std::string value = shortened(attribute.value()); !value.empty()) action(std::string("none"), std::move(value));
    return;
  }
  const pugi::xml_node property = description.child(name);
  if (!property) return;
  std::size_t values = 0;
  for (const pugi::xml_node list : property.children()) {
    for (const pugi::xml_node item : list.children("rdf:li")) {
      if (++values > kMostValues) return;
      std::string language = item.attribute("xml:lang").as_string("x-default");
      if (language == "x-default") language = "none";
      if (std::string value = shortened(item.text().get()); !value.empty())
        action(std::move(language), std::move(value));
    }
  }
  if (values > 0) return;
  std::string value = shortened(property.text().get());
  if (value.empty()) value = shortened(property.attribute("rdf:resource").value());
  if (!value.empty()) action(std::string("none"), std::move(value));
}

iiif::LanguageMap map_of(const pugi::xml_node& description, const char* name) {
  iiif::LanguageMap map;
  std::string usual;
  each_value(description, name, [&](const std::string& language, std::string value) {
    if (language == "none") usual = value;
    map.add(language, std::move(value));
  });
  // The usual value often repeats one of the languages.
  if (map.entries().size() < 2) return map;
  iiif::LanguageMap once;
  bool repeated = false;
  for (const auto& [language, values] : map.entries())
    repeated = repeated || (language != "none" && values.front() == usual);
  for (const auto& [language, values] : map.entries()) {
    if (language == "none" && repeated) continue;
    for (const std::string& value : values) once.add(language, value);
  }
  return once;
}

std::string first_of(const pugi::xml_node& description, const char* name) {
  std::string found;
  each_value(description, name, [&](const std::string&, std::string value) {
    if (found.empty()) found = std::move(value);
  });
  return found;
}

void read_description(const pugi::xml_node& node, EmbeddedFields& fields, bool with_others) {
  if (fields.title.empty()) fields.title = map_of(node, "dc:title");
  if (fields.description.empty()) fields.description = map_of(node, "dc:description");
  if (fields.rights.empty()) fields.rights = map_of(node, "dc:rights");
  if (fields.creators.empty())
    each_value(node, "dc:creator",
               [&](const std::string&, std::string value) { fields.creators.push_back(std::move(value)); });
  if (fields.credit.empty()) fields.credit = first_of(node, "photoshop:Credit");
  for (const char* name : {"cc:license", "xmpRights:WebStatement"}) {
    if (fields.rights_uri.empty()) fields.rights_uri = first_of(node, name);
  }
  for (const char* name : {"photoshop:DateCreated", "exif:DateTimeOriginal", "dc:date"}) {
    if (fields.date.empty()) fields.date = date_of(first_of(node, name));
  }
  if (!with_others) return;
  for (const auto& [name, label] : {std::pair{"dc:subject", "Keywords"},
                                    {"photoshop:City", "City"},
                                    {"photoshop:State", "State or province"},
                                    {"photoshop:Country", "Country"},
                                    {"Iptc4xmpCore:Location", "Sublocation"},
                                    {"Iptc4xmpExt:PersonInImage", "Person"},
                                    {"xmp:CreatorTool", "Software"}}) {
    each_value(node, name, [&, label = label](const std::string&, std::string value) {
      if (fields.others.size() < kMostOthers) fields.others.emplace_back(label, std::move(value));
    });
  }
}

}  // namespace

EmbeddedFields read_xmp(base::ByteView packet, bool with_others) {
  EmbeddedFields fields;
  if (packet.empty() || packet.size() > kLongestXmp) return fields;
  pugi::xml_document document;
  if (!document.load_buffer(packet.data(), packet.size(), pugi::parse_default, pugi::encoding_utf8)) return fields;
  pugi::xml_node root = document.child("x:xmpmeta");
  if (!root) root = document.child("x:xapmeta");
  const pugi::xml_node rdf = root ? root.child("rdf:RDF") : document.child("rdf:RDF");
  for (const pugi::xml_node node : rdf.children("rdf:Description")) read_description(node, fields, with_others);
  return fields;
}

}  // namespace armarium::ingest
