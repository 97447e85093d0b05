#include "codec/tiff_strips.h"

#include <algorithm>

#include "codec/bits.h"
#include "codec/tiff_fields.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::uint64_t kStripBytes = 1 << 20;  // about

// TIFF 6.0, section 8 and (ExtraSamples) 18.
constexpr std::uint64_t kBlackIsZero = 1;
constexpr std::uint64_t kRgb = 2;
constexpr std::uint64_t kUnassociatedAlpha = 2;

class TiffStrips final : public StripEncoder {
 public:
  TiffStrips(const StripFormat& format, bool bits)
      : StripEncoder(format),
        bits_(bits),
        row_(bits ? packed_length(format.size.width)
                  : std::uint64_t{format.size.width} * format.pixels.bytes_per_pixel()),
        rows_(static_cast<std::uint32_t>(std::clamp<std::uint64_t>(kStripBytes / row_, 1, format.size.height))) {
    const std::uint64_t data = row_ * format.size.height;
    base::Bytes first = head(false, 0);
    big_ = data + first.size() > UINT32_MAX;
    if (big_) first = head(true, 0);
    head_ = head(big_, first.size());
    length_ = head_.size() + data;
  }
  std::optional<std::uint64_t> length() const noexcept override { return length_; }

 private:
  std::uint64_t strips() const noexcept { return (format().size.height - 1) / rows_ + 1; }

  // Header and directory of a file whose rows start at `data`.
  base::Bytes head(bool big, std::uint64_t data) const {
    const image::PixelFormat& pixels = format().pixels;
    std::vector<std::uint64_t> offsets(strips());
    std::vector<std::uint64_t> lengths(strips(), row_ * rows_);
    for (std::size_t i = 0; i < offsets.size(); ++i) offsets[i] = data + i * row_ * rows_;
    lengths.back() = row_ * (format().size.height - (strips() - 1) * rows_);
    const std::uint64_t start = big ? 16 : 8;
    const TiffField place = big ? TiffField::longs8 : TiffField::longs;
    TiffFields fields(start, big);
    fields.add(256, TiffField::longs, {format().size.width});
    fields.add(257, TiffField::longs, {format().size.height});
    fields.add(258, TiffField::shorts, std::vector<std::uint64_t>(pixels.channels(), bits_ ? 1 : 8));  // BitsPerSample
    fields.add(259, TiffField::shorts, {1});  // Compression: none
    fields.add(262, TiffField::shorts, {pixels.model == image::ColourModel::grey ? kBlackIsZero : kRgb});
    fields.add(273, place, offsets);
    fields.add(277, TiffField::shorts, {pixels.channels()});
    fields.add(278, TiffField::longs, {rows_});
    fields.add(279, place, lengths);
    fields.add(284, TiffField::shorts, {1});  // PlanarConfiguration
    if (pixels.alpha) fields.add(338, TiffField::shorts, {kUnassociatedAlpha});
    base::Bytes all = tiff_header(fields.offset(), big);
    const base::Bytes directory = fields.take();
    all.insert(all.end(), directory.begin(), directory.end());
    return all;
  }

  Result<> write(const image::Pixels& strip, base::Bytes& out, const base::CancelToken& cancel) override {
    out.reserve(out.size() + head_.size() + row_ * strip.height());
    begin(out);
    if (!bits_) {
      out.insert(out.end(), strip.bytes().begin(), strip.bytes().end());
      return {};
    }
    for (std::uint32_t y = 0; y < strip.height(); ++y) {
      if (auto go = cancel.check(); !go) return go;
      out.resize(out.size() + row_);
      pack_bits(strip.row(y), out.data() + out.size() - row_, strip.width());
    }
    return {};
  }
  Result<> end(base::Bytes&) override { return {}; }

  void begin(base::Bytes& out) {
    out.insert(out.end(), head_.begin(), head_.end());
    head_.clear();
  }

  bool bits_;
  bool big_ = false;
  std::uint64_t row_;   // bytes of a row
  std::uint32_t rows_;  // of a strip of the file
  base::Bytes head_;    // until it is written
  std::uint64_t length_ = 0;
};

}  // namespace

Result<std::unique_ptr<StripEncoder>> begin_tiff(const StripFormat& format, const EncodeOptions& options) {
  const bool grey = format.pixels.model == image::ColourModel::grey;
  if (format.pixels.bits != 8 || !format.planes.none() || (!grey && format.pixels.model != image::ColourModel::rgb))
    return fail(ErrorCode::internal, "The picture could not be written.", "TIFF takes 8-bit grey or RGB");
  return std::make_unique<TiffStrips>(format, options.bitonal && grey && !format.pixels.alpha);
}

std::string tiff_strips_recipe(const EncodeOptions& options) { return options.bitonal ? "strips-1bit" : "strips"; }

}  // namespace armarium::codec
