#pragma once
// User names and passwords as they are kept and compared: in NFC, within limits (RFC 8265 in its simple parts). Pure; any thread.

#include <string>
#include <string_view>

#include "base/error.h"

namespace armarium::auth {

inline constexpr std::size_t kLongestName = 128;       // bytes
inline constexpr std::size_t kLongestPassword = 1024;  // bytes
inline constexpr std::size_t kShortestPassword = 10;   // characters

// invalid_argument, in a sentence for the person who chose it: empty, too long, no UTF-8, a colon (Basic cannot send it), control characters, spaces at the ends, a name of the server's own.
base::Result<std::string> user_name(std::string_view text);

// In NFC; invalid_argument for what is no UTF-8 or too long.
base::Result<std::string> normal_password(std::string_view text);
// The same, and long enough for a new one.
base::Result<std::string> new_password(std::string_view text);

}  // namespace armarium::auth
