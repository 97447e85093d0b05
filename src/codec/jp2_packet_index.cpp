#include "codec/jp2_packet_index.h"

#include <algorithm>
#include <utility>

namespace armarium::codec::jp2 {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::size_t kMaxComponents = 64;
constexpr std::uint32_t kMaxLevels = 16;
constexpr std::uint8_t kKnownStyles = 0x7F;  // 0x80 with 0x40 mixes both kinds of blocks

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

bool blames_the_file(const base::Error& error) {
  return error.code == ErrorCode::corrupt || error.code == ErrorCode::unsupported;
}

}  // namespace

PacketIndex::PacketIndex(const CodeStream& stream)
    : stream_(stream), number_(next_number()), usable_(can_divide(stream)) {}

bool PacketIndex::can_divide(const CodeStream& stream) noexcept {
  if (!stream.divisible || stream.components.size() > kMaxComponents) return false;
  return std::all_of(stream.components.begin(), stream.components.end(), [&](const Component& each) {
    const bool high_throughput = (each.block_style & kStyleHighThroughput) != 0;
    return each.levels <= kMaxLevels && each.transform <= 1 && (each.block_style & ~kKnownStyles) == 0 &&
           high_throughput == stream.high_throughput;
  });
}

TileIndexPtr PacketIndex::find(std::uint32_t tile) const {
  const std::lock_guard lock(mutex_);
  if (const auto found = tiles_.find(tile); found != tiles_.end()) return found->second;
  auto node = older_.extract(tile);
  return node.empty() ? nullptr : tiles_.insert(std::move(node)).position->second;
}

void PacketIndex::keep(std::uint32_t tile, const std::shared_ptr<TileIndex>& made) {
  bool room = made->charge();
  if (!room) {
    Tiles dropped;
    {
      const std::lock_guard lock(mutex_);
      dropped = std::exchange(older_, std::exchange(tiles_, {}));
    }
    dropped.clear();
    room = made->charge();
  }
  if (!room) return;
  const std::lock_guard lock(mutex_);
  tiles_.emplace(tile, made);
}

Result<std::shared_ptr<const PacketIndex::Parts>> PacketIndex::parts(const base::ByteSource& file) {
  {
    const std::lock_guard lock(mutex_);
    if (parts_) return parts_;
  }
  auto found = find_tile_parts(file, stream_);
  if (!found) {
    if (blames_the_file(found.error())) refuse();
    return fail(std::move(found.error()));
  }
  auto made = std::make_shared<const Parts>(std::move(*found));
  const std::lock_guard lock(mutex_);
  if (!parts_) parts_ = made;
  return parts_;
}

Result<TileIndexPtr> PacketIndex::get(const base::ByteSource& file, std::uint32_t tile,
                                      const base::CancelToken& cancel) {
  const std::lock_guard making(making_[tile % making_.size()]);
  if (auto found = find(tile)) return found;
  {
    const std::lock_guard lock(mutex_);
    if (failed_.contains(tile)) return fail(ErrorCode::corrupt, "The JPEG 2000 picture is damaged.", "no packet index");
  }
  auto all = parts(file);
  if (!all) return fail(std::move(all.error()));
  const auto [begin, end] = std::equal_range((*all)->begin(), (*all)->end(), TilePart{tile},
                                             [](const TilePart& a, const TilePart& b) { return a.tile < b.tile; });
  auto made = std::make_shared<TileIndex>(stream_, number_, tile, budget_);
  auto filled = made->fill(file, Parts(begin, end), cancel);
  if (!filled) {
    const std::lock_guard lock(mutex_);
    if (blames_the_file(filled.error())) failed_.insert(tile);
    return fail(std::move(filled.error()));
  }
  keep(tile, made);
  return TileIndexPtr(std::move(made));
}

}  // namespace armarium::codec::jp2
