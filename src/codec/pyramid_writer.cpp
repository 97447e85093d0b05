#include "codec/pyramid_writer.h"

#include <algorithm>
#include <cstring>

#include "codec/deflate.h"
#include "codec/tiff_fields.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using image::Pixels;
using image::Size;

constexpr std::uint64_t kFirstDirectory = 8;  // where BigTIFF's header names it
constexpr std::size_t kJfifBytes =
    18;  // SOI is followed by the encoder's own JFIF marker, which a TIFF's tile does not need

constexpr int kDeflateLevel = 6;

// Two rows and two columns become one; a last odd one stands for itself.
void halve(const Pixels& from, std::uint32_t rows, Pixels& to) {
  const std::uint32_t channels = from.format().channels();
  for (std::uint32_t y = 0; y < (rows + 1) / 2; ++y) {
    const std::uint8_t* upper = from.row(2 * y);
    const std::uint8_t* lower = from.row(std::min(2 * y + 1, rows - 1));
    std::uint8_t* out = to.row(y);
    for (std::uint32_t x = 0; x < to.width(); ++x) {
      const std::size_t left = std::size_t{2} * x * channels;
      const std::size_t right = std::size_t{std::min(2 * x + 1, from.width() - 1)} * channels;
      for (std::uint32_t c = 0; c < channels; ++c) {
        const int sum = upper[left + c] + upper[right + c] + lower[left + c] + lower[right + c];
        *out++ = static_cast<std::uint8_t>((sum + 2) / 4);
      }
    }
  }
}

// TIFF 6.0, section 14: each sample becomes its difference to the one on its left.
void subtract_left(Pixels& pixels) {
  const std::uint32_t channels = pixels.format().channels();
  for (std::uint32_t y = 0; y < pixels.height(); ++y) {
    std::uint8_t* row = pixels.row(y);
    for (std::size_t i = std::size_t{pixels.width()} * channels; i-- > channels;)
      row[i] = static_cast<std::uint8_t>(row[i] - row[i - channels]);
  }
}

}  // namespace

PyramidWriter::PyramidWriter(base::ByteSink& sink, Pyramid pyramid) : sink_(sink), pyramid_(std::move(pyramid)) {
  const bool grey = pyramid_.format.model == image::ColourModel::grey;
  const image::Sampling made = grey                    ? image::Sampling{}
                               : pyramid_.quality < 90 ? image::kHalfChroma
                                                       : image::kFullChroma;
  for (std::uint32_t factor = 1;; factor *= 2) {
    Level& level = levels_.emplace_back();
    level.size = image::level_size(pyramid_.size, factor);
    const bool given = factor == 1 && pyramid_.full;
    level.jpeg = given || !pyramid_.lossless;
    level.chroma = given ? *pyramid_.full : made;
    if (level.size.width <= pyramid_.tile && level.size.height <= pyramid_.tile) break;
  }
  started_ = sink_.append(tiff_header(0, true));
}

std::uint32_t PyramidWriter::next_rows() const noexcept {
  if (band_level() == levels_.size()) return 0;
  const Level& first = levels_[band_level()];
  return std::min(pyramid_.tile, first.size.height - first.done);
}

Result<> PyramidWriter::add_tile(base::ByteView jpeg) {
  if (!started_) return started_;
  return append_tile(levels_.front(), jpeg);
}

Result<> PyramidWriter::add(const Pixels& band, const base::CancelToken& cancel) {
  if (!started_) return started_;
  if (next_rows() == 0 || band.size() != Size{levels_[band_level()].size.width, next_rows()} ||
      band.format() != pyramid_.format)
    return fail(ErrorCode::invalid_argument, "The server made a mistake.", "a band of another shape");
  return take(band_level(), band, cancel);
}

// Rows of a level: into its tiles, and halved into the next.
Result<> PyramidWriter::take(std::size_t number, const Pixels& rows, const base::CancelToken& cancel) {
  Level& level = levels_[number];
  if (level.waiting.size().empty()) {
    auto made = Pixels::allocate({level.size.width, std::min(pyramid_.tile, level.size.height)}, pyramid_.format);
    if (!made) return fail(std::move(made.error()));
    level.waiting = std::move(*made);
  }
  std::memcpy(level.waiting.row(level.rows), rows.row(0), rows.bytes().size());
  level.rows += rows.height();
  if (level.rows < std::min(pyramid_.tile, level.size.height - level.done)) return {};
  if (auto written = write_band(level, cancel); !written) return written;
  const std::uint32_t complete = std::exchange(level.rows, 0);
  level.done += complete;
  if (number + 1 == levels_.size()) return {};
  auto half = Pixels::allocate({levels_[number + 1].size.width, (complete + 1) / 2}, pyramid_.format);
  if (!half) return fail(std::move(half.error()));
  halve(level.waiting, complete, *half);
  return take(number + 1, *half, cancel);
}

Result<> PyramidWriter::write_band(Level& level, const base::CancelToken& cancel) {
  for (std::uint32_t column = 0; column < tiles_across(level); ++column) {
    if (auto written = write_tile(level, column, cancel); !written) return written;
  }
  return {};
}

Result<> PyramidWriter::write_tile(Level& level, std::uint32_t column, const base::CancelToken& cancel) {
  if (auto go_on = cancel.check(); !go_on) return go_on;
  auto tile = Pixels::allocate({pyramid_.tile, pyramid_.tile}, pyramid_.format);
  if (!tile) return fail(std::move(tile.error()));
  const std::size_t pixel = pyramid_.format.bytes_per_pixel();
  const std::uint32_t left = column * pyramid_.tile;
  const std::uint32_t width = std::min(pyramid_.tile, level.size.width - left);
  for (std::uint32_t y = 0; y < pyramid_.tile; ++y) {
    const std::uint8_t* from = level.waiting.row(std::min(y, level.rows - 1)) + left * pixel;
    std::uint8_t* to = tile->row(y);
    std::memcpy(to, from, width * pixel);
    for (std::uint32_t x = width; x < pyramid_.tile; ++x)
      std::memcpy(to + x * pixel, from + (width - 1) * pixel, pixel);
  }
  auto bytes = encoded(std::move(*tile), cancel);
  if (!bytes) return fail(std::move(bytes.error()));
  return append_tile(level, *bytes);
}

Result<base::Bytes> PyramidWriter::encoded(Pixels tile, const base::CancelToken& cancel) const {
  if (pyramid_.lossless) {
    subtract_left(tile);
    return deflated(tile.bytes(), kDeflateLevel);
  }
  auto jpeg = encoder_for(Format::jpeg)->encode(tile, {.quality = pyramid_.quality}, cancel);
  if (jpeg && jpeg->size() > kJfifBytes + 2 && (*jpeg)[3] == 0xE0)
    jpeg->erase(jpeg->begin() + 2, jpeg->begin() + 2 + kJfifBytes);
  return jpeg;
}

Result<> PyramidWriter::append_tile(Level& level, base::ByteView bytes) {
  level.offsets.push_back(sink_.size());
  level.lengths.push_back(bytes.size());
  return sink_.append(bytes);
}

Result<std::uint64_t> PyramidWriter::write_directory(const Level& level, bool reduced) {
  const bool grey = pyramid_.format.model == image::ColourModel::grey;
  const std::uint64_t channels = grey ? 1 : 3;
  if (sink_.size() % 2 != 0) {
    if (auto padded = sink_.append(base::Bytes{0}); !padded) return fail(std::move(padded.error()));
  }
  TiffFields directory(sink_.size(), true);
  directory.add(254, TiffField::longs, {reduced ? 1U : 0U});  // NewSubfileType
  directory.add(256, TiffField::longs, {level.size.width});
  directory.add(257, TiffField::longs, {level.size.height});
  directory.add(258, TiffField::shorts, std::vector<std::uint64_t>(channels, 8));  // BitsPerSample
  directory.add(259, TiffField::shorts, {level.jpeg ? 7U : 8U});                   // Compression: JPEG, deflate
  directory.add(262, TiffField::shorts, {grey ? 1U : level.jpeg ? 6U : 2U});       // Photometric: grey, YCbCr, RGB
  directory.add(277, TiffField::shorts, {channels});
  directory.add(284, TiffField::shorts, {1});                   // PlanarConfiguration
  if (!level.jpeg) directory.add(317, TiffField::shorts, {2});  // Predictor: the difference to the left
  directory.add(322, TiffField::longs, {pyramid_.tile});
  directory.add(323, TiffField::longs, {pyramid_.tile});
  directory.add(324, TiffField::longs8, level.offsets);
  directory.add(325, TiffField::longs8, level.lengths);
  if (level.jpeg && !grey) directory.add(530, TiffField::shorts, {level.chroma.x, level.chroma.y});  // YCbCrSubsampling
  if (!pyramid_.icc.empty()) directory.add(34675, TiffField::bytes, {pyramid_.icc.begin(), pyramid_.icc.end()});
  const std::uint64_t offset = directory.offset();
  if (auto written = sink_.append(directory.take()); !written) return fail(std::move(written.error()));
  return offset;
}

Result<> PyramidWriter::finish() {
  const std::uint64_t across = tiles_across(levels_.front());
  const bool all = levels_.front().offsets.size() == across * ((pyramid_.size.height - 1) / pyramid_.tile + 1);
  if (next_rows() != 0 || !all)
    return fail(ErrorCode::invalid_argument, "The server made a mistake.", "rows are missing");
  std::uint64_t link = kFirstDirectory;
  for (const Level& level : levels_) {
    auto offset = write_directory(level, &level != &levels_.front());
    if (!offset) return fail(std::move(offset.error()));
    base::Bytes bytes;
    put_number(bytes, *offset, 8);
    if (auto linked = sink_.patch(link, bytes); !linked) return linked;
    link = sink_.size() - 8;  // where this directory names the next
  }
  return {};
}

}  // namespace armarium::codec
