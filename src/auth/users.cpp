#include "auth/users.h"

#include <algorithm>

#include <fmt/format.h>

#include "auth/authenticator.h"
#include "auth/lockout.h"
#include "auth/names.h"
#include "auth/permissions.h"

namespace armarium::auth {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::int64_t kDay = 86'400'000;
constexpr std::size_t kIdCharacters = 20;
// Constants of the accounts.
constexpr std::string_view kForgottenKey = "forgotten-key";
constexpr std::string_view kForgotten = "forgotten";
constexpr std::size_t kMostKeys = 100;  // of one user

Result<std::vector<std::string>> distinct(std::vector<std::string> words,
                                          Result<> (*check)(std::span<const std::string>)) {
  if (auto fine = check(words); !fine) return base::fail(std::move(fine.error()));
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

Result<std::string> hash_of_new(std::string_view password) {
  auto fine = new_password(password);
  if (!fine) return fine;
  return hash_password(*fine);
}

}  // namespace

Result<store::UserRow> Users::find(std::string_view name) const {
  auto normal = user_name(name);
  if (!normal) return base::fail(std::move(normal.error()));
  auto row = accounts_.user(*normal);
  if (!row) return base::fail(std::move(row.error()));
  if (!*row) return base::fail(ErrorCode::not_found, fmt::format("There is no user {}.", *normal));
  return std::move(**row);
}

Result<store::UserRow> Users::add(std::string_view name, const std::optional<std::string>& password,
                                  std::vector<std::string> roles) {
  auto normal = user_name(name);
  if (!normal) return base::fail(std::move(normal.error()));
  auto there = accounts_.user(*normal);
  if (!there) return base::fail(std::move(there.error()));
  if (*there) return base::fail(ErrorCode::conflict, fmt::format("There is a user {} already.", *normal));
  auto known = distinct(std::move(roles), check_roles);
  if (!known) return base::fail(std::move(known.error()));
  store::UserRow row{.id = random_text(kIdCharacters),
                     .name = std::move(*normal),
                     .roles = std::move(*known),
                     .created = now_in_milliseconds()};
  if (password) {
    auto hash = hash_of_new(*password);
    if (!hash) return base::fail(std::move(hash.error()));
    row.password = std::move(*hash);
  }
  if (auto noted = note_forgotten(row.name, false); !noted) return base::fail(std::move(noted.error()));
  if (auto added = accounts_.add_user(row); !added) return base::fail(std::move(added.error()));
  return row;
}

Result<store::UserRow> Users::change(std::string_view name, const UserChange& change) {
  auto row = find(name);
  if (!row) return row;
  if (change.roles) {
    auto known = distinct(*change.roles, check_roles);
    if (!known) return base::fail(std::move(known.error()));
    row->roles = std::move(*known);
  }
  if (change.password) {
    auto hash = hash_of_new(*change.password);
    if (!hash) return base::fail(std::move(hash.error()));
    row->password = std::move(*hash);
  }
  if (change.disabled) row->disabled = *change.disabled;
  if (auto changed = accounts_.change_user(*row); !changed) return base::fail(std::move(changed.error()));
  return row;
}

Result<> Users::remove(std::string_view name) {
  auto row = find(name);
  if (!row) return base::fail(std::move(row.error()));
  return accounts_.remove_user(row->name);
}

Result<> Users::forget(std::string_view name) {
  auto normal = user_name(name);
  if (!normal) return base::fail(std::move(normal.error()));
  auto key = accounts_.constant("lockout-key", random_text(kIdCharacters));
  if (!key) return base::fail(std::move(key.error()));
  if (auto cleared = Lockout(accounts_, *key, {}).forget(*normal); !cleared) return cleared;
  if (auto noted = note_forgotten(*normal, true); !noted) return noted;
  return accounts_.forget_user(*normal);
}

Result<Users::Forgotten> Users::forgotten() {
  auto key = accounts_.constant(kForgottenKey, random_text(kIdCharacters));
  if (!key) return base::fail(std::move(key.error()));
  auto hashes = accounts_.constant(kForgotten, "");
  if (!hashes) return base::fail(std::move(hashes.error()));
  return Forgotten{std::move(*key), std::move(*hashes)};
}

// Somebody new may have the name later.
Result<> Users::note_forgotten(const std::string& name, bool forgotten_now) {
  auto known = forgotten();
  if (!known) return base::fail(std::move(known.error()));
  const std::string hash = keyed_hash(known->key, name) + ' ';
  const std::size_t at = known->hashes.find(hash);
  if ((at != std::string::npos) == forgotten_now) return {};
  if (forgotten_now) {
    known->hashes += hash;
  } else {
    known->hashes.erase(at, hash.size());
  }
  return accounts_.change_constant(kForgotten, known->hashes);
}

Result<> Users::forget_again(const Forgotten& before) {
  if (before.hashes.empty()) return {};
  auto names = accounts_.names();
  if (!names) return base::fail(std::move(names.error()));
  for (const std::string& name : *names) {
    if (before.hashes.find(keyed_hash(before.key, name) + ' ') == std::string::npos) continue;
    if (auto done = accounts_.forget_user(name); !done) return done;
  }
  if (auto kept = accounts_.change_constant(kForgottenKey, before.key); !kept) return kept;
  return accounts_.change_constant(kForgotten, before.hashes);
}

Result<NewKey> Users::add_key(std::string_view name, std::vector<std::string> scopes, std::uint32_t days) {
  auto owner = find(name);
  if (!owner) return base::fail(std::move(owner.error()));
  auto known = distinct(std::move(scopes), check_scopes);
  if (!known) return base::fail(std::move(known.error()));
  auto others = accounts_.keys_of(owner->id);
  if (!others) return base::fail(std::move(others.error()));
  const auto valid = std::count_if(others->begin(), others->end(), [](const auto& key) { return key.revoked == 0; });
  if (static_cast<std::size_t>(valid) >= kMostKeys)
    return base::fail(ErrorCode::conflict, fmt::format("A user has at most {} keys; revoke one first.", kMostKeys));
  const ApiKey key = make_key();
  const std::int64_t now = now_in_milliseconds();
  store::KeyRow row{.id = key.id,
                    .hash = hash_of_secret(key.secret),
                    .owner = owner->id,
                    .scopes = std::move(*known),
                    .created = now,
                    .expires = days == 0 ? 0 : now + days * kDay};
  if (auto added = accounts_.add_key(row); !added) return base::fail(std::move(added.error()));
  return NewKey{.row = std::move(row), .text = text_of(key)};
}

Result<std::vector<store::KeyRow>> Users::keys(std::string_view name) const {
  auto owner = find(name);
  if (!owner) return base::fail(std::move(owner.error()));
  return accounts_.keys_of(owner->id);
}

Result<> Users::revoke_key(std::string_view name, std::string_view id) {
  auto owner = find(name);
  if (!owner) return base::fail(std::move(owner.error()));
  return accounts_.revoke_key(owner->id, id, now_in_milliseconds());
}

}  // namespace armarium::auth
