#pragma once
// Turns credentials into who they belong to. What was found right is remembered for some minutes under a keyed hash, and dropped as soon as any user or key changes, so that Basic costs Argon2id once and not for
// each request; what was found wrong is remembered too, so that a program that goes on with an old password or key is one attempt and not many. Nothing that it answers tells whether a name exists, nor does the time that it takes. Thread-safe. known() takes a microsecond; verify() blocks on the database and, for a password,
// computes for a tenth of a second with 64 MiB: for pool threads, and few at once.

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "auth/credentials.h"
#include "auth/lockout.h"
#include "auth/permissions.h"
#include "base/error.h"
#include "base/principal.h"
#include "store/accounts.h"

namespace armarium::auth {

struct AuthenticatorOptions {
  LockoutPolicy lockout{};
  std::chrono::seconds remembered{300};
  std::size_t most_remembered = 4096;
  // Milliseconds since 1970; replaced by tests.
  std::function<std::int64_t()> now{};
};

class Authenticator {
 public:
  // `accounts` must outlive it.
  static base::Result<std::unique_ptr<Authenticator>> create(store::Accounts& accounts,
                                                             AuthenticatorOptions options = {});

  // The same for the same credentials, and says nothing of them; for known() and for those who wait for one answer together.
  std::string fingerprint(const Credentials& credentials) const;
  std::optional<base::Principal> known(const std::string& fingerprint) const;

  // unauthenticated where they are wrong, budget_spent with retry_after where there were too many attempts, or an Error of the store. `client`: its address.
  base::Result<base::Principal> verify(const Credentials& credentials, std::string_view client);

  // Whether anybody can sign in at all; no database call.
  bool has_users() const noexcept { return accounts_.users() > 0; }
  std::uint64_t count_users() const noexcept { return accounts_.users(); }

 private:
  struct Remembered {
    base::Result<base::Principal> who;
    std::uint64_t version = 0;
    std::int64_t until = 0;
  };
  Authenticator(store::Accounts& accounts, std::string lockout_key, AuthenticatorOptions options);
  base::Result<base::Principal> verify_password(const Credentials& credentials, std::string_view client);
  // `expires`: of the key; 0: never.
  base::Result<base::Principal> verify_key(const Credentials& credentials, std::string_view client,
                                           std::int64_t& expires);
  using Memory = std::unordered_map<std::string, Remembered>;
  const Remembered* find(const Memory& memory, const std::string& fingerprint) const;
  void remember(Memory& memory, const std::string& fingerprint, Remembered entry);

  store::Accounts& accounts_;
  AuthenticatorOptions options_;
  Lockout lockout_;
  std::string fingerprint_key_;  // of this process alone
  mutable std::mutex mutex_;
  Memory right_;
  Memory wrong_;
};

// Milliseconds since 1970.
std::int64_t now_in_milliseconds();

}  // namespace armarium::auth
