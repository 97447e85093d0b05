#pragma once
// Checks an IIIF document of any kind and version: what it is, and every breach of its specification with clause, place and a sentence. Pure; any thread.

#include <string>
#include <string_view>

#include "check/finding.h"
#include "json/json.h"

namespace armarium::check {

struct Checked {
  std::string kind;           // "Manifest", "info.json", "search response", …; "unknown"
  std::string specification;  // "Presentation 3.0"; empty for what is unknown
  Report report;
};

// What is no JSON is a finding, too.
Checked check_text(std::string_view text);
Checked check_document(const json::Value& document);

}  // namespace armarium::check
