#pragma once
// What an administrator does with users and keys; each answer is a row as it is now. Names and passwords are checked and normalised here. Any thread; blocks on the database, and for a password
// computes for a tenth of a second. Errors: invalid_argument, not_found and conflict in sentences for the person at the terminal, and those of the store.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/secrets.h"
#include "base/error.h"
#include "store/accounts.h"

namespace armarium::auth {

struct UserChange {
  std::optional<std::string> password{};
  std::optional<std::vector<std::string>> roles{};
  std::optional<bool> disabled{};
};

struct NewKey {
  store::KeyRow row{};
  std::string text{};  // shown once
};

class Users {
 public:
  explicit Users(store::Accounts& accounts) : accounts_(accounts) {}

  // No password: signs in by keys alone.
  base::Result<store::UserRow> add(std::string_view name, const std::optional<std::string>& password,
                                   std::vector<std::string> roles);
  base::Result<store::UserRow> change(std::string_view name, const UserChange& change);
  base::Result<std::vector<store::UserRow>> list() const { return accounts_.list_users(); }
  base::Result<> remove(std::string_view name);
  // Removes the user, if there is one, and makes the name anonymous wherever it was kept.
  base::Result<> forget(std::string_view name);
  // Who was forgotten here, unreadable: what an older backup brings back is forgotten again.
  struct Forgotten {
    std::string key{};
    std::string hashes{};  // of names, one after the other, each followed by a space
  };
  base::Result<Forgotten> forgotten();
  base::Result<> forget_again(const Forgotten& before);

  // `days` 0: does not expire.
  base::Result<NewKey> add_key(std::string_view name, std::vector<std::string> scopes, std::uint32_t days);
  base::Result<std::vector<store::KeyRow>> keys(std::string_view name) const;
  base::Result<> revoke_key(std::string_view name, std::string_view id);

 private:
  base::Result<store::UserRow> find(std::string_view name) const;
  base::Result<> note_forgotten(const std::string& name, bool forgotten);
  store::Accounts& accounts_;
};

}  // namespace armarium::auth
