#pragma once
// Roles and what they may do, in one table; scopes, which cut a key down to a part of its owner's permissions. Pure; any thread.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/principal.h"

namespace armarium::auth {

// Bits of base::Principal::permissions.
enum class Permission : std::uint8_t {
  read = 1,        // what is restricted to those who sign in
  annotate = 2,    // add and change one's own annotations and states
  review = 4,      // change those of others
  edit = 8,        // items, collections, files
  administer = 16  // the server itself
};
using Permissions = std::uint8_t;

// Of all roles together. A role that this program does not know gives nothing.
Permissions permissions_of_roles(std::span<const std::string> roles) noexcept;
// invalid_argument naming the first that is none, and those there are.
base::Result<> check_roles(std::span<const std::string> roles);

// A scope is the name of a permission; any scope includes reading. No scope: everything.
Permissions permissions_of_scopes(std::span<const std::string> scopes) noexcept;
base::Result<> check_scopes(std::span<const std::string> scopes);

std::string_view name_of(Permission permission) noexcept;
inline bool may(const base::Principal& who, Permission permission) noexcept {
  return (who.permissions & static_cast<Permissions>(permission)) != 0;
}

}  // namespace armarium::auth
