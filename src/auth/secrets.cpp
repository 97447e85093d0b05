#include "auth/secrets.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace armarium::auth {
namespace {

constexpr unsigned long long kPasses = 3;
constexpr std::size_t kMemory = std::size_t{64} << 20;
constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view kPrefix = "arm_";
constexpr std::size_t kIdLength = 12;
constexpr std::size_t kSecretLength = 52;

// Before anything else of the library.
void ready() {
  static const bool done = sodium_init() >= 0;
  if (!done) std::abort();  // no source of randomness
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

template <std::size_t size>
std::string hex(const std::array<unsigned char, size>& bytes) {
  std::array<char, 2 * size + 1> text{};
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  return text.data();
}

bool is_random_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return kAlphabet.find(c) != std::string_view::npos; });
}

}  // namespace

base::Result<std::string> hash_password(std::string_view password) {
  ready();
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), kPasses, kMemory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return base::fail(base::ErrorCode::resource_limit, "There is no memory to make a password safe.");
  }
  return std::string(text.data());
}

bool password_matches(const std::string& hash, std::string_view password) {
  ready();
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

const std::string& decoy_hash() {
  static const std::string kHash =
      "$argon2id$v=19$m=65536,t=3,p=1$TO8zzCrVpGDOshtUSBnupg$SDZ5rs7KzNVJ4W+VEY5Xh4iH3kwtWBc90im3ifsWSU0";
  return kHash;
}

bool has_todays_cost(const std::string& hash) {
  return crypto_pwhash_str_needs_rehash(hash.c_str(), kPasses, kMemory) == 0;
}

std::string random_text(std::size_t characters) {
  ready();
  std::string text(characters, '\0');
  randombytes_buf(text.data(), text.size());
  for (char& c : text) c = kAlphabet[static_cast<unsigned char>(c) % kAlphabet.size()];  // 32 divides 256
  return text;
}

ApiKey make_key() { return {.id = random_text(kIdLength), .secret = random_text(kSecretLength)}; }

std::string text_of(const ApiKey& key) { return std::string(kPrefix) + key.id + '_' + key.secret; }

std::optional<ApiKey> parse_key(std::string_view text) {
  if (text.size() != kPrefix.size() + kIdLength + 1 + kSecretLength || !text.starts_with(kPrefix)) return std::nullopt;
  const std::string_view id = text.substr(kPrefix.size(), kIdLength);
  const std::string_view secret = text.substr(kPrefix.size() + kIdLength + 1);
  if (text[kPrefix.size() + kIdLength] != '_' || !is_random_text(id) || !is_random_text(secret)) return std::nullopt;
  return ApiKey{.id = std::string(id), .secret = std::string(secret)};
}

std::string hash_of_secret(std::string_view secret) {
  ready();
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), bytes_of(secret), secret.size(), nullptr, 0);
  return hex(hash);
}

bool same_hash(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string keyed_hash(std::string_view key, std::string_view text) {
  ready();
  std::array<unsigned char, 16> hash{};
  const std::size_t key_size = std::min<std::size_t>(key.size(), crypto_generichash_KEYBYTES_MAX);
  crypto_generichash(hash.data(), hash.size(), bytes_of(text), text.size(), bytes_of(key), key_size);
  return hex(hash);
}

}  // namespace armarium::auth
