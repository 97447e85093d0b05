// ITU-T T.81: F.2.2 (decoding of coefficients), C (Huffman tables), B.2.2 and B.2.3 (frame and scan headers).

#include "codec/jpeg_cut.h"

#include <algorithm>
#include <array>
#include <memory>

#include "codec/jpeg_bits.h"
#include "codec/jpeg_segments.h"

namespace armarium::codec {
namespace {

constexpr int kMostComponents = 4;
constexpr std::uint32_t kMostBlocks = 10;                       // of an MCU (B.2.3)
constexpr int kMostDifference = 11;                             // bits, of 8-bit samples (F.1.2.1)
constexpr std::uint64_t kMostPixels = std::uint64_t{16} << 20;  // sums of differences fit an int

struct Component {
  std::uint8_t id = 0;
  std::uint32_t across = 0;  // blocks in an MCU
  std::uint32_t down = 0;
  const HuffmanTable* dc = nullptr;
  const HuffmanTable* ac = nullptr;
  int in = 0;   // the last DC value that was read
  int out = 0;  // that was written
};

class Cutting {
 public:
  Cutting(base::ByteView stream, image::Size wanted) : stream_(stream), wanted_(wanted) {}

  std::optional<base::Bytes> run() {
    if (wanted_.empty() || !read_head()) return std::nullopt;
    base::Bytes result(stream_.begin(), stream_.begin() + static_cast<std::ptrdiff_t>(scan_));
    set_size(result);
    BitReader in(stream_.subspan(scan_));
    BitWriter out(result);
    if (!copy(in, out)) return std::nullopt;
    out.finish();
    result.push_back(0xFF);
    result.push_back(jpeg_marker::kEnd);
    return result;
  }

 private:
  bool read_head() {
    JpegSegment segment;
    for (std::size_t at = 0; jpeg_segment_at(stream_, at, segment); at = segment.next) {
      const base::ByteView body = stream_.subspan(segment.start, segment.length);
      switch (segment.marker) {
        case jpeg_marker::kHuffmanTables:
          if (!read_tables(body)) return false;
          break;
        case jpeg_marker::kBaseline:
        case jpeg_marker::kExtended:
          if (frame_ != 0 || !read_frame(body)) return false;
          frame_ = segment.start;
          break;
        case jpeg_marker::kRestartInterval:
          if (body.size() != 2 || body[0] != 0 || body[1] != 0) return false;
          break;
        case jpeg_marker::kScan: scan_ = segment.next; return frame_ != 0 && read_scan(body);
        case jpeg_marker::kEnd: return false;
        default:
          // Frames of other kinds, arithmetic coding.
          if (segment.marker >= 0xC2 && segment.marker <= 0xCF) return false;
      }
    }
    return false;
  }

  bool read_tables(base::ByteView body) {
    while (!body.empty()) {
      const unsigned kind = body[0] >> 4;
      const unsigned id = body[0] & 15;
      if (kind > 1 || id > 3) return false;
      auto table = HuffmanTable::read(body.subspan(1));
      if (!table) return false;
      body = body.subspan(1 + table->length());
      tables_[kind * 4 + id] = std::make_unique<HuffmanTable>(*table);
    }
    return true;
  }

  bool read_frame(base::ByteView body) {
    if (body.size() < 6 || body[0] != 8) return false;
    size_ = {std::uint32_t{body[3]} << 8 | body[4], std::uint32_t{body[1]} << 8 | body[2]};
    count_ = body[5];
    if (count_ < 1 || count_ > kMostComponents || body.size() != 6 + 3 * count_ || size_.empty() ||
        size_.area() > kMostPixels || wanted_.width > size_.width || wanted_.height > size_.height) {
      return false;
    }
    std::uint32_t blocks = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      Component& part = components_[i];
      part.id = body[6 + 3 * i];
      part.across = body[7 + 3 * i] >> 4;
      part.down = body[7 + 3 * i] & 15;
      if (part.across < 1 || part.across > 4 || part.down < 1 || part.down > 4) return false;
      blocks += part.across * part.down;
    }
    // One component alone is not interleaved: block by block (A.2.2).
    if (count_ == 1) components_[0].across = components_[0].down = blocks = 1;
    return blocks <= kMostBlocks;
  }

  bool read_scan(base::ByteView body) {
    if (body.size() != 4 + 2 * count_ || body[0] != count_) return false;
    for (std::size_t i = 0; i < count_; ++i) {
      Component& part = components_[i];
      const unsigned dc = body[2 + 2 * i] >> 4;
      const unsigned ac = body[2 + 2 * i] & 15;
      if (body[1 + 2 * i] != part.id || dc > 3 || ac > 3) return false;
      part.dc = tables_[dc].get();
      part.ac = tables_[4 + ac].get();
      if (part.dc == nullptr || part.ac == nullptr) return false;
    }
    return body[1 + 2 * count_] == 0 && body[2 + 2 * count_] == 63 && body[3 + 2 * count_] == 0;
  }

  void set_size(base::Bytes& head) const {
    std::uint8_t* at = head.data() + frame_ + 1;
    at[0] = static_cast<std::uint8_t>(wanted_.height >> 8);
    at[1] = static_cast<std::uint8_t>(wanted_.height);
    at[2] = static_cast<std::uint8_t>(wanted_.width >> 8);
    at[3] = static_cast<std::uint8_t>(wanted_.width);
  }

  bool copy(BitReader& in, BitWriter& out) {
    std::uint32_t across = 1;
    std::uint32_t down = 1;
    for (std::size_t i = 0; i < count_; ++i) {
      across = std::max(across, components_[i].across);
      down = std::max(down, components_[i].down);
    }
    const std::uint32_t all = image::scaled_up(size_.width, 8 * across);
    const std::uint32_t kept = image::scaled_up(wanted_.width, 8 * across);
    const std::uint32_t rows = image::scaled_up(wanted_.height, 8 * down);
    for (std::uint32_t y = 0; y < rows; ++y) {
      for (std::uint32_t x = 0; x < all; ++x) {
        const bool good = x < kept ? unit<true>(in, out) : unit<false>(in, out);
        if (!good) return false;
        // What is right of the last unit that counts need not be walked over.
        if (y + 1 == rows && x + 1 == kept) break;
      }
      if (in.ended()) return false;
    }
    return true;
  }

  template <bool Keep>
  bool unit(BitReader& in, BitWriter& out) {
    for (std::size_t i = 0; i < count_; ++i) {
      Component& part = components_[i];
      for (std::uint32_t k = 0; k < part.across * part.down; ++k) {
        if (!first<Keep>(part, in, out) || !rest<Keep>(*part.ac, in, out)) return false;
      }
    }
    return true;
  }

  // The DC coefficient, which is coded by its difference to the one before it: that may be another one now.
  template <bool Keep>
  bool first(Component& part, BitReader& in, BitWriter& out) {
    in.fill();
    const HuffmanTable::Code code = part.dc->decode(in.peek(16));
    if (code.length == 0 || code.symbol > kMostDifference) return false;
    const int bits = code.symbol;
    int difference = 0;
    if (bits > 0) {
      difference = static_cast<int>(in.peek(code.length + bits) & ((1U << bits) - 1));
      if (difference < 1 << (bits - 1)) difference += 1 - (1 << bits);
    }
    const int value = part.in + difference;
    part.in = value;
    if constexpr (Keep) {
      if (value - part.out == difference)
        out.put(in.peek(code.length + bits), code.length + bits);
      else if (!put_difference(*part.dc, value - part.out, out))
        return false;
      part.out = value;
    }
    in.skip(code.length + bits);
    return true;
  }

  static bool put_difference(const HuffmanTable& table, int difference, BitWriter& out) {
    int bits = 0;
    while (std::abs(difference) >> bits != 0) ++bits;
    const HuffmanTable::Word word = table.word(static_cast<std::uint8_t>(bits));
    if (bits > kMostDifference || word.length == 0) return false;
    out.put(word.bits, word.length);
    if (difference < 0) difference += (1 << bits) - 1;
    if (bits > 0) out.put(static_cast<std::uint32_t>(difference), bits);
    return true;
  }

  template <bool Keep>
  static bool rest(const HuffmanTable& table, BitReader& in, BitWriter& out) {
    for (int k = 1; k < 64;) {
      in.fill();
      const HuffmanTable::Code code = table.decode(in.peek(16));
      if (code.length == 0) return false;
      const int bits = code.symbol & 15;
      const int run = code.symbol >> 4;
      if constexpr (Keep) out.put(in.peek(code.length + bits), code.length + bits);
      in.skip(code.length + bits);
      if (bits == 0 && run != 15) return run == 0;  // end of block
      k += run + 1;
      if (k > 64) return false;
    }
    return true;
  }

  base::ByteView stream_;
  image::Size wanted_;
  image::Size size_;
  std::size_t frame_ = 0;  // where its header begins
  std::size_t scan_ = 0;   // where its bits begin
  std::size_t count_ = 0;
  std::array<Component, kMostComponents> components_;
  std::array<std::unique_ptr<HuffmanTable>, 8> tables_;  // DC, then AC
};

}  // namespace

std::optional<base::Bytes> cut_jpeg(base::ByteView stream, image::Size wanted) { return Cutting(stream, wanted).run(); }

}  // namespace armarium::codec
