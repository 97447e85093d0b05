#pragma once
// XML for OAI-PMH 2.0: escaping, and Dublin Core of an item. Pure; any thread.

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "iiif/description.h"

namespace armarium::api::oai {

// Text and attribute values; what XML 1.0 cannot hold becomes U+FFFD.
std::string escape(std::string_view text);
// <name>text</name>
std::string element(std::string_view name, std::string_view text);

// Which of the fifteen elements an entry of the metadata is, by its label in small letters, in any language.
using ElementsByLabel = std::map<std::string, std::string, std::less<>>;

// The whole <oai_dc:dc>. `identifiers`: addresses of the item, the first one of its page. `type` as in the DCMI Type Vocabulary.
std::string dublin_core(const iiif::Description& description, const std::vector<std::string>& identifiers,
                        std::string_view type, const ElementsByLabel& elements);

}  // namespace armarium::api::oai
