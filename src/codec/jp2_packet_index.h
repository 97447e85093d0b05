#pragma once
// Where the packets of a code stream lie, tile by tile, found when a tile is first asked for: from PLT where that adds up, else by reading every packet header of the
// tile once. Twelve bytes a packet, and the code blocks of large precincts, within a budget. Thread-safe; blocks on the source.
// Errors: corrupt, unsupported (the caller decodes from the whole file then), io, cancelled.

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "base/cancel.h"
#include "codec/jp2_index_budget.h"
#include "codec/jp2_packet.h"
#include "codec/jp2_packet_order.h"
#include "codec/jp2_tile_parts.h"

namespace armarium::codec::jp2 {

// One tile. Immutable but for the precincts that it keeps.
class TileIndex {
 public:
  // `index` is PacketIndex::number.
  TileIndex(const CodeStream& stream, std::uint64_t index, std::uint32_t tile, std::shared_ptr<IndexBudget> budget);
  TileIndex(const TileIndex&) = delete;
  TileIndex& operator=(const TileIndex&) = delete;
  ~TileIndex();
  base::Result<> fill(const base::ByteSource& file, const std::vector<TilePart>& parts,
                      const base::CancelToken& cancel);

  std::uint64_t index() const noexcept { return index_; }
  std::uint32_t number() const noexcept { return tile_; }
  const TileLayout& layout() const noexcept { return layout_; }
  const base::Bytes& quantization() const noexcept { return quantization_; }
  // Takes its own size from the budget until it ends. False when there is no room.
  bool charge();

  const Resolution& resolution(const PrecinctPlace& place) const {
    return layout_.components[place.component][place.resolution];
  }
  // Number of the precinct in the tile.
  std::uint64_t slot(const PrecinctPlace& place) const { return resolution(place).first + place.number; }
  // So many blocks that reading a few without its neighbours is worth remembering them.
  bool is_large(const PrecinctPlace& place) const;
  // All bytes of its packets.
  void add_ranges(const PrecinctPlace& place, std::vector<base::ByteRange>& ranges) const;
  // Reads its packet headers; a large one is kept. The packets must be as long as the index says.
  base::Result<std::shared_ptr<const Precinct>> precinct(const base::ByteSource& bytes,
                                                         const PrecinctPlace& place) const;
  std::shared_ptr<const Precinct> kept(const PrecinctPlace& place) const;

 private:
  base::Result<> take_lengths(const std::vector<TilePartHeader>& headers, const std::vector<PrecinctPlace>& order);
  base::Result<> scan(const base::ByteSource& file, const std::vector<TilePart>& parts,
                      const std::vector<TilePartHeader>& headers, const std::vector<PrecinctPlace>& order,
                      const base::CancelToken& cancel);

  const CodeStream& stream_;
  const std::uint64_t index_;
  const std::uint32_t tile_;
  std::shared_ptr<IndexBudget> budget_;
  TileLayout layout_;
  PacketStyle style_;
  base::Bytes quantization_;
  std::vector<std::uint64_t> offsets_;  // of packets: by precinct, then layer
  std::vector<std::uint32_t> lengths_;
  mutable std::mutex mutex_;
  mutable std::map<std::uint64_t, std::shared_ptr<const Precinct>> kept_;
  mutable std::uint64_t charged_ = 0;
};
using TileIndexPtr = std::shared_ptr<const TileIndex>;

class PacketIndex {
 public:
  // `stream` stays alive and as it is.
  explicit PacketIndex(const CodeStream& stream);

  const CodeStream& stream() const noexcept { return stream_; }
  // No two indexes of this process have the same.
  std::uint64_t number() const noexcept { return number_; }
  // Whether parts of such a code stream can be decoded on their own at all, as far as its main header tells.
  static bool can_divide(const CodeStream& stream) noexcept;
  // The same of this one, as far as is known by now.
  bool usable() const noexcept { return usable_; }
  // The stream is not what its index says: nothing is taken from it any more.
  void refuse() noexcept { usable_ = false; }
  // Null when the tile was not asked for yet, or cannot be indexed.
  TileIndexPtr find(std::uint32_t tile) const;
  // Makes it where it is not there.
  base::Result<TileIndexPtr> get(const base::ByteSource& file, std::uint32_t tile, const base::CancelToken& cancel);

 private:
  using Parts = std::vector<TilePart>;
  base::Result<std::shared_ptr<const Parts>> parts(const base::ByteSource& file);
  void keep(std::uint32_t tile, const std::shared_ptr<TileIndex>& made);

  const CodeStream& stream_;
  const std::uint64_t number_;
  std::atomic<bool> usable_;
  std::shared_ptr<IndexBudget> budget_ = std::make_shared<IndexBudget>();
  std::array<std::mutex, 8> making_;  // a tile is made once; others wait
  mutable std::mutex mutex_;
  std::shared_ptr<const Parts> parts_;
  // When there is no room, the tiles that were not asked for since the last time go.
  using Tiles = std::map<std::uint32_t, TileIndexPtr>;
  mutable Tiles tiles_;
  mutable Tiles older_;
  std::set<std::uint32_t> failed_;
};

}  // namespace armarium::codec::jp2
