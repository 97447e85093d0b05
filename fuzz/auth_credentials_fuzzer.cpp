// The Authorization header, as a client sends it: what is read keeps its limits, and what was normalised once stays as it is.

#include <cstdint>
#include <string>

#include "auth/credentials.h"
#include "auth/names.h"
#include "auth/secrets.h"

using namespace armarium;

namespace {

void check_basic(const auth::Credentials& read) {
  if (read.name.size() > auth::kLongestName || read.name.find(':') != std::string::npos) __builtin_trap();
  if (read.secret.size() > auth::kLongestPassword) __builtin_trap();
  if (!read.name.empty() && auth::user_name(read.name).value_or("") != read.name) __builtin_trap();
  if (auth::normal_password(read.secret).value_or("another") != read.secret) __builtin_trap();
}

void check_bearer(const auth::Credentials& read) {
  if (!read.name.empty() || read.secret.empty()) __builtin_trap();
  const auto key = auth::parse_key(read.secret);
  if (key && auth::text_of(*key) != read.secret) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = auth::parse_authorization({reinterpret_cast<const char*>(data), size});
  if (!read) {
    if (read.error().code != base::ErrorCode::invalid_argument || read.error().message.empty()) __builtin_trap();
  } else if (read->kind == auth::Credentials::Kind::basic) {
    check_basic(*read);
  } else {
    check_bearer(*read);
  }
  return 0;
}
