#pragma once
// JSON as YAML that a person can read, change and keep in git: one line for each value, members in their order, quotes only where they are needed. What yaml_reader reads of it with
// `numbers` is the same value. Pure; any thread.

#include <string>

#include "json/json.h"

namespace armarium::ingest {

std::string to_yaml(const json::Value& value);

}  // namespace armarium::ingest
