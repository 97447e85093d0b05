#include "codec/jp2_tile_decoder.h"

#include <algorithm>
#include <cmath>
#include <variant>

#include "codec/jp2_block_decoder.h"
#include "codec/jp2_decoded_blocks.h"
#include "codec/jp2_steps.h"
#include "codec/jp2_wavelet.h"

namespace armarium::codec::jp2 {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::uint32_t kMostBits = 16;
constexpr std::uint8_t kMostKeptPlanes = 14;  // in halves they fit into 16 bits

tl::unexpected<base::Error> left_to_openjpeg() {
  return fail(ErrorCode::unsupported, "This kind of JPEG 2000 is not supported.");
}

BandKind kind_of(const Resolution& resolution, std::uint32_t band) {
  if (resolution.bands == 1) return BandKind::ll_lh;
  return band == 0 ? BandKind::hl : band == 1 ? BandKind::ll_lh : BandKind::hh;
}

// The code blocks of one component of a tile, decoded into subbands.
class BandReader {
 public:
  BandReader(const TileIndex& tile, const Precincts& precincts, const base::ByteSource& bytes,
             const base::CancelToken& cancel)
      : tile_(tile), precincts_(precincts), bytes_(bytes), cancel_(cancel) {}

  // Coefficients of `area`, each made to what `value` makes of it (in halves).
  template <class Sample, class Value>
  Result<Samples<Sample>> read(const PrecinctPlace& place, std::uint32_t band, std::uint8_t planes, GridArea area,
                               std::uint8_t style, const Value& value) {
    const Resolution& in = tile_.resolution(place);
    Samples<Sample> out(area);
    const Cells cells = cells_of(area, in.block_x, in.block_y);
    for (std::uint32_t y = cells.first_y; y < cells.first_y + cells.down; ++y) {
      if (auto stopped = cancel_.check(); !stopped) return fail(std::move(stopped.error()));
      for (std::uint32_t x = cells.first_x; x < cells.first_x + cells.across; ++x) {
        const GridArea own = intersection(
            {x << in.block_x, y << in.block_y, (x + 1) << in.block_x, (y + 1) << in.block_y}, in.band[band]);
        BlockKey key;
        key.stream = tile_.index();
        key.tile = tile_.number();
        key.x = x;
        key.y = y;
        key.component = place.component;
        key.resolution = place.resolution;
        key.band = static_cast<std::uint8_t>(band);
        const auto copy = [&](const auto& coefficients) {
          const GridArea shared = intersection(own, area);
          const std::size_t width = own.x1 - own.x0;
          for (std::uint32_t row = shared.y0; row < shared.y1; ++row) {
            const auto* from = coefficients.data() + (row - own.y0) * width + (shared.x0 - own.x0);
            Sample* to = out.row(row) + (shared.x0 - area.x0);
            for (std::uint32_t i = 0; i < shared.x1 - shared.x0; ++i) to[i] = value(from[i]);
          }
        };
        if (const auto known = decoded_blocks().find(text_of(key))) {
          copy(*known);
          continue;
        }
        const Precinct* precinct = precinct_of(in, x, y);
        const Block* block = precinct != nullptr ? precinct->find(band, x, y) : nullptr;
        if (block == nullptr) continue;
        if (auto read = fetch(*precinct, *block); !read) return fail(std::move(read.error()));
        BlockCode code;
        code.width = own.x1 - own.x0;
        code.height = own.y1 - own.y0;
        code.planes = planes > block->zero_planes ? static_cast<std::uint8_t>(planes - block->zero_planes) : 0;
        code.style = style;
        code.kind = kind_of(in, band);
        code.segments = segments_;
        const auto coefficients = blocks_.decode(code);
        copy(coefficients);
        if (code.planes > kMostKeptPlanes) continue;
        auto kept = std::make_shared<const Coefficients>(coefficients.begin(), coefficients.end());
        decoded_blocks().put(std::string(text_of(key)), kept, kept->size() * sizeof(Coefficients::value_type));
      }
    }
    return out;
  }

 private:
  const Precinct* precinct_of(const Resolution& in, std::uint32_t x, std::uint32_t y) const {
    const auto found = precincts_.find(in.precinct_of(x, y));
    return found == precincts_.end() ? nullptr : found->second.get();
  }

  // The codeword segments of a block, each with what ends it behind it.
  Result<> fetch(const Precinct& precinct, const Block& block) {
    std::size_t total = 0;
    std::size_t count = 0;
    for (std::uint32_t p = block.first; p != Piece::kNone; p = precinct.pieces[p].next) {
      total += precinct.pieces[p].length;
      count += precinct.pieces[p].starts_segment || count == 0 ? 1 : 0;
    }
    code_.resize(total + 2 * count);  // never smaller from here on: segments point into it
    segments_.clear();
    std::uint8_t* at = code_.data();
    const auto end_segment = [&at] {
      *at++ = 0xFF;
      *at++ = 0xFF;
    };
    for (std::uint32_t p = block.first; p != Piece::kNone; p = precinct.pieces[p].next) {
      const Piece& piece = precinct.pieces[p];
      if (piece.starts_segment || segments_.empty()) {
        if (!segments_.empty()) end_segment();
        segments_.push_back({at, 0});
      }
      segments_.back().passes += piece.passes;
      if (auto read = bytes_.read(piece.offset, {at, piece.length}); !read) return read;
      at += piece.length;
    }
    if (!segments_.empty()) end_segment();
    return {};
  }

  const TileIndex& tile_;
  const Precincts& precincts_;
  const base::ByteSource& bytes_;
  const base::CancelToken& cancel_;
  BlockDecoder blocks_;
  base::Bytes code_;
  std::vector<BlockSegment> segments_;
};

struct ComponentPlan {
  std::uint16_t number = 0;
  const Component* component = nullptr;  // of the cut: with the levels that are wanted
  GridArea area;
  std::vector<std::array<BandStep, 3>> steps;  // by resolution
};

template <class Sample>
Result<Samples<Sample>> read_component(BandReader& reader, const TileIndex& tile, const ComponentPlan& plan) {
  const std::uint32_t levels = plan.component->levels;
  const auto& resolutions = tile.layout().components[plan.number];
  const bool reversible = plan.component->transform == 1;
  std::vector<BandAreas> areas(levels + 1);
  GridArea wanted = plan.area;
  for (std::uint32_t r = levels; r > 0; --r) {
    areas[r] = band_areas(wanted, resolutions[r].area, reversible);
    wanted = areas[r].ll;
  }
  const auto band = [&](std::uint32_t r, std::uint32_t b, GridArea area) {
    PrecinctPlace place;
    place.component = plan.number;
    place.resolution = static_cast<std::uint8_t>(r);
    const BandStep& step = plan.steps[r][b];
    // For every decomposition that follows, and for this one where it is high twice (jp2_wavelet.h).
    const int powers = static_cast<int>(2 * (levels - r)) - (b == 2 ? 2 : 0);
    const float scale = step.size / 2 * std::pow(kWaveletK, static_cast<float>(powers));
    return reader.read<Sample>(place, b, step.planes, area, plan.component->block_style, [=](std::int32_t halves) {
      if constexpr (std::is_same_v<Sample, float>) {
        return scale * static_cast<float>(halves);
      } else {
        return halves / 2;
      }
    });
  };
  auto low = band(0, 0, wanted);
  for (std::uint32_t r = 1; low && r <= levels; ++r) {
    auto hl = band(r, 0, areas[r].hl);
    if (!hl) return hl;
    auto lh = band(r, 1, areas[r].lh);
    if (!lh) return lh;
    auto hh = band(r, 2, areas[r].hh);
    if (!hh) return hh;
    low = join_bands(areas[r], resolutions[r].area, *low, *hl, *lh, *hh);
  }
  return low;
}

using AnySamples = std::variant<Samples<std::int32_t>, Samples<float>>;

// Annex G.2 and G.3, over the rows that all three have.
void undo_colour_transform(Samples<std::int32_t>& y, Samples<std::int32_t>& u, Samples<std::int32_t>& v) {
  for (std::size_t i = 0; i < y.values.size(); ++i) {
    const auto green = static_cast<std::int32_t>(
        static_cast<std::uint32_t>(y.values[i]) -
        static_cast<std::uint32_t>(static_cast<std::int32_t>(static_cast<std::uint32_t>(u.values[i]) +
                                                             static_cast<std::uint32_t>(v.values[i])) >>
                                   2));
    const auto sum = [green](std::int32_t other) {
      return static_cast<std::int32_t>(static_cast<std::uint32_t>(green) + static_cast<std::uint32_t>(other));
    };
    const std::int32_t red = sum(v.values[i]);
    const std::int32_t blue = sum(u.values[i]);
    y.values[i] = red;
    u.values[i] = green;
    v.values[i] = blue;
  }
}

void undo_colour_transform(Samples<float>& y, Samples<float>& cb, Samples<float>& cr) {
  for (std::size_t i = 0; i < y.values.size(); ++i) {
    const float luma = y.values[i];
    const float blue = cb.values[i];
    const float red = cr.values[i];
    y.values[i] = luma + 1.402F * red;
    cb.values[i] = luma - 0.344136F * blue - 0.714136F * red;
    cr.values[i] = luma + 1.772F * blue;
  }
}

// G.1: the level, and what the depth can hold.
void settle(const Component& component, const std::int32_t* from, std::size_t count, std::int32_t* out) {
  const std::int32_t half = std::int32_t{1} << (component.bits - 1);
  const std::int32_t shift = component.is_signed ? 0 : half;
  const std::int32_t least = component.is_signed ? -half : 0;
  for (std::size_t i = 0; i < count; ++i)
    out[i] = std::clamp(from[i], least - shift, 2 * half - 1 + least - shift) + shift;
}

void settle(const Component& component, const float* from, std::size_t count, std::int32_t* out) {
  const std::int32_t half = std::int32_t{1} << (component.bits - 1);
  const auto shift = static_cast<float>(half);
  const auto top = static_cast<float>(2 * half - 1);
  const std::int32_t least = component.is_signed ? -half : 0;
  for (std::size_t i = 0; i < count; ++i) {
    const float level = std::min(std::max(from[i] + shift, 0.0F), top);
    // NOLINTNEXTLINE(bugprone-incorrect-roundings): never negative, and lround is no single instruction
    out[i] = static_cast<std::int32_t>(level + 0.5F) + least;
  }
}

Result<std::vector<ComponentPlan>> plan_components(const TileIndex& tile, const Cut& cut) {
  std::vector<ComponentPlan> plans;
  for (std::uint32_t c = 0; c < cut.stream.components.size(); ++c) {
    const Component& component = cut.stream.components[c];
    if (component.bits > kMostBits || (component.block_style & kStyleHighThroughput) != 0) return left_to_openjpeg();
    const Quantization quantization(cut.stream, c, cut.stream.copied, tile.quantization());
    const image::Rect rect = component_rect(component, cut.area, 0);
    ComponentPlan plan{
        static_cast<std::uint16_t>(c), &component, {rect.x, rect.y, rect.x + rect.width, rect.y + rect.height}, {}};
    for (std::uint32_t r = 0; r <= component.levels; ++r) {
      auto& steps = plan.steps.emplace_back();
      for (std::uint32_t b = 0; b < (r == 0 ? 1U : 3U); ++b) {
        const auto step = quantization.step(r, b);
        if (!step || step->planes > kMostPlanes) return left_to_openjpeg();
        steps[b] = *step;
      }
    }
    plans.push_back(std::move(plan));
  }
  if (!cut.stream.colour_transform) return plans;
  if (plans.size() < 3) return left_to_openjpeg();
  for (std::size_t c = 1; c < 3; ++c) {
    const Component& first = *plans[0].component;
    const Component& other = *plans[c].component;
    if (first.dx != other.dx || first.dy != other.dy || first.transform != other.transform) return left_to_openjpeg();
  }
  return plans;
}

// Where the caller's samples begin in what was decoded with a margin.
template <class Sample>
Samples<Sample> cropped(Samples<Sample> from, GridArea area) {
  if (from.width() == area.x1 - area.x0 && from.height() == area.y1 - area.y0) return from;
  Samples<Sample> out(area);
  for (std::uint32_t y = area.y0; y < area.y1; ++y)
    std::copy_n(from.row(y) + (area.x0 - from.area.x0), out.width(), out.row(y));
  return out;
}

}  // namespace

Result<Planes> decode_tile(const TileIndex& tile, const Cut& cut, const std::vector<Need>& needs, Precincts precincts,
                           const base::ByteSource& bytes, const base::CancelToken& cancel) {
  auto plans = plan_components(tile, cut);
  if (!plans) return fail(std::move(plans.error()));
  if (auto read = read_precincts(tile, needs, bytes, precincts); !read) return fail(std::move(read.error()));
  BandReader reader(tile, precincts, bytes, cancel);
  std::vector<AnySamples> decoded;
  for (const ComponentPlan& plan : *plans) {
    const auto keep = [&](auto samples) -> Result<> {
      if (!samples) return fail(std::move(samples.error()));
      decoded.emplace_back(cropped(std::move(*samples), plan.area));
      return {};
    };
    auto kept = plan.component->transform == 1 ? keep(read_component<std::int32_t>(reader, tile, plan))
                                               : keep(read_component<float>(reader, tile, plan));
    if (!kept) return fail(std::move(kept.error()));
  }
  if (cut.stream.colour_transform) {
    std::visit(
        [&](auto& first) {
          using Kind = std::remove_reference_t<decltype(first)>;
          undo_colour_transform(first, std::get<Kind>(decoded[1]), std::get<Kind>(decoded[2]));
        },
        decoded[0]);
  }
  auto owner = std::make_shared<std::vector<std::vector<std::int32_t>>>();
  Planes planes;
  for (std::size_t c = 0; c < decoded.size(); ++c) {
    const GridArea& area = (*plans)[c].area;
    auto& samples = owner->emplace_back(std::size_t{area.x1 - area.x0} * (area.y1 - area.y0));
    std::visit(
        [&](const auto& from) { settle(*(*plans)[c].component, from.values.data(), samples.size(), samples.data()); },
        decoded[c]);
    planes.components.push_back({area.x0, area.y0, area.x1 - area.x0, area.y1 - area.y0, samples.data()});
  }
  planes.owner = std::move(owner);
  return planes;
}

}  // namespace armarium::codec::jp2
