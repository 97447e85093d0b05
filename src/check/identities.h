#pragma once
// That no id is given to two different things: a Canvas and the page of its annotations, a Range and its Manifest. Presentation 3.0, 3.2 id. Pure; any thread.

#include <string_view>

#include "check/finding.h"
#include "json/json.h"

namespace armarium::check {

// `id_key` and `type_key` as the version spells them. One finding for each further thing.
void check_identities(const json::Value& document, std::string_view id_key, std::string_view type_key,
                      std::string_view clause, Report& report);

}  // namespace armarium::check
