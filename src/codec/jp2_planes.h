#pragma once
// Decoded components of a JPEG 2000 code stream and the arithmetic between the reference grid, a resolution and an area of it (ISO/IEC 15444-1, annex B).
// decode_openjpeg and decode_openjph make planes, each the only user of its library; to_pixels turns planes into channels. Values; any thread.

#include <cstdint>
#include <memory>
#include <vector>

#include "base/cancel.h"
#include "codec/jp2_header.h"
#include "image/pixels.h"

namespace armarium::codec::jp2 {

// Points of the reference grid, the end not included.
struct GridArea {
  std::uint32_t x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};

// One component at one resolution: samples of [x0, x0 + width) in coordinates of that component and resolution.
struct Plane {
  std::uint32_t x0 = 0, y0 = 0;
  std::uint32_t width = 0, height = 0;
  const std::int32_t* samples = nullptr;  // rows without padding; owned by Planes::owner
};

struct Planes {
  std::vector<Plane> components;
  std::shared_ptr<void> owner;
};

// What one pixel of the page is: the smallest sampling step of all components.
struct Step {
  std::uint32_t dx = 1, dy = 1;
};
Step page_step(const CodeStream& stream) noexcept;

// The whole image at `reduce` halvings in pixels of the page, from its first pixel's absolute coordinates.
image::Rect level_grid(const CodeStream& stream, std::uint32_t reduce) noexcept;
// The part of the reference grid that holds `area` (relative to the level's first pixel), so that each component has every sample it needs.
GridArea grid_area(const CodeStream& stream, std::uint32_t reduce, image::Rect area) noexcept;
// The same where a part is decoded as a code stream of its own (jp2_excerpt.h): grid_area takes whole tiles where blocks are coded with high throughput.
GridArea part_area(const CodeStream& stream, std::uint32_t reduce, image::Rect area) noexcept;
// The samples of a component that lie in an area at a resolution.
image::Rect component_rect(const Component& component, GridArea area, std::uint32_t reduce) noexcept;

// `lenient`: a truncated stream gives what is there. OpenJPEG 2.5.0 then reads and allocates beyond bounds on crafted files, so only
// armarium-decode may ask for it; strict it withstands the fuzzer.
base::Result<Planes> decode_openjpeg(const base::ByteSource& bytes, const CodeStream& stream, std::uint32_t reduce,
                                     GridArea area, bool lenient, const base::CancelToken& cancel);

// One tile, leniently, whatever comes after it in the stream; `area` is the part of the image that the tile covers.
base::Result<Planes> decode_openjpeg_tile(const base::ByteSource& bytes, const CodeStream& stream, std::uint32_t reduce,
                                          std::uint32_t tile, GridArea area);

// What decode_openjpeg allocates, about.
std::uint64_t memory_of(const CodeStream& stream, std::uint32_t reduce, GridArea area) noexcept;

image::PixelFormat pixel_format(const Header& header) noexcept;
// `area` relative to the first pixel of the level.
base::Result<image::Pixels> to_pixels(const Header& header, const Planes& planes, std::uint32_t reduce,
                                      image::Rect area, std::uint64_t max_bytes);

}  // namespace armarium::codec::jp2
