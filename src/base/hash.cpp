#include "base/hash.h"

#include <fmt/format.h>
#include <xxhash.h>

namespace armarium::base {
namespace {

std::string digits(const XXH128_hash_t& hash) { return fmt::format("{:016x}{:016x}", hash.high64, hash.low64); }

struct Release {
  void operator()(XXH3_state_t* state) const noexcept { XXH3_freeState(state); }
};

}  // namespace

std::string hash_hex(ByteView bytes) { return digits(XXH3_128bits(bytes.data(), bytes.size())); }

struct Hasher::State {
  std::unique_ptr<XXH3_state_t, Release> hash{XXH3_createState()};
};

Hasher::Hasher() : state_(std::make_unique<State>()) { XXH3_128bits_reset(state_->hash.get()); }
Hasher::~Hasher() = default;
void Hasher::add(ByteView bytes) { XXH3_128bits_update(state_->hash.get(), bytes.data(), bytes.size()); }
std::string Hasher::hex() const { return digits(XXH3_128bits_digest(state_->hash.get())); }

}  // namespace armarium::base
