#include "ingest/clean_description.h"

#include "ingest/html_clean.h"

namespace armarium::ingest {
namespace {

iiif::LanguageMap cleaned(const iiif::LanguageMap& map) {
  iiif::LanguageMap out;
  for (const auto& [language, values] : map.entries()) {
    for (const std::string& value : values) {
      std::string clean = clean_html(value);
      if (!clean.empty()) out.add(language, std::move(clean));
    }
  }
  return out;
}

}  // namespace

void clean(iiif::Description& description) {
  description.summary = cleaned(description.summary);
  for (iiif::LabelValue& pair : description.metadata) pair.value = cleaned(pair.value);
  std::erase_if(description.metadata, [](const iiif::LabelValue& pair) { return pair.value.empty(); });
  for (iiif::LabelValue& pair : description.required_statement) pair.value = cleaned(pair.value);
  std::erase_if(description.required_statement, [](const iiif::LabelValue& pair) { return pair.value.empty(); });
}

}  // namespace armarium::ingest
