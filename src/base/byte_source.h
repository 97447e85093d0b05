#pragma once
// The bytes of one version of one object, read at random. What source/ implements and codec/ consumes, so that neither knows the
// other. Implementations may be read from several threads at once. A read past the end, of a changed object or of a broken disk is an
// Error, never a signal: files are not mapped.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace armarium::base {

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

// Which bytes an object holds: changes whenever they may have changed. `token` is what the source compares (size, mtime in ns and inode of
// a file; an ETag of S3); opaque to everybody else.
struct Version {
  std::string token;
  friend bool operator==(const Version&, const Version&) = default;
};

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;
  virtual const Version& version() const = 0;
  // Fills all of `out` from `offset`; corrupt when the object is shorter, io when reading fails.
  virtual Result<> read(std::uint64_t offset, std::span<std::uint8_t> out) const = 0;
  // As read, but only where that does not wait for a disk or a network: false, and `out` undefined, otherwise. For I/O threads.
  virtual bool read_now(std::uint64_t /*offset*/, std::span<std::uint8_t> /*out*/) const { return false; }
  // An open file descriptor that stays valid as long as this object, where there is one (local files).
  virtual std::optional<int> descriptor() const { return std::nullopt; }
  // The bytes of a range without a copy, where they lie in memory in one piece; else empty. Valid as long as this object.
  virtual ByteView view(ByteRange) const { return {}; }
};

// Bytes in memory as a source, for tests and for what was fetched whole.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(Bytes bytes) : bytes_(std::move(bytes)), version_{"memory"} {}
  std::uint64_t size() const override { return bytes_.size(); }
  const Version& version() const override { return version_; }
  Result<> read(std::uint64_t offset, std::span<std::uint8_t> out) const override;
  bool read_now(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    return read(offset, out).has_value();
  }
  ByteView view(ByteRange range) const override;
  ByteView bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  Version version_;
};

// Some ranges of a source in memory, all of one version. A read outside what was fetched is an Error (internal: the plan was wrong).
class FetchedRanges final : public ByteSource {
 public:
  struct Piece {
    std::uint64_t offset;
    Bytes bytes;
  };
  // `pieces` need not be sorted; overlapping ones are allowed.
  FetchedRanges(std::uint64_t size, Version version, std::vector<Piece> pieces);
  std::uint64_t size() const override { return size_; }
  const Version& version() const override { return version_; }
  Result<> read(std::uint64_t offset, std::span<std::uint8_t> out) const override;
  ByteView view(ByteRange range) const override;

 private:
  std::uint64_t size_;
  Version version_;
  std::vector<Piece> pieces_;  // sorted by offset
};

// Reads ranges in one batch; neighbours closer than `gap` bytes are read as one.
Result<FetchedRanges> fetch(const ByteSource& source, std::vector<ByteRange> ranges, std::uint64_t gap = 4096);

}  // namespace armarium::base
