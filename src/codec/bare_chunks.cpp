#include <algorithm>
#include <array>

#include <zlib.h>

#include "codec/bare_file.h"
#include "codec/byte_reader.h"
#include "codec/exif.h"

// The formats that are rows of blocks: of PNG, WebP and GIF the kinds that are named here stay, all others go.

namespace armarium::codec {
namespace {

constexpr std::size_t kMostChunks = 1'000'000;
constexpr std::size_t kLongestExif = 1U << 20;

tl::unexpected<base::Error> damaged(const char* format) {
  return base::fail(base::ErrorCode::corrupt, "The picture file is damaged.", std::string("chunks of ") + format);
}

template <std::size_t size>
bool any_of(const std::array<std::string_view, size>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

void put32(base::Bytes& out, std::uint32_t value, bool big) {
  for (unsigned i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(value >> (big ? 24 - 8 * i : 8 * i)));
}

void put(base::Bytes& out, std::string_view text) {
  for (const char c : text) out.push_back(static_cast<std::uint8_t>(c));
}

// PNG, third edition, 11.3: what says how the pixels look; animations.
constexpr std::array<std::string_view, 19> kPngChunks = {"cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV",
                                                         "cLLI", "bKGD", "hIST", "tRNS", "pHYs", "sPLT", "tIME",
                                                         "acTL", "fcTL", "fdAT", "oFFs", "pCAL"};
// WebP container, 2.7.
constexpr std::array<std::string_view, 7> kWebpChunks = {"VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"};
constexpr std::array<std::string_view, 3> kGifExtensions = {"NETSCAPE2.0", "ANIMEXTS1.0", "ICCRGBG1012"};

// The EXIF block of a chunk reduced to its orientation; some writers put JPEG's prefix in front.
base::Bytes reduced(const base::ByteSource& file, std::uint64_t body, std::uint32_t length) {
  if (length > kLongestExif) return {};
  base::Bytes exif(length);
  if (!file.read(body, exif)) return {};
  const base::ByteView view(exif);
  const bool prefixed = exif.size() > 6 && base::as_text(exif).starts_with("Exif");
  return orientation_block(exif_orientation(prefixed ? view.subspan(6) : view));
}

base::Bytes png_chunk(std::string_view name, const base::Bytes& data) {
  base::Bytes out;
  out.reserve(12 + data.size());
  put32(out, static_cast<std::uint32_t>(data.size()), true);
  put(out, name);
  out.insert(out.end(), data.begin(), data.end());
  const auto checked = base::ByteView(out).subspan(4);
  put32(out, static_cast<std::uint32_t>(::crc32(0, checked.data(), static_cast<uInt>(checked.size()))), true);
  return out;
}

class GifWalk {
 public:
  explicit GifWalk(const base::ByteSource& file) : reader_(file), keep_(file.size()) {}

  // GIF89a, appendix B.
  base::Result<std::vector<base::Splice>> run() {
    std::array<std::uint8_t, 13> head{};
    if (!reader_.read(head)) return damaged("GIF");
    reader_.skip(colours(head[10]));
    keep_.range(0, reader_.offset());
    for (std::size_t count = 0; count < kMostChunks; ++count) {
      const std::uint64_t begin = reader_.offset();
      std::uint8_t kind = 0;
      if (!reader_.u8(kind)) return keep_.done();  // cut off before its end: so it is shown
      if (kind == 0x3B) {
        keep_.range(begin, 1);
        return keep_.done();
      }
      bool stays = true;
      if (kind == 0x21) {
        if (!extension(stays)) return damaged("GIF");
      } else if (kind != 0x2C || !picture()) {
        return damaged("GIF");
      }
      if (stays) keep_.range(begin, reader_.offset() - begin);
    }
    return damaged("GIF");
  }

 private:
  static std::uint64_t colours(std::uint8_t flags) {
    return (flags & 0x80U) != 0 ? std::uint64_t{3} << ((flags & 7U) + 1) : 0;
  }
  bool sub_blocks() {
    std::uint8_t length = 0;
    while (reader_.u8(length) && length != 0) reader_.skip(length);
    return true;
  }
  bool picture() {
    std::array<std::uint8_t, 9> head{};
    if (!reader_.read(head)) return false;
    reader_.skip(colours(head[8]) + 1);
    return sub_blocks();
  }
  bool extension(bool& stays) {
    std::uint8_t label = 0;
    if (!reader_.u8(label)) return false;
    stays = label != 0xFE;
    if (label == 0xFF) {
      std::array<std::uint8_t, 12> name{};
      const std::uint64_t begin = reader_.offset();
      if (!reader_.read(name)) return false;
      stays = any_of(kGifExtensions, base::as_text(base::ByteView(name).subspan(1)));
      reader_.seek(begin);
    }
    return sub_blocks();
  }

  ByteReader reader_;
  Keeping keep_;
};

}  // namespace

base::Result<std::vector<base::Splice>> bare_png(const base::ByteSource& file) {
  ByteReader reader(file);
  Keeping keep(file.size());
  reader.seek(8);
  keep.range(0, 8);
  bool oriented = false;
  for (std::size_t count = 0; count < kMostChunks && reader.remaining() > 0; ++count) {
    const std::uint64_t begin = reader.offset();
    std::uint32_t length = 0;
    std::array<std::uint8_t, 4> raw{};
    if (!reader.u32(length) || !reader.read(raw)) break;
    const std::string_view name = base::as_text(raw);
    const std::uint64_t end = std::min(begin + 12 + length, file.size());
    const bool critical = (raw[0] & 0x20U) == 0;
    if (critical || any_of(kPngChunks, name)) keep.range(begin, end - begin);
    if (name == "eXIf" && !oriented && end == begin + 12 + length) {
      oriented = true;
      const base::Bytes block = reduced(file, begin + 8, length);
      if (!block.empty()) keep.bytes(png_chunk("eXIf", block));
    }
    if (name == "IEND") return keep.done();
    reader.seek(end);
  }
  // A file that is cut off is shown as far as it goes, and given out so.
  return reader.remaining() == 0 ? keep.done() : damaged("PNG");
}

base::Result<std::vector<base::Splice>> bare_webp(const base::ByteSource& file) {
  ByteReader reader(file);
  reader.seek(12);
  std::vector<base::ByteRange> kept;
  base::Bytes exif;
  std::uint64_t size = 4;
  bool dropped = false;
  std::optional<std::uint64_t> extended;
  for (std::size_t count = 0; reader.remaining() >= 8; ++count) {
    if (count == kMostChunks) return damaged("WebP");
    const std::uint64_t begin = reader.offset();
    std::array<std::uint8_t, 8> head{};
    if (!reader.read(head)) return damaged("WebP");
    const std::uint32_t length = head[4] | head[5] << 8U | head[6] << 16U | std::uint32_t{head[7]} << 24U;
    const std::string_view name = base::as_text(base::ByteView(head).first(4));
    const std::uint64_t end = std::min(begin + 8 + length + (length & 1U), file.size());
    if (any_of(kWebpChunks, name)) {
      if (name == "VP8X" && length >= 10 && end == begin + 18) extended = begin;
      kept.push_back({begin, end - begin});
      size += end - begin;
    } else {
      dropped = true;
      if (name == "EXIF" && exif.empty())
        exif = reduced(file, begin + 8, std::min<std::uint64_t>(length, end - begin - 8));
    }
    reader.seek(end);
  }
  Keeping keep(file.size());
  if (!dropped) {
    keep.range(0, 12 + (size - 4));
    return keep.done();
  }
  if (!exif.empty() && extended) size += 8 + exif.size();
  base::Bytes head;
  head.reserve(12);
  put(head, "RIFF");
  put32(head, static_cast<std::uint32_t>(size), false);
  put(head, "WEBP");
  keep.bytes(std::move(head));
  for (const base::ByteRange& range : kept) {
    if (!extended || range.offset != *extended) {
      keep.range(range.offset, range.length);
      continue;
    }
    base::Bytes chunk(18);
    if (!file.read(range.offset, chunk)) return damaged("WebP");
    chunk[8] =
        static_cast<std::uint8_t>((chunk[8] & ~0x0CU) | (exif.empty() ? 0U : 0x08U));  // no XMP; EXIF if there is
    keep.bytes(std::move(chunk));
  }
  if (!exif.empty() && extended) {
    base::Bytes chunk;
    chunk.reserve(8 + exif.size());
    put(chunk, "EXIF");
    put32(chunk, static_cast<std::uint32_t>(exif.size()), false);
    chunk.insert(chunk.end(), exif.begin(), exif.end());
    keep.bytes(std::move(chunk));
  }
  return keep.done();
}

base::Result<std::vector<base::Splice>> bare_gif(const base::ByteSource& file) { return GifWalk(file).run(); }

}  // namespace armarium::codec
