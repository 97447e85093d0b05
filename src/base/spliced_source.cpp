#include "base/spliced_source.h"

#include <algorithm>

namespace armarium::base {
namespace {

std::uint64_t length_of(const Splice& piece) {
  return piece.bytes.empty() ? piece.range.length : std::uint64_t{piece.bytes.size()};
}

}  // namespace

SplicedSource::SplicedSource(std::shared_ptr<const ByteSource> other, std::vector<Splice> pieces,
                             std::string_view recipe)
    : other_(std::move(other)),
      pieces_(std::move(pieces)),
      version_{other_->version().token + '/' + std::string(recipe)} {
  ends_.reserve(pieces_.size());
  for (const Splice& piece : pieces_) {
    size_ += length_of(piece);
    ends_.push_back(size_);
  }
}

Result<> SplicedSource::read(std::uint64_t offset, std::span<std::uint8_t> out) const {
  if (offset > size_ || out.size() > size_ - offset)
    return fail(ErrorCode::corrupt, "The file is shorter than it says.", "read past the end of a spliced source");
  auto at = static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), offset) - ends_.begin());
  while (!out.empty()) {
    const Splice& piece = pieces_[at];
    const std::uint64_t within = offset - (ends_[at] - length_of(piece));
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), ends_[at] - offset));
    if (piece.bytes.empty()) {
      auto done = other_->read(piece.range.offset + within, out.first(count));
      if (!done) return done;
    } else {
      std::copy_n(piece.bytes.begin() + static_cast<std::ptrdiff_t>(within), count, out.begin());
    }
    out = out.subspan(count);
    offset += count;
    ++at;
  }
  return {};
}

}  // namespace armarium::base
