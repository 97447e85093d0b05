#pragma once
// The inverse wavelet transforms (ISO/IEC 15444-1, annex F) of a part of a resolution. Pure; any thread.

#include <cstdint>
#include <vector>

#include "codec/jp2_planes.h"

namespace armarium::codec::jp2 {

// Samples of [area.x0, area.x1) by [area.y0, area.y1), rows without padding.
template <class Sample>
struct Samples {
  GridArea area;
  std::vector<Sample> values;

  Samples() = default;
  explicit Samples(GridArea where) : area(where), values(std::size_t{width()} * height()) {}
  std::uint32_t width() const noexcept { return area.x1 - area.x0; }
  std::uint32_t height() const noexcept { return area.y1 - area.y0; }
  Sample* row(std::uint32_t y) noexcept { return values.data() + std::size_t{y - area.y0} * width(); }
  const Sample* row(std::uint32_t y) const noexcept { return values.data() + std::size_t{y - area.y0} * width(); }
};

// One decomposition undone: which coefficients are needed for an area of a resolution, in coordinates of its subbands.
struct BandAreas {
  GridArea samples;  // `area` with the margin of the filter, inside the resolution
  GridArea ll, hl, lh, hh;
};
BandAreas band_areas(GridArea area, GridArea resolution, bool reversible) noexcept;

// `areas.samples` of the resolution. Only what lies in the area that `areas` was made for is right. `ll` may hold more than `areas.ll`, the others hold what `areas` says.
// 5-3, whole numbers (F.3.8.1).
Samples<std::int32_t> join_bands(const BandAreas& areas, GridArea resolution, const Samples<std::int32_t>& ll,
                                 const Samples<std::int32_t>& hl, const Samples<std::int32_t>& lh,
                                 const Samples<std::int32_t>& hh);
// 9-7 (F.3.8.2) without its first two steps: coefficients come multiplied by K for each direction in which they are low, divided by K for each in which they are high.
Samples<float> join_bands(const BandAreas& areas, GridArea resolution, const Samples<float>& ll,
                          const Samples<float>& hl, const Samples<float>& lh, const Samples<float>& hh);
inline constexpr float kWaveletK = 1.230174104914001F;

}  // namespace armarium::codec::jp2
