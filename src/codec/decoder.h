#pragma once
// Reading a picture in two steps: `index` reads headers only; `plan` says, without touching the file, which bytes a region at a scale needs and what it
// costs; the caller fetches these bytes in one batch and `decode` works from memory. Decoders are stateless, immutable and shared between
// threads; an Index is immutable (but for `found`) and may be kept as long as the file's version stays. Regions are in pixels of the page as stored: the eight EXIF
// orientations are the business of codec/picture.h alone. Errors: corrupt (damaged), unsupported (a variant nobody reads), resource_limit.

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_source.h"
#include "base/cancel.h"
#include "codec/format.h"
#include "codec/limits.h"
#include "codec/stored_picture.h"
#include "image/planes.h"

namespace armarium::codec {

// One size in which a page is stored or comes out of the decoder cheaply (pyramid level, DCT scale, wavelet resolution). levels[0] is the full size.
struct Level {
  image::Size size;
  image::Size tile;             // 0 x 0: not tiled at this level
  bool stored = false;          // a picture of its own in the file (pyramids), not a by-product of decoding
  image::Sampling chroma = {};  // decode_planes can give it so; none: pixels only
  bool parts = false;           // a part costs what it is of the whole, and the decoder keeps what neighbours share
};

// One page (frame, directory) of a file.
struct Page {
  image::Size size;                        // as stored, before orientation
  int orientation = 1;                     // EXIF, 1 to 8
  image::PixelFormat pixels;               // what decode gives
  bool bitonal = false;                    // 1 bit: no greys to be had
  std::vector<Level> levels;               // at least one, largest first
  std::shared_ptr<const base::Bytes> icc;  // never null
};

// Embedded description, raw: read by ingest/, published by its privacy rule.
struct EmbeddedMetadata {
  base::Bytes exif;  // from the TIFF header on ("II*\0" or "MM\0*")
  base::Bytes xmp;   // packet, UTF-8
  base::Bytes iptc;  // IIM records
};

// Everything known from the headers. Formats derive from it to keep their own offsets and tables.
class Index {
 public:
  virtual ~Index() = default;
  Format format = Format::unknown;
  std::uint64_t file_size = 0;
  base::Version version;
  std::vector<Page> pages;                          // at least one
  EmbeddedMetadata metadata;                        // of the first page
  std::string defect;                               // a sentence when the file is damaged and can be shown all the same
  mutable std::atomic<const char*> found{nullptr};  // the same, a literal: set by a decode that met damage
};
using IndexPtr = std::shared_ptr<const Index>;

// What is wanted of one page: a region (in full-size pixels as stored, inside the page) at no less than `wanted` pixels.
struct Request {
  std::uint32_t page = 0;
  image::Rect region;
  image::Size wanted;
  // When set: exactly this part of this level as stored, and nothing around it; region and wanted do not count.
  struct Block {
    std::uint32_t level = 0;
    image::Rect area;
  };
  std::optional<Block> block = {};
};

struct Cost {
  std::uint64_t bytes_read = 0;  // of the source
  std::uint64_t pixels = 0;      // decoded, about
  std::uint64_t memory = 0;      // bytes held at the peak, about
};

// The answer to a Request: level and area to decode.
struct Plan {
  std::uint32_t page = 0;
  std::uint32_t level = 0;
  image::Rect area;                     // pixels of that level; decode gives exactly these
  image::RectF window;                  // where the region lies in the decoded area
  std::vector<base::ByteRange> ranges;  // to be fetched before decode
  bool whole_file = false;              // the decoder wants the source itself (worker process), not ranges
  Cost cost;
};

// What Index::found says, as a rule.
inline constexpr const char* kShownInPart = "The picture is damaged; what can be read of it is shown.";

class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual base::Result<IndexPtr> index(const base::ByteSource& file, const Limits& limits) const = 0;
  virtual base::Result<Plan> plan(const Index& index, const Request& request, const Limits& limits) const = 0;
  // `bytes` holds plan.ranges (FetchedRanges), or is the source itself; either way it is of index.version.
  virtual base::Result<image::Pixels> decode(const Index& index, const Plan& plan, const base::ByteSource& bytes,
                                             const Limits& limits, const base::CancelToken& cancel) const = 0;
  // The picture that lies in the file for exactly `area` of a level; nothing where it must be decoded. Cheap, touches no file.
  virtual std::optional<StoredPicture> stored(const Index& /*index*/, std::uint32_t /*page*/, std::uint32_t /*level*/,
                                              const image::Rect& /*area*/) const {
    return std::nullopt;
  }
  // The same as planes, where the plan's level has chroma. unsupported: read it as pixels.
  virtual base::Result<image::Planes> decode_planes(const Index&, const Plan&, const base::ByteSource&, const Limits&,
                                                    const base::CancelToken&) const {
    return base::fail(base::ErrorCode::unsupported, "The picture cannot be read in planes.");
  }
};

// The decoder of a format, or null when this build has none. armarium-decode's formats are null until a worker is registered.
const Decoder* decoder_for(Format format) noexcept;

// Chooses the smallest level that is still at least as large as `request` asks (2 % or one pixel short is close enough: rounding of levels), maps the
// region onto it with at least `margin` pixels around for the resampling filter (none where the window is copied pixel by pixel), and fills
// area and window. The window may end up to a pixel beyond the level: the edge repeats. Shared by all decoders.
Plan choose_level(const Page& page, const Request& request, std::uint32_t margin = 8);

}  // namespace armarium::codec
