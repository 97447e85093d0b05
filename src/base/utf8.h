#pragma once
// Whether bytes are text. Pure; any thread.

#include <string_view>

namespace armarium::base {

// RFC 3629, 4: no overlong form, no surrogate, nothing past U+10FFFF.
bool is_utf8(std::string_view text) noexcept;

}  // namespace armarium::base
