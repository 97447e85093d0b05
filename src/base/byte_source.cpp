#include "base/byte_source.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace armarium::base {

Result<> MemorySource::read(std::uint64_t offset, std::span<std::uint8_t> out) const {
  if (offset > bytes_.size() || out.size() > bytes_.size() - offset) {
    return fail(ErrorCode::corrupt, "The file ends before its content does.");
  }
  if (!out.empty()) std::memcpy(out.data(), bytes_.data() + offset, out.size());
  return {};
}

ByteView MemorySource::view(ByteRange range) const {
  if (range.offset > bytes_.size() || range.length > bytes_.size() - range.offset) return {};
  return ByteView(bytes_).subspan(range.offset, range.length);
}

FetchedRanges::FetchedRanges(std::uint64_t size, Version version, std::vector<Piece> pieces)
    : size_(size), version_(std::move(version)), pieces_(std::move(pieces)) {
  std::sort(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) { return a.offset < b.offset; });
}

ByteView FetchedRanges::view(ByteRange range) const {
  auto after = std::upper_bound(pieces_.begin(), pieces_.end(), range.offset,
                                [](std::uint64_t offset, const Piece& piece) { return offset < piece.offset; });
  while (after != pieces_.begin()) {
    --after;
    const std::uint64_t skip = range.offset - after->offset;
    if (skip <= after->bytes.size() && range.length <= after->bytes.size() - skip) {
      return ByteView(after->bytes).subspan(skip, range.length);
    }
  }
  return {};
}

Result<> FetchedRanges::read(std::uint64_t offset, std::span<std::uint8_t> out) const {
  if (offset > size_ || out.size() > size_ - offset)
    return fail(ErrorCode::corrupt, "The file ends before its content does.");
  if (out.empty()) return {};
  // A read may span pieces that touch, so it goes on from piece to piece.
  std::size_t done = 0;
  while (done < out.size()) {
    const std::uint64_t at = offset + done;
    const Piece* found = nullptr;
    for (const Piece& piece : pieces_) {
      if (piece.offset > at) break;
      if (at - piece.offset < piece.bytes.size()) found = &piece;
    }
    if (found == nullptr) {
      return fail(ErrorCode::internal, "The picture could not be read.", fmt::format("byte {} was not fetched", at));
    }
    const std::uint64_t skip = at - found->offset;
    const std::size_t count = std::min<std::size_t>(out.size() - done, found->bytes.size() - skip);
    std::memcpy(out.data() + done, found->bytes.data() + skip, count);
    done += count;
  }
  return {};
}

Result<FetchedRanges> fetch(const ByteSource& source, std::vector<ByteRange> ranges, std::uint64_t gap) {
  std::sort(ranges.begin(), ranges.end(), [](ByteRange a, ByteRange b) { return a.offset < b.offset; });
  std::vector<ByteRange> merged;
  for (ByteRange range : ranges) {
    if (range.offset > source.size() || range.length > source.size() - range.offset) {
      return fail(ErrorCode::corrupt, "The file ends before its content does.");
    }
    if (!merged.empty() && range.offset <= merged.back().offset + merged.back().length + gap) {
      const std::uint64_t end = std::max(merged.back().offset + merged.back().length, range.offset + range.length);
      merged.back().length = end - merged.back().offset;
    } else {
      merged.push_back(range);
    }
  }
  std::vector<FetchedRanges::Piece> pieces;
  pieces.reserve(merged.size());
  for (ByteRange range : merged) {
    Bytes bytes(range.length);
    if (auto read = source.read(range.offset, bytes); !read) return fail(read.error());
    pieces.push_back({range.offset, std::move(bytes)});
  }
  return FetchedRanges(source.size(), source.version(), std::move(pieces));
}

}  // namespace armarium::base
