#pragma once
// What an Authorization header says: Basic (RFC 7617) or Bearer (RFC 6750, 2.1). Hostile input; nothing here is checked against anything. Pure; any thread.

#include <string>
#include <string_view>

#include "base/error.h"

namespace armarium::auth {

struct Credentials {
  enum class Kind { basic, bearer };
  Kind kind = Kind::basic;
  std::string name{};    // of Basic, in NFC; empty for what can be no user's name
  std::string secret{};  // the password in NFC, or the token
};

// invalid_argument with one sentence where the header does not parse or names another scheme.
base::Result<Credentials> parse_authorization(std::string_view header);

}  // namespace armarium::auth
