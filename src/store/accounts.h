#pragma once
// Who may sign in: users, their API keys, failed attempts. Beside the Store, in the same database, by the same rules: rows as plain values, ids made by the caller, each call one transaction that
// survives a cut of power once it returned. Thread-safe; every call but version() and users() blocks on the database. Errors: io, corrupt, storage_full, and those that a call names. Text with a
// NUL in it is invalid_argument.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace armarium::store {

// Times are milliseconds since 1970, UTC.
struct UserRow {
  std::string id{};        // never given again, so that who comes later under the same name inherits nothing
  std::string name{};      // unique
  std::string password{};  // Argon2id as its text; empty: signs in by keys alone
  std::vector<std::string> roles{};
  std::int64_t created = 0;
  bool disabled = false;
  friend bool operator==(const UserRow&, const UserRow&) = default;
};

struct KeyRow {
  std::string id{};  // public
  std::string hash{};
  std::string owner{};  // id of a user
  std::vector<std::string> scopes{};
  std::int64_t created = 0;
  std::int64_t expires = 0;   // 0: never
  std::int64_t last_day = 0;  // last used: days since 1970; 0: never
  std::int64_t revoked = 0;   // 0: it is not
  friend bool operator==(const KeyRow&, const KeyRow&) = default;
};

// Failed attempts of one subject (a name, an address: made unreadable by the caller).
struct FailureRow {
  std::uint64_t count = 0;
  std::int64_t last = 0;
  friend bool operator==(const FailureRow&, const FailureRow&) = default;
};

class Accounts {
 public:
  virtual ~Accounts() = default;

  // Rises with each change of a user or a key (not with its use); the number of users. Of the last commit; no database call.
  virtual std::uint64_t version() const noexcept = 0;
  virtual std::uint64_t users() const noexcept = 0;

  virtual base::Result<std::optional<UserRow>> user(std::string_view name) const = 0;
  virtual base::Result<std::optional<UserRow>> user_by_id(std::string_view id) const = 0;
  virtual base::Result<std::vector<UserRow>> list_users() const = 0;  // by name, as bytes
  virtual base::Result<> add_user(const UserRow& row) = 0;            // conflict: the name or the id is taken
  virtual base::Result<> change_user(const UserRow& row) = 0;     // by id, all but id and created; not_found, conflict
  virtual base::Result<> remove_user(std::string_view name) = 0;  // with the keys; not_found
  // As remove_user, and whatever else the database says of the name ("who" in the history) says nothing of it afterwards. Fine where there is no such user.
  virtual base::Result<> forget_user(std::string_view name) = 0;
  // Everybody whom the database names, each once: users, and those who wrote what is kept.
  virtual base::Result<std::vector<std::string>> names() const = 0;

  virtual base::Result<std::optional<KeyRow>> key(std::string_view id) const = 0;
  virtual base::Result<std::vector<KeyRow>> keys_of(std::string_view owner) const = 0;  // by created, id
  virtual base::Result<> add_key(const KeyRow& row) = 0;  // not_found: no such owner; conflict: the id is taken
  virtual base::Result<> revoke_key(std::string_view owner, std::string_view id, std::int64_t now) = 0;  // not_found
  virtual base::Result<> note_use(std::string_view id, std::int64_t day) = 0;  // of a key; never goes back

  virtual base::Result<FailureRow> failures(std::string_view subject) const = 0;
  // One more, from 1 again where the last was before `fresh`. Gives the row after it.
  virtual base::Result<FailureRow> add_failure(std::string_view subject, std::int64_t now, std::int64_t fresh) = 0;
  virtual base::Result<> take_back_failure(std::string_view subject) = 0;  // one less
  virtual base::Result<> clear_failures(std::string_view subject) = 0;
  virtual base::Result<> forget_failures_before(std::int64_t time) = 0;

  // Whoever changed the database past this object (a restore) says so: the version rises, users() is what is there.
  virtual base::Result<> note_change() = 0;

  // The value that was kept first under `name`: `offered` where there was none. For secrets that all nodes share.
  virtual base::Result<std::string> constant(std::string_view name, std::string_view offered) = 0;
  virtual base::Result<> change_constant(std::string_view name, std::string_view value) = 0;
};

}  // namespace armarium::store
