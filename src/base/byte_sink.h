#pragma once
// Where bytes of a new object go: appended in order, earlier ones patched. Nobody sees the object before its owner commits it. Not thread-safe.

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/bytes.h"
#include "base/error.h"

namespace armarium::base {

class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual Result<> append(ByteView bytes) = 0;
  // Over bytes that were appended before.
  virtual Result<> patch(std::uint64_t offset, ByteView bytes) = 0;
  virtual std::uint64_t size() const = 0;
};

class MemorySink final : public ByteSink {
 public:
  Result<> append(ByteView bytes) override {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return {};
  }
  Result<> patch(std::uint64_t offset, ByteView bytes) override {
    if (offset > bytes_.size() || bytes.size() > bytes_.size() - offset)
      return fail(ErrorCode::internal, "The server made a mistake.", "a patch past the end");
    std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(offset));
    return {};
  }
  std::uint64_t size() const override { return bytes_.size(); }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

}  // namespace armarium::base
