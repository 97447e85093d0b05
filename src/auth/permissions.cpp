#include "auth/permissions.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace armarium::auth {
namespace {

struct Named {
  std::string_view name;
  Permissions permissions;
};

constexpr Permissions bits(std::initializer_list<Permission> list) {
  Permissions all = 0;
  for (const Permission one : list) all = static_cast<Permissions>(all | static_cast<Permissions>(one));
  return all;
}

using enum Permission;

// Each holds all that the one before it does.
constexpr std::array kRoles = std::to_array<Named>({
    {"reader", bits({read})},
    {"contributor", bits({read, annotate})},
    {"reviewer", bits({read, annotate, review})},
    {"editor", bits({read, annotate, review, edit})},
    {"administrator", bits({read, annotate, review, edit, administer})},
});

constexpr std::array kPermissions = std::to_array<Named>({
    {"read", bits({read})},
    {"annotate", bits({annotate})},
    {"review", bits({review})},
    {"edit", bits({edit})},
    {"administer", bits({administer})},
});

template <std::size_t size>
const Named* find(const std::array<Named, size>& table, std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const Named& row) { return row.name == name; });
  return found == table.end() ? nullptr : &*found;
}

template <std::size_t size>
Permissions sum(const std::array<Named, size>& table, std::span<const std::string> names) {
  Permissions all = 0;
  for (const std::string& name : names) {
    if (const Named* row = find(table, name)) all = static_cast<Permissions>(all | row->permissions);
  }
  return all;
}

template <std::size_t size>
base::Result<> check(const std::array<Named, size>& table, std::string_view what, std::span<const std::string> names) {
  for (const std::string& name : names) {
    if (find(table, name) != nullptr) continue;
    std::string known;
    for (const Named& row : table) known += fmt::format("{}{}", known.empty() ? "" : ", ", row.name);
    return base::fail(base::ErrorCode::invalid_argument,
                      fmt::format("There is no {} \"{}\"; there are {}.", what, name, known));
  }
  return {};
}

}  // namespace

Permissions permissions_of_roles(std::span<const std::string> roles) noexcept { return sum(kRoles, roles); }
base::Result<> check_roles(std::span<const std::string> roles) { return check(kRoles, "role", roles); }

Permissions permissions_of_scopes(std::span<const std::string> scopes) noexcept {
  if (scopes.empty()) return kRoles.back().permissions;
  return static_cast<Permissions>(sum(kPermissions, scopes) | bits({read}));
}
base::Result<> check_scopes(std::span<const std::string> scopes) { return check(kPermissions, "scope", scopes); }

std::string_view name_of(Permission permission) noexcept {
  const auto found = std::find_if(kPermissions.begin(), kPermissions.end(), [&](const Named& row) {
    return row.permissions == static_cast<Permissions>(permission);
  });
  return found == kPermissions.end() ? std::string_view() : found->name;
}

}  // namespace armarium::auth
