#pragma once
// A source that remembers whether a read failed for another reason than its content: a disk, a network. Readers of headers take a failed read for the end of the
// file; who draws a lasting conclusion from what they say asks here first whether they saw it all. Refers to the other source. One thread.

#include <optional>

#include "base/byte_source.h"

namespace armarium::codec {

class WatchedSource final : public base::ByteSource {
 public:
  explicit WatchedSource(const base::ByteSource& other) : other_(other) {}

  // The first read that failed, but for reads past the end (corrupt).
  const std::optional<base::Error>& failure() const noexcept { return failure_; }

  std::uint64_t size() const override { return other_.size(); }
  const base::Version& version() const override { return other_.version(); }
  base::Result<> read(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    auto done = other_.read(offset, out);
    if (!done && !failure_ && done.error().code != base::ErrorCode::corrupt) failure_ = done.error();
    return done;
  }
  std::optional<int> descriptor() const override { return other_.descriptor(); }
  base::ByteView view(base::ByteRange range) const override { return other_.view(range); }

 private:
  const base::ByteSource& other_;
  mutable std::optional<base::Error> failure_;
};

}  // namespace armarium::codec
