#pragma once
// base/byte_lru.h under the name of the module that holds caches; http/ has it from base/.

#include "base/byte_lru.h"

namespace armarium::cache {

using base::ByteLru;

}  // namespace armarium::cache
