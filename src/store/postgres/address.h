#pragma once
// Where a PostgreSQL database is: a URL as libpq reads it, and one parameter of ours, schema=NAME (default armarium), by which several collections share a
// database. `shown` is what people and logs may see: no user, no password. Values; any thread.

#include <string>
#include <string_view>

#include "base/error.h"

namespace armarium::store::postgres {

struct Address {
  std::string url{};  // for libpq; may hold a password
  std::string schema{};
  std::string shown{};  // "postgresql://db.example.org/iiif (schema armarium)"
};

// invalid_argument, with a sentence that repeats nothing of the URL.
base::Result<Address> parse_address(std::string_view url);

}  // namespace armarium::store::postgres
