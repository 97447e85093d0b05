#pragma once
// Whether bytes are text. Pure; any thread.

#include <cstddef>
#include <string_view>

namespace armarium::base {

// RFC 3629, 4: no overlong form, no surrogate, nothing past U+10FFFF.
bool is_utf8(std::string_view text) noexcept;

// The front of it, at most `most` bytes: no character is cut in two.
std::string_view shortened(std::string_view text, std::size_t most) noexcept;

}  // namespace armarium::base
