#pragma once
// JSON Merge Patch, RFC 7396. Pure; any thread.

#include "json/json.h"

namespace armarium::json {

// The document under the patch: members replaced, added, and removed where the patch says null.
Value merge_patch(const Value& document, const Value& patch);

}  // namespace armarium::json
