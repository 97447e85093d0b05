#pragma once
// A source that is put together: ranges of another one and bytes of its own, in a row. Nothing is copied; its version is that of the other with `recipe` behind it.
// Thread-safe as the other is.

#include <memory>
#include <vector>

#include "base/byte_source.h"

namespace armarium::base {

// A range of the other source, or, where there are any, `bytes`.
struct Splice {
  ByteRange range;
  Bytes bytes;
};

class SplicedSource final : public ByteSource {
 public:
  // Every range must lie inside `other`.
  SplicedSource(std::shared_ptr<const ByteSource> other, std::vector<Splice> pieces, std::string_view recipe);
  std::uint64_t size() const override { return size_; }
  const Version& version() const override { return version_; }
  Result<> read(std::uint64_t offset, std::span<std::uint8_t> out) const override;

 private:
  std::shared_ptr<const ByteSource> other_;
  std::vector<Splice> pieces_;
  std::vector<std::uint64_t> ends_;  // of each piece, in this source
  std::uint64_t size_ = 0;
  Version version_;
};

}  // namespace armarium::base
