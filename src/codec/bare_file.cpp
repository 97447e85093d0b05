#include "codec/bare_file.h"

#include <algorithm>

#include "codec/watched_source.h"

namespace armarium::codec {
namespace {

constexpr std::size_t kMostPieces = 10'000;

base::Result<std::vector<base::Splice>> walk(const base::ByteSource& file, Format format) {
  switch (format) {
    case Format::jpeg: return bare_jpeg(file);
    case Format::png: return bare_png(file);
    case Format::webp: return bare_webp(file);
    case Format::gif: return bare_gif(file);
    default: return base::fail(base::ErrorCode::unsupported, "Files of this format cannot be given out without it.");
  }
}

}  // namespace

void Keeping::range(std::uint64_t offset, std::uint64_t length) {
  if (offset < size_) length = std::min(length, size_ - offset);
  if (length == 0 || offset >= size_) return;
  if (!pieces_.empty() && pieces_.back().bytes.empty() &&
      pieces_.back().range.offset + pieces_.back().range.length == offset) {
    pieces_.back().range.length += length;
  } else if (pieces_.size() <= kMostPieces) {
    pieces_.push_back({{offset, length}, {}});
  }
}

void Keeping::bytes(base::Bytes bytes) {
  if (!bytes.empty() && pieces_.size() <= kMostPieces) pieces_.push_back({{}, std::move(bytes)});
}

base::Result<std::vector<base::Splice>> Keeping::done() {
  if (pieces_.size() > kMostPieces)
    return base::fail(base::ErrorCode::resource_limit, "The file is made of too many pieces.");
  return std::move(pieces_);
}

base::Bytes orientation_block(int orientation) {
  if (orientation < 2 || orientation > 8) return {};
  // TIFF 6.0, section 2: one directory with one SHORT.
  return {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, static_cast<std::uint8_t>(orientation),
          0,   0,   0, 0,  0, 0};
}

base::Result<std::vector<base::Splice>> bare_pieces(const base::ByteSource& file, Format format) {
  const WatchedSource watched(file);
  auto pieces = walk(watched, format);
  if (watched.failure()) return base::fail(*watched.failure());
  return pieces;
}

}  // namespace armarium::codec
