// A region of a TIFF page from the bytes of its blocks. libtiff sees the directory's header again and is handed one block after the other.

#include <algorithm>
#include <cstring>

#include <tiffio.h>

#include "base/log.h"
#include "codec/box_reducer.h"
#include "codec/tiff_convert.h"
#include "codec/tiff_direct.h"
#include "codec/tiff_directory.h"
#include "codec/tiff_io.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::uint64_t kWholeBlock = std::uint64_t{1} << 20;  // bytes of samples

// Reads and decodes single blocks, whole or (raw rows) in part.
class Blocks {
 public:
  Blocks(const TiffDirectory& directory, const base::ByteSource& bytes, const Limits& limits)
      : directory_(directory), bytes_(bytes), limits_(limits) {}

  Result<> open() {
    if (directory_.path == TiffPath::raw_rows || directory_.direct || open_file()) return {};
    return fail(ErrorCode::corrupt, "The TIFF file is damaged.", file_->message());
  }

  // A whole tile into `out` of its size, where it needs no libtiff; false, and `out` undefined: load it.
  bool load_into(std::uint32_t block, std::span<std::uint8_t> out) {
    return directory_.direct && load_direct(tiff_block_range(directory_, bytes_.size(), block), out);
  }

  // Rows [first, end) of a block, `row_bytes` apart, rows that are not there being zero. False when nothing of it could be read.
  bool load(std::uint32_t block, std::uint32_t first, std::uint32_t end) {
    rows_ = nullptr;
    return directory_.path == TiffPath::raw_rows ? load_raw(block, first, end) : load_coded(block, first, end);
  }
  const std::uint8_t* rows() const { return rows_; }
  std::uint64_t row_bytes() const {
    return directory_.packed_chroma() ? std::uint64_t{directory_.block.width} * 3 : directory_.row_bytes();
  }
  std::string message() const { return file_ ? file_->message() : "the file ends too early"; }

 private:
  bool open_file() {
    if (file_) return opened_;
    file_.emplace(bytes_, TiffFile::Tables::leave, limits_.max_decode_bytes);
    opened_ = file_->open() && file_->select(directory_.offset);
    return opened_;
  }

  bool load_raw(std::uint32_t block, std::uint32_t first, std::uint32_t end) {
    buffer_.assign(directory_.row_bytes() * (end - first), 0);
    rows_ = buffer_.data();
    const base::ByteRange range = tiff_row_range(directory_, bytes_.size(), block, first, end);
    if (range.length == 0 || !bytes_.read(range.offset, std::span(buffer_).first(range.length))) return false;
    if (directory_.bits_reversed) TIFFReverseBits(buffer_.data(), static_cast<tmsize_t>(buffer_.size()));
    if (directory_.byte_swapped && directory_.bits % 8 == 0) swap(directory_.bits / 8U);
    return true;
  }

  void swap(std::size_t width) {
    for (std::size_t at = 0; at + width <= buffer_.size(); at += width)
      std::reverse(buffer_.data() + at, buffer_.data() + at + width);
  }

  // The whole block, into `out` of that size, without libtiff. False where that has to look.
  bool load_direct(base::ByteRange range, std::span<std::uint8_t> out) {
    if (range.length == 0) return false;
    base::ByteView coded = bytes_.view(range);
    if (coded.empty()) {
      coded_.resize(range.length);
      if (!bytes_.read(range.offset, coded_)) return false;
      coded = coded_;
    }
    return decode_direct_tiff(directory_, coded, out);
  }

  bool load_coded(std::uint32_t block, std::uint32_t first, std::uint32_t end) {
    const base::ByteRange range = tiff_block_range(directory_, bytes_.size(), block);
    const std::uint64_t whole = directory_.rows_of(block) * directory_.row_bytes();
    // A long strip whose upper rows are wanted is not decoded to its end.
    if (directory_.direct && whole <= limits_.max_decode_bytes &&
        (end == directory_.rows_of(block) || whole <= kWholeBlock)) {
      buffer_.resize(whole);
      rows_ = buffer_.data() + row_bytes() * first;
      if (load_direct(range, buffer_)) return true;
    }
    rows_ = nullptr;
    if (!open_file()) return false;
    TIFF* tif = file_->handle();
    // libtiff gives rows from the top of the block: those above `first` are decoded, too.
    const std::uint64_t size = directory_.tiled ? TIFFTileSize64(tif) : TIFFVStripSize64(tif, end);
    if (size == 0 || size > limits_.max_decode_bytes) return false;
    buffer_.assign(std::max<std::uint64_t>(size, directory_.packed_chroma() ? 0 : directory_.row_bytes() * end), 0);
    bool good = range.length != 0;
    if (good) {
      coded_.resize(range.length);
      good = bytes_.read(range.offset, coded_).has_value() &&
             TIFFReadFromUserBuffer(tif, block, coded_.data(), static_cast<tmsize_t>(coded_.size()), buffer_.data(),
                                    static_cast<tmsize_t>(size)) != 0;
    }
    // What was decoded before the damage stays; zeros are the rest.
    if (directory_.packed_chroma()) {
      rgb_.assign(std::size_t{directory_.block.width} * end * 3, 0);
      tiff_ycbcr_to_rgb(directory_, buffer_, end, rgb_);
      rows_ = rgb_.data() + row_bytes() * first;
    } else {
      rows_ = buffer_.data() + row_bytes() * first;
    }
    return good;
  }

  const TiffDirectory& directory_;
  const base::ByteSource& bytes_;
  const Limits& limits_;
  std::optional<TiffFile> file_;
  bool opened_ = false;
  base::Bytes coded_;
  base::Bytes buffer_;
  base::Bytes rgb_;
  const std::uint8_t* rows_ = nullptr;
};

// Puts the blocks' pixels where they belong: into the result, or into what shrinks them.
class Assembly {
 public:
  // `area` in pixels of the directory; `reducer` may be null.
  Assembly(const TiffDirectory& directory, image::Rect area, const base::ByteSource& bytes, const Limits& limits,
           image::Pixels& out, BoxReducer* reducer)
      : directory_(directory),
        area_(area),
        blocks_(directory, bytes, limits),
        converter_(directory),
        out_(out),
        reducer_(reducer) {}

  Result<> run(const base::CancelToken& cancel) {
    if (auto opened = blocks_.open(); !opened) return opened;
    const image::Size block = directory_.block;
    if (is_one_block() &&
        blocks_.load_into(area_.y / block.height * directory_.blocks_across() + area_.x / block.width, out_.bytes()))
      return {};
    for (std::uint32_t y = area_.y / block.height; std::uint64_t{y} * block.height < area_.bottom(); ++y) {
      for (std::uint32_t x = area_.x / block.width; std::uint64_t{x} * block.width < area_.right(); ++x) {
        if (auto done = place(x, y, cancel); !done) return done;
      }
      if (reducer_ != nullptr) reducer_->finish_rows(std::uint64_t{y + 1} * block.height);
    }
    if (reducer_ != nullptr) reducer_->finish_rows(directory_.size.height);
    if (good_ == 0) return fail(ErrorCode::corrupt, "The TIFF file is damaged.", blocks_.message());
    if (bad_ > 0) base::log::warning("TIFF file is damaged, {} blocks are missing: {}", bad_, blocks_.message());
    return {};
  }

 private:
  // Whether the result is one tile as it comes out of the file.
  bool is_one_block() const {
    return reducer_ == nullptr && converter_.plain() && directory_.tiled && area_.size() == directory_.block &&
           area_.x % directory_.block.width == 0 && area_.y % directory_.block.height == 0;
  }

  // The part of block (x, y) that lies in the area: at once, or, where rows can be read alone, some at a time.
  Result<> place(std::uint32_t x, std::uint32_t y, const base::CancelToken& cancel) {
    const std::uint64_t block_x = std::uint64_t{x} * directory_.block.width;
    const std::uint64_t block_y = std::uint64_t{y} * directory_.block.height;
    image::Rect part;
    part.x = static_cast<std::uint32_t>(std::max<std::uint64_t>(area_.x, block_x));
    part.y = static_cast<std::uint32_t>(std::max<std::uint64_t>(area_.y, block_y));
    part.width = static_cast<std::uint32_t>(std::min(area_.right(), block_x + directory_.block.width) - part.x);
    const auto bottom = static_cast<std::uint32_t>(std::min(area_.bottom(), block_y + directory_.block.height));
    const std::uint32_t step = directory_.path == TiffPath::raw_rows ? tiff_raw_band(directory_) : bottom - part.y;
    for (; part.y < bottom; part.y += part.height) {
      if (auto go = cancel.check(); !go) return go;
      part.height = std::min(step, bottom - part.y);
      if (auto done = place_rows(y * directory_.blocks_across() + x, part, part.x - static_cast<std::uint32_t>(block_x),
                                 part.y - static_cast<std::uint32_t>(block_y));
          !done) {
        return done;
      }
    }
    return {};
  }

  // `part` of the picture, which begins at pixel `column` of row `first` of a block (of each plane).
  Result<> place_rows(std::uint32_t block, const image::Rect& part, std::uint32_t column, std::uint32_t first) {
    const std::uint32_t plane_blocks = directory_.blocks_across() * directory_.blocks_down();
    const std::size_t row_samples = std::size_t{part.width} * directory_.samples;
    samples_.resize(row_samples * (directory_.separate ? part.height : 1));
    for (std::uint32_t plane = 0; plane < directory_.planes(); ++plane) {
      ++(blocks_.load(plane * plane_blocks + block, first, first + part.height) ? good_ : bad_);
      if (blocks_.rows() == nullptr) return fail(ErrorCode::corrupt, "The TIFF file is damaged.", blocks_.message());
      for (std::uint32_t row = 0; row < part.height; ++row) {
        const std::uint8_t* source = blocks_.rows() + blocks_.row_bytes() * row;
        if (directory_.separate) {
          converter_.unpack(source, plane, column, part.width, samples_.data() + row * row_samples + plane,
                            directory_.samples);
        } else {
          contiguous(source, column, part.width, target(part.x, part.y + row, part.width));
          finish_row(part.x, part.y + row, part.width);
        }
      }
    }
    for (std::uint32_t row = 0; directory_.separate && row < part.height; ++row) {
      converter_.interpret(samples_.data() + row * row_samples, part.width, target(part.x, part.y + row, part.width));
      finish_row(part.x, part.y + row, part.width);
    }
    return {};
  }

  void contiguous(const std::uint8_t* source, std::uint32_t column, std::uint32_t width, std::uint8_t* out) {
    const std::size_t pixel = directory_.pixels.bytes_per_pixel();
    if (converter_.plain() || directory_.packed_chroma()) {
      std::memcpy(out, source + column * pixel, width * pixel);
      return;
    }
    converter_.unpack(source, 0, std::size_t{column} * directory_.samples, std::size_t{width} * directory_.samples,
                      samples_.data(), 1);
    converter_.interpret(samples_.data(), width, out);
  }

  // Where the pixels from (x, y) on go.
  std::uint8_t* target(std::uint32_t x, std::uint32_t y, std::uint32_t width) {
    if (reducer_ != nullptr) {
      line_.resize(std::size_t{width} * directory_.pixels.bytes_per_pixel());
      return line_.data();
    }
    return out_.row(y - area_.y) + std::size_t{x - area_.x} * directory_.pixels.bytes_per_pixel();
  }

  void finish_row(std::uint32_t x, std::uint32_t y, std::uint32_t width) {
    if (reducer_ == nullptr) return;
    reducer_->add(x, y, width, line_.data());
    if (directory_.blocks_across() == 1) reducer_->finish_rows(std::uint64_t{y} + 1);
  }

  const TiffDirectory& directory_;
  image::Rect area_;
  Blocks blocks_;
  TiffConverter converter_;
  image::Pixels& out_;
  BoxReducer* reducer_;
  base::Bytes line_;  // one row of a block, for the reducer
  std::vector<std::uint16_t> samples_;
  std::uint64_t good_ = 0;
  std::uint64_t bad_ = 0;
};

}  // namespace

Result<image::Pixels> decode_tiff(const TiffIndex& index, const Plan& plan, const base::ByteSource& bytes,
                                  const Limits& limits, const base::CancelToken& cancel) {
  if (auto go = cancel.check(); !go) return fail(std::move(go.error()));
  const TiffDirectory& directory = index.directory(plan);
  if (directory.path == TiffPath::unsupported)
    return fail(ErrorCode::unsupported, "This kind of TIFF file cannot be read.");
  if (directory.path == TiffPath::rgba) return decode_tiff_rgba(directory, plan.area, bytes, limits);
  auto pixels = image::Pixels::allocate(plan.area.size(), directory.pixels, limits.max_decode_bytes);
  if (!pixels) return pixels;
  const std::uint32_t factor = index.factor(plan);
  BoxReducer reducer(*pixels, plan.area, directory.size, factor);
  Assembly assembly(directory, reducer.source(), bytes, limits, *pixels, factor > 1 ? &reducer : nullptr);
  if (auto done = assembly.run(cancel); !done) return fail(std::move(done.error()));
  return pixels;
}

}  // namespace armarium::codec
