#pragma once
// What a person did: MARC relators (https://id.loc.gov/vocabulary/relators) by code, address or word. Pure; any thread.

#include <string>
#include <string_view>

#include "ingest/readers/record.h"

namespace armarium::ingest::readers {

// "aut", "http://id.loc.gov/vocabulary/relators/aut", "author.", "Verfasser" → "aut"; empty for what is none of those that the table of the program names.
std::string relator_of(std::string_view role);

// A name under the label of its role ("role aut"), or as contributor with the role behind it. False when there is no role or no name: nothing was added.
bool add_name(Record& out, std::string_view name, std::string_view role, std::string_view language = "none");

}  // namespace armarium::ingest::readers
