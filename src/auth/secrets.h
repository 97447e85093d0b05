#pragma once
// Everything that is cryptography, by libsodium: Argon2id for passwords, API keys and their hashes, keyed hashes, random names. Thread-safe.

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace armarium::auth {

// Argon2id, 64 MiB and a tenth of a second or two: for pool threads, and few at once. resource_limit where there is no memory.
base::Result<std::string> hash_password(std::string_view password);
bool password_matches(const std::string& hash, std::string_view password);
// A hash that no password is known for and that costs as much to check.
const std::string& decoy_hash();
// Whether the hash was made with the costs of today.
bool has_todays_cost(const std::string& hash);

// arm_<id>_<secret>: 12 and 52 characters of a-z2-7, that is 60 and 260 random bits.
struct ApiKey {
  std::string id{};
  std::string secret{};
};
ApiKey make_key();
std::string text_of(const ApiKey& key);
std::optional<ApiKey> parse_key(std::string_view text);
// The secret is random, so that a fast hash is as good as a slow one. 64 hexadecimal digits.
std::string hash_of_secret(std::string_view secret);
// In a time that does not depend on where they differ.
bool same_hash(std::string_view a, std::string_view b);

// BLAKE2b with a key, 32 hexadecimal digits: tells nothing of `text` to those who lack the key.
std::string keyed_hash(std::string_view key, std::string_view text);
// `characters` of a-z2-7, five random bits each.
std::string random_text(std::size_t characters);

}  // namespace armarium::auth
