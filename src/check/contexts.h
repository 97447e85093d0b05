#pragma once
// @context: which specification a document follows, where it stands and in which order. Presentation 3.0, 4.6. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "check/finding.h"
#include "json/json.h"

namespace armarium::check {

// Those of the document itself, in order; objects are passed over.
std::vector<std::string> contexts_of(const json::Value& document);

// That `context` is there, last, with what extends it before; and nowhere inside, but in services of older versions.
void check_contexts(const json::Value& document, std::string_view context, std::string_view clause, Report& report);

}  // namespace armarium::check
