#include "ingest/checksum.h"

#include <openssl/evp.h>

#include <array>

namespace armarium::ingest {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

const EVP_MD* digest_named(std::string_view algorithm) {
  if (algorithm == "sha1") return EVP_sha1();
  if (algorithm == "sha256") return EVP_sha256();
  if (algorithm == "sha512") return EVP_sha512();
  if (algorithm == "md5") return EVP_md5();
  return nullptr;
}

}  // namespace

struct Checksum::State {
  std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

Checksum::Checksum(std::unique_ptr<State> state) : state_(std::move(state)) {}
Checksum::~Checksum() = default;
Checksum::Checksum(Checksum&& other) noexcept = default;
Checksum& Checksum::operator=(Checksum&& other) noexcept = default;

std::optional<Checksum> Checksum::of(std::string_view algorithm) {
  const EVP_MD* digest = digest_named(algorithm);
  auto state = std::make_unique<State>();
  // A system may forbid an algorithm by its policy.
  if (digest == nullptr || EVP_DigestInit_ex(state->context.get(), digest, nullptr) != 1) return std::nullopt;
  return Checksum(std::move(state));
}

void Checksum::add(base::ByteView bytes) { EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()); }

std::string Checksum::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_DigestFinal_ex(state_->context.get(), digest.data(), &length);
  return {reinterpret_cast<const char*>(digest.data()), length};
}

std::size_t Checksum::size() const { return static_cast<std::size_t>(EVP_MD_CTX_size(state_->context.get())); }

}  // namespace armarium::ingest
