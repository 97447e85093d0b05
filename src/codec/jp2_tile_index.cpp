#include <algorithm>

#include "codec/jp2_packet_index.h"

namespace armarium::codec::jp2 {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::uint64_t kMaxPackets = 4'000'000;
constexpr std::uint64_t kMaxBlocks = 4'000'000;
constexpr std::size_t kMaxOpen = 100'000;  // precincts between their first and their last layer, about a kilobyte each
constexpr std::uint64_t kLargePrecinct = 64;  // code blocks

// Packet headers lie between kilobytes of what they announce; a distant source is better read in few pieces.
std::size_t read_ahead(const base::ByteSource& file) {
  return file.descriptor() ? std::size_t{2} << 10U : std::size_t{1} << 20U;
}

tl::unexpected<base::Error> damaged(const char* detail) {
  return fail(ErrorCode::corrupt, "The JPEG 2000 picture is damaged.", detail);
}

}  // namespace

TileIndex::TileIndex(const CodeStream& stream, std::uint64_t index, std::uint32_t tile,
                     std::shared_ptr<IndexBudget> budget)
    : stream_(stream),
      index_(index),
      tile_(tile),
      budget_(std::move(budget)),
      layout_(tile_layout(stream, tile_area(stream, tile))) {
  style_.start_markers = stream.packet_start_markers;
  style_.end_markers = stream.packet_end_markers;
  for (const Component& component : stream.components) style_.blocks.push_back(component.block_style);
}

TileIndex::~TileIndex() { budget_->give(charged_); }

bool TileIndex::charge() {
  std::uint64_t bytes = sizeof(*this) + offsets_.size() * 12;
  for (const auto& resolutions : layout_.components) bytes += 64 + resolutions.size() * sizeof(Resolution);
  if (!budget_->take(bytes)) return false;
  const std::lock_guard lock(mutex_);
  charged_ += bytes;
  return true;
}

Result<> TileIndex::fill(const base::ByteSource& file, const std::vector<TilePart>& parts,
                         const base::CancelToken& cancel) {
  if (layout_.precincts > kMaxPackets / stream_.layers || layout_.blocks > kMaxBlocks)
    return fail(ErrorCode::unsupported, "The picture has more parts than the server allows.");
  std::vector<TilePartHeader> headers;
  for (const TilePart& part : parts) {
    auto header = read_tile_part(file, part);
    if (!header) return fail(std::move(header.error()));
    if (headers.empty()) quantization_ = std::move(header->quantization);
    headers.push_back(std::move(*header));
  }
  if (headers.empty()) return damaged("a tile without data");
  offsets_.assign(layout_.precincts * stream_.layers, 0);
  lengths_.assign(offsets_.size(), 0);
  const auto order = precinct_order(stream_, layout_, static_cast<Progression>(stream_.progression));
  const bool told =
      std::all_of(headers.begin(), headers.end(), [](const TilePartHeader& each) { return each.lengths.has_value(); });
  if (told && take_lengths(headers, order)) return {};
  return scan(file, parts, headers, order, cancel);
}

Result<> TileIndex::take_lengths(const std::vector<TilePartHeader>& headers, const std::vector<PrecinctPlace>& order) {
  std::size_t count = 0;
  for (const TilePartHeader& header : headers) count += header.lengths->size();
  if (count != offsets_.size()) return damaged("PLT: number of packets");
  std::size_t part = 0;
  std::size_t within = 0;
  std::uint64_t at = headers[0].data;
  return for_each_packet(order, static_cast<Progression>(stream_.progression), stream_.layers,
                         [&](const PrecinctPlace& place, std::uint32_t layer) -> Result<> {
                           while (within == headers[part].lengths->size()) {
                             at = headers[++part].data;
                             within = 0;
                           }
                           const std::size_t index = slot(place) * stream_.layers + layer;
                           offsets_[index] = at;
                           lengths_[index] = (*headers[part].lengths)[within++];
                           at += lengths_[index];
                           return {};
                         });
}

Result<> TileIndex::scan(const base::ByteSource& file, const std::vector<TilePart>& parts,
                         const std::vector<TilePartHeader>& headers, const std::vector<PrecinctPlace>& order,
                         const base::CancelToken& cancel) {
  PacketStyle style = style_;
  style.keep_pieces = false;
  std::vector<std::unique_ptr<Precinct>> states(layout_.precincts);
  std::size_t part = 0;
  std::uint64_t done = 0;
  std::size_t open = 0;
  Feed feed(file, headers[0].data, parts[0].end, read_ahead(file));
  return for_each_packet(
      order, static_cast<Progression>(stream_.progression), stream_.layers,
      [&](const PrecinctPlace& place, std::uint32_t layer) -> Result<> {
        if (done++ % 1024 == 0) {
          if (auto stopped = cancel.check(); !stopped) return stopped;
        }
        while (feed.left() == 0) {
          if (++part == parts.size()) return damaged("packets are missing");
          feed = Feed(file, headers[part].data, parts[part].end, read_ahead(file));
        }
        const std::uint64_t at = feed.at();
        auto& state = states[slot(place)];
        const bool is_new = state == nullptr;
        if (auto read = read_packet(feed, style, place.component, resolution(place), place.number, layer, state);
            !read) {
          return read;
        }
        if (is_new && state && ++open > kMaxOpen)
          return fail(ErrorCode::unsupported, "The picture has more parts than the server allows.");
        if (layer + 1U == stream_.layers && state) {
          state.reset();
          --open;
        }
        const std::size_t index = slot(place) * stream_.layers + layer;
        offsets_[index] = at;
        if (feed.at() - at > 0xFFFFFFFF) return damaged("packet: too long");
        lengths_[index] = static_cast<std::uint32_t>(feed.at() - at);
        return {};
      });
}

bool TileIndex::is_large(const PrecinctPlace& place) const {
  const Resolution& in = resolution(place);
  std::uint64_t blocks = 0;
  for (std::uint32_t b = 0; b < in.bands; ++b) blocks += in.blocks(place.number, b).count();
  return blocks > kLargePrecinct;
}

void TileIndex::add_ranges(const PrecinctPlace& place, std::vector<base::ByteRange>& ranges) const {
  for (std::uint32_t layer = 0; layer < stream_.layers; ++layer) {
    const std::size_t index = slot(place) * stream_.layers + layer;
    if (!ranges.empty() && ranges.back().offset + ranges.back().length == offsets_[index])
      ranges.back().length += lengths_[index];
    else
      ranges.push_back({offsets_[index], lengths_[index]});
  }
}

std::shared_ptr<const Precinct> TileIndex::kept(const PrecinctPlace& place) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(slot(place));
  return found == kept_.end() ? nullptr : found->second;
}

Result<std::shared_ptr<const Precinct>> TileIndex::precinct(const base::ByteSource& bytes,
                                                            const PrecinctPlace& place) const {
  if (auto known = kept(place)) return known;
  std::unique_ptr<Precinct> state;
  for (std::uint32_t layer = 0; layer < stream_.layers; ++layer) {
    const std::size_t index = slot(place) * stream_.layers + layer;
    const std::uint64_t end = offsets_[index] + lengths_[index];
    Feed feed(bytes, offsets_[index], end, 512);
    if (auto read = read_packet(feed, style_, place.component, resolution(place), place.number, layer, state); !read)
      return fail(std::move(read.error()));
    if (feed.at() != end) return damaged("a packet is not as long as PLT says");
  }
  if (!state) state = std::make_unique<Precinct>(resolution(place), place.number);
  state->finish();
  std::shared_ptr<const Precinct> made = std::move(state);
  const std::uint64_t size =
      sizeof(Precinct) + made->blocks.size() * sizeof(Block) + made->pieces.size() * sizeof(Piece);
  if (is_large(place) && budget_->take(size)) {
    const std::lock_guard lock(mutex_);
    charged_ += size;
    if (!kept_.emplace(slot(place), made).second) {  // another thread was first
      charged_ -= size;
      budget_->give(size);
    }
  }
  return made;
}

}  // namespace armarium::codec::jp2
