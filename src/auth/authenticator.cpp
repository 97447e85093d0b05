#include "auth/authenticator.h"

#include <algorithm>

#include "auth/secrets.h"

namespace armarium::auth {
namespace {

using base::ErrorCode;
using base::Principal;
using base::Result;

constexpr std::int64_t kDay = 86'400'000;
constexpr std::size_t kKeyCharacters = 64;

tl::unexpected<base::Error> wrong_password() {
  return base::fail(ErrorCode::unauthenticated, "The name or the password is wrong.");
}
tl::unexpected<base::Error> wrong_key() {
  return base::fail(ErrorCode::unauthenticated, "The key is not valid, or no longer.");
}

Principal principal_of(const store::UserRow& user, Permissions limit) {
  Principal who;
  who.name = user.name;
  who.roles = user.roles;
  who.permissions = static_cast<Permissions>(permissions_of_roles(user.roles) & limit);
  return who;
}

}  // namespace

std::int64_t now_in_milliseconds() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

Result<std::unique_ptr<Authenticator>> Authenticator::create(store::Accounts& accounts, AuthenticatorOptions options) {
  auto key = accounts.constant("lockout-key", random_text(kKeyCharacters));
  if (!key) return base::fail(std::move(key.error()));
  if (!options.now) options.now = now_in_milliseconds;
  return std::unique_ptr<Authenticator>(new Authenticator(accounts, std::move(*key), std::move(options)));
}

Authenticator::Authenticator(store::Accounts& accounts, std::string lockout_key, AuthenticatorOptions options)
    : accounts_(accounts),
      options_(std::move(options)),
      lockout_(accounts, std::move(lockout_key), options_.lockout),
      fingerprint_key_(random_text(kKeyCharacters)) {}

std::string Authenticator::fingerprint(const Credentials& credentials) const {
  // A name holds no line's end, so that the three parts cannot be shifted.
  std::string text = credentials.kind == Credentials::Kind::basic ? "basic\n" : "bearer\n";
  (text += credentials.name) += '\n';
  return keyed_hash(fingerprint_key_, text + credentials.secret);
}

// Inside the lock; null for what is too old.
const Authenticator::Remembered* Authenticator::find(const Memory& memory, const std::string& fingerprint) const {
  const auto found = memory.find(fingerprint);
  const bool holds =
      found != memory.end() && found->second.version == accounts_.version() && found->second.until > options_.now();
  return holds ? &found->second : nullptr;
}

std::optional<Principal> Authenticator::known(const std::string& fingerprint) const {
  const std::lock_guard lock(mutex_);
  const Remembered* found = find(right_, fingerprint);
  return found != nullptr ? std::optional<Principal>(*found->who) : std::nullopt;
}

void Authenticator::remember(Memory& memory, const std::string& fingerprint, Remembered entry) {
  const std::lock_guard lock(mutex_);
  if (memory.size() >= options_.most_remembered) {
    const std::int64_t now = options_.now();
    std::erase_if(
        memory, [&](const auto& row) { return row.second.until <= now || row.second.version != accounts_.version(); });
    if (memory.size() >= options_.most_remembered) memory.clear();
  }
  memory.insert_or_assign(fingerprint, std::move(entry));
}

Result<Principal> Authenticator::verify(const Credentials& credentials, std::string_view client) {
  const std::string mark = fingerprint(credentials);
  {
    const std::lock_guard lock(mutex_);
    if (const Remembered* found = find(wrong_, mark)) return found->who;
  }
  // Before anything is read: a change meanwhile makes what is remembered old at once.
  const std::uint64_t version = accounts_.version();
  std::int64_t until = options_.now() + std::chrono::milliseconds(options_.remembered).count();
  std::int64_t expires = 0;
  auto who = credentials.kind == Credentials::Kind::basic ? verify_password(credentials, client)
                                                          : verify_key(credentials, client, expires);
  if (expires != 0) until = std::min(until, expires);
  if (who) {
    remember(right_, mark, {who, version, until});
  } else if (who.error().code == ErrorCode::unauthenticated) {
    remember(wrong_, mark, {who, version, until});
  }
  return who;
}

Result<Principal> Authenticator::verify_password(const Credentials& credentials, std::string_view client) {
  if (auto begun = lockout_.begin(credentials.name, client, options_.now()); !begun)
    return base::fail(std::move(begun.error()));
  auto user = accounts_.user(credentials.name);
  if (!user) return base::fail(std::move(user.error()));
  const bool there = user->has_value() && !(*user)->password.empty();
  const bool right = password_matches(there ? (*user)->password : decoy_hash(), credentials.secret);
  if (!there || !right || (*user)->disabled) return wrong_password();
  if (auto done = lockout_.succeeded(credentials.name, client, options_.now()); !done)
    return base::fail(std::move(done.error()));
  return principal_of(**user, permissions_of_scopes({}));
}

Result<Principal> Authenticator::verify_key(const Credentials& credentials, std::string_view client,
                                            std::int64_t& expires) {
  const std::int64_t now = options_.now();
  if (auto free = lockout_.check_client(client, now); !free) return base::fail(std::move(free.error()));
  const auto refuse = [&]() -> Result<Principal> {
    if (auto counted = lockout_.failed(client, now); !counted) return base::fail(std::move(counted.error()));
    return wrong_key();
  };
  const auto given = parse_key(credentials.secret);
  if (!given) return refuse();
  auto row = accounts_.key(given->id);
  if (!row) return base::fail(std::move(row.error()));
  const std::string hash = hash_of_secret(given->secret);
  if (!*row || !same_hash((*row)->hash, hash)) return refuse();
  const store::KeyRow& key = **row;
  if (key.revoked != 0 || (key.expires != 0 && key.expires <= now)) return refuse();
  auto owner = accounts_.user_by_id(key.owner);
  if (!owner) return base::fail(std::move(owner.error()));
  if (!*owner || (*owner)->disabled) return refuse();
  if (key.last_day < now / kDay) {
    if (auto noted = accounts_.note_use(key.id, now / kDay); !noted) return base::fail(std::move(noted.error()));
  }
  expires = key.expires;
  return principal_of(**owner, permissions_of_scopes(key.scopes));
}

}  // namespace armarium::auth
