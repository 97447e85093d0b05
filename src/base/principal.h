#pragma once
// Who asks. Each request carries one from the exchange down to the store, so that authorization can be added without touching a
// signature. Values; any thread.

#include <cstdint>
#include <string>
#include <vector>

namespace armarium::base {

struct Principal {
  std::string name;                // empty for the public
  std::vector<std::string> roles;  // those that it was given: "editor"
  std::string tier = "public";     // what cache keys and ETags hold: principals of one tier see the same bytes
  std::uint8_t permissions =
      0;  // what it may do beyond the public, as bits of auth::Permission: its roles, as far as its key goes

  bool anonymous() const noexcept { return name.empty(); }
  static Principal public_visitor() { return {}; }
  // The server's own work: scanning, indexing.
  static Principal system() { return {"system", {"system"}, "system"}; }
};

}  // namespace armarium::base
