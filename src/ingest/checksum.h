#pragma once
// The checksums that a client may send with its bytes, of data that comes piece by piece. One thread.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace armarium::ingest {

class Checksum {
 public:
  // "sha1", "sha256", "sha512", "md5"; nothing for another.
  static std::optional<Checksum> of(std::string_view algorithm);
  static constexpr std::string_view kAlgorithms = "sha1,sha256,sha512,md5";
  ~Checksum();
  Checksum(Checksum&& other) noexcept;
  Checksum& operator=(Checksum&& other) noexcept;

  void add(base::ByteView bytes);
  // The raw digest; once.
  std::string finish();
  std::size_t size() const;  // of the digest, in bytes

 private:
  struct State;
  explicit Checksum(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace armarium::ingest
