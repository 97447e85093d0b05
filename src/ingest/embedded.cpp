#include "ingest/embedded.h"

#include "ingest/clean_description.h"
#include "ingest/crosswalk.h"
#include "ingest/embedded_fields.h"
#include "ingest/rights_names.h"

namespace armarium::ingest {
namespace {

// Takes each field that `fields` lacks.
void merge(EmbeddedFields& fields, EmbeddedFields below) {
  if (fields.title.empty()) fields.title = std::move(below.title);
  if (fields.description.empty()) fields.description = std::move(below.description);
  if (fields.creators.empty()) fields.creators = std::move(below.creators);
  if (fields.credit.empty()) fields.credit = std::move(below.credit);
  if (fields.rights.empty()) fields.rights = std::move(below.rights);
  if (fields.rights_uri.empty()) fields.rights_uri = std::move(below.rights_uri);
  if (fields.date.empty()) fields.date = std::move(below.date);
  for (auto& other : below.others) {
    if (fields.others.size() < kMostOthers) fields.others.push_back(std::move(other));
  }
}

bool is_rights_uri(std::string_view text) {
  for (const std::string_view known : {"http://creativecommons.org/", "https://creativecommons.org/",
                                       "http://rightsstatements.org/", "https://rightsstatements.org/"}) {
    if (text.starts_with(known)) return true;
  }
  return false;
}

}  // namespace

Embedded read_embedded(const codec::EmbeddedMetadata& metadata, bool with_others) {
  EmbeddedFields fields = read_xmp(metadata.xmp, with_others);
  merge(fields, read_iptc(metadata.iptc, with_others));
  merge(fields, read_exif(metadata.exif, with_others));

  Embedded out;
  json::Object described;
  if (!fields.title.empty()) described["label"] = fields.title.to_json();
  if (!fields.description.empty()) described["summary"] = fields.description.to_json();
  // The text of a rights field may be the name of a licence, or hold its address.
  std::string uri = is_rights_uri(fields.rights_uri) ? fields.rights_uri : std::string();
  if (uri.empty() && !fields.rights.empty()) {
    const std::string text = fields.rights.best("en").value;
    if (const auto named = rights_from_text(text); named && is_rights_uri(*named)) uri = *named;
  }
  if (!uri.empty()) described["rights"] = uri;
  std::vector<std::string> ignored;
  out.shown = iiif::Description::from_json(json::Value(described), ignored);
  if (!fields.creators.empty()) {
    iiif::LanguageMap names;
    for (const std::string& creator : fields.creators) names.add("none", creator);
    out.shown.metadata.push_back({field_label("creator"), std::move(names)});
  }
  if (!fields.date.empty()) out.shown.metadata.push_back({field_label("date"), iiif::LanguageMap::none(fields.date)});
  if (!fields.credit.empty())
    out.shown.metadata.push_back({field_label("credit"), iiif::LanguageMap::none(fields.credit)});
  if (!fields.rights.empty() && uri.empty()) out.shown.metadata.push_back({field_label("rights"), fields.rights});
  clean(out.shown);
  for (const auto& member : described) out.shown.origins[std::string(member.key())] = "embedded";
  if (!out.shown.metadata.empty()) out.shown.origins["metadata"] = "embedded";
  for (auto& [name, value] : fields.others) {
    out.others.push_back({field_label(std::move(name)), iiif::LanguageMap::none(std::move(value))});
  }
  return out;
}

iiif::Description publish_embedded(const Crosswalk& crosswalk, const iiif::Description& shown,
                                   const std::vector<iiif::LabelValue>& others) {
  iiif::Description out = shown;
  std::vector<iiif::LabelValue> entries = std::exchange(out.metadata, {});
  entries.insert(entries.end(), others.begin(), others.end());
  const auto moved = [&](iiif::LanguageMap& text, const char* field, const char* property) {
    const CrosswalkRow* row = text.empty() ? nullptr : crosswalk.find("embedded", field);
    if (row == nullptr || row->property == property) return;
    entries.insert(entries.begin(), {field_label(field), std::exchange(text, {})});
    out.origins.erase(property);
  };
  moved(out.summary, "description", "summary");
  moved(out.label, "title", "label");
  crosswalk.publish("embedded", std::move(entries), out);
  const auto from = [&](bool there, const char* property) {
    if (there) out.origins[property] = "embedded";
  };
  from(!out.label.empty(), "label");
  from(!out.summary.empty(), "summary");
  from(!out.metadata.empty(), "metadata");
  from(!out.required_statement.empty(), "requiredStatement");
  return out;
}

}  // namespace armarium::ingest
