#pragma once
// YAML as JSON, for files that anybody may have written: bytes, depth, nodes and the growth by aliases are limited; every scalar stays text but null (a title
// may look like a number). Pure; any thread.

#include <map>
#include <string>
#include <string_view>

#include "base/error.h"
#include "json/json.h"

namespace armarium::ingest {

struct YamlLimits {
  std::size_t max_bytes = 1U << 20;
  std::size_t max_depth = 32;
  std::size_t max_nodes = 100'000;  // aliases counted with all that they stand for
  // Plain numbers, true and false become such, but for those below label, summary, metadata and requiredStatement, and of members that are text.
  bool numbers = false;
};

struct YamlDocument {
  json::Value value;                 // null for an empty document
  std::map<std::string, int> lines;  // of the keys at the top, from 1
};

struct YamlError {
  int line = 0;  // 0: not at a line
  std::string reason;
};

tl::expected<YamlDocument, YamlError> read_yaml(std::string_view text, const YamlLimits& limits = {});

}  // namespace armarium::ingest
