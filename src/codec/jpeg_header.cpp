#include "codec/jpeg_header.h"

#include <map>

#include <fmt/format.h>

#include "codec/byte_reader.h"
#include "codec/photoshop.h"

namespace armarium::codec {
namespace {

using base::ByteView;
using base::ErrorCode;
using base::fail;
using base::Result;

using namespace std::string_view_literals;

constexpr int kMaxMarkers = 20'000;

bool starts(ByteView bytes, std::string_view magic) { return base::as_text(bytes).starts_with(magic); }

class Walk {
 public:
  Walk(const base::ByteSource& file, const Limits& limits) : reader_(file), limits_(limits) {}

  Result<JpegHeader> run() {
    reader_.skip(2);
    for (int count = 0; count < kMaxMarkers; ++count) {
      std::uint8_t marker = 0;
      if (!next_jpeg_marker(reader_, marker)) return damaged("no marker");
      if (marker == 0xD8 || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) continue;  // without a length
      if (marker == 0xD9) return damaged("end of image before any scan");
      std::uint16_t length = 0;
      if (!reader_.u16(length) || length < 2) return damaged("segment length");
      const std::uint64_t end = reader_.offset() + length - 2;
      if (auto handled = segment(marker, length - 2U); !handled) return fail(std::move(handled.error()));
      reader_.seek(end);
      if (marker == 0xDA) return finish();
    }
    return damaged("too many markers");
  }

 private:
  static tl::unexpected<base::Error> damaged(std::string_view what) {
    return fail(ErrorCode::corrupt, "The JPEG file is damaged.", std::string(what));
  }

  Result<> segment(std::uint8_t marker, std::uint32_t length) {
    if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC)
      return frame(marker, length);
    if (marker != 0xE0 && marker != 0xE1 && marker != 0xE2 && marker != 0xED && marker != 0xEE) return {};
    base::Bytes body(length);
    if (!reader_.read(body)) return damaged("segment past the end");
    if (marker == 0xE0 && starts(body, "JFIF\0"sv)) jfif_ = true;
    if (marker == 0xE1) app1(body);
    if (marker == 0xE2) app2(body);
    if (marker == 0xED) app13(body);
    if (marker == 0xEE && starts(body, "Adobe")) {
      header_.adobe = true;
      if (body.size() >= 12) adobe_transform_ = body[11];
    }
    return {};
  }

  // T.81, B.2.2.
  Result<> frame(std::uint8_t marker, std::uint32_t length) {
    if (marker != 0xC0 && marker != 0xC1 && marker != 0xC2 && marker != 0xC9 && marker != 0xCA) {
      return fail(ErrorCode::unsupported, "Lossless and hierarchical JPEG files cannot be read.");
    }
    std::uint8_t precision = 0;
    std::uint8_t components = 0;
    std::uint16_t width = 0;
    std::uint16_t height = 0;
    if (header_.width != 0) return damaged("two frames");
    if (length < 6 || !reader_.u8(precision) || !reader_.u16(height) || !reader_.u16(width) ||
        !reader_.u8(components)) {
      return damaged("frame header");
    }
    if (precision != 8) return fail(ErrorCode::unsupported, "JPEG files of more than 8 bits cannot be read.");
    if (width == 0 || height == 0) return damaged("empty frame");
    if (components != 1 && components != 3 && components != 4) {
      return fail(ErrorCode::unsupported, "JPEG files with this number of components cannot be read.",
                  fmt::to_string(components));
    }
    for (int i = 0; i < components; ++i) {
      std::uint8_t raw[3];
      if (!reader_.read(raw)) return damaged("frame components");
      const int across = raw[1] >> 4;
      const int down = raw[1] & 15;
      if (across < 1 || across > 4 || down < 1 || down > 4) return damaged("sampling factors");
      parts_.push_back({raw[0], across, down});
      header_.max_sampling_x = std::max(header_.max_sampling_x, across);
      header_.max_sampling_y = std::max(header_.max_sampling_y, down);
    }
    header_.width = width;
    header_.height = height;
    header_.components = components;
    header_.progressive = marker == 0xC2 || marker == 0xCA;
    return {};
  }

  void app1(ByteView body) {
    using namespace std::string_view_literals;
    constexpr std::string_view kExif = "Exif\0"sv;  // and a byte of padding
    constexpr std::string_view kXmp = "http://ns.adobe.com/xap/1.0/\0"sv;
    if (starts(body, kExif) && body.size() > 6 && header_.exif.empty())
      header_.exif.assign(body.begin() + 6, body.end());
    if (starts(body, kXmp) && header_.xmp.empty()) header_.xmp.assign(body.begin() + kXmp.size(), body.end());
  }

  // ICC.1:2010, B.4: chunk number, number of chunks, data.
  void app2(const base::Bytes& body) {
    using namespace std::string_view_literals;
    if (!starts(body, "ICC_PROFILE\0"sv) || body.size() < 14) return;
    icc_bytes_ += body.size();
    if (icc_bytes_ > limits_.max_metadata) return;
    icc_total_ = body[13];
    const int number = body[12];
    icc_.emplace(number, body);
  }

  void app13(ByteView body) {
    using namespace std::string_view_literals;
    constexpr std::string_view kPhotoshop = "Photoshop 3.0\0"sv;
    if (!starts(body, kPhotoshop) || header_.iptc.size() + body.size() > limits_.max_metadata) return;
    const ByteView records = photoshop_iptc(body.subspan(kPhotoshop.size()));
    header_.iptc.insert(header_.iptc.end(), records.begin(), records.end());
  }

  Result<JpegHeader> finish() {
    if (header_.width == 0) return damaged("scan before frame");
    header_.scan = reader_.offset();
    colour();
    if (reader_.remaining() == 0) return damaged("no coded data");
    if (static_cast<int>(icc_.size()) == icc_total_ && icc_bytes_ <= limits_.max_metadata && icc_total_ > 0 &&
        icc_.begin()->first == 1 && icc_.rbegin()->first == icc_total_) {
      for (const auto& [number, chunk] : icc_) header_.icc.insert(header_.icc.end(), chunk.begin() + 14, chunk.end());
    }
    return std::move(header_);
  }

  // How libjpeg guesses what three components are (jdapimin.c): JFIF, then Adobe's marker, then their numbers.
  void colour() {
    if (parts_.size() != 3) return;
    const bool letters = parts_[0].id == 'R' && parts_[1].id == 'G' && parts_[2].id == 'B';
    header_.ycbcr = jfif_ || (header_.adobe ? adobe_transform_ != 0 : !letters);
    const bool once = parts_[1].across == 1 && parts_[1].down == 1 && parts_[2].across == 1 && parts_[2].down == 1;
    const auto even = [](int factor) { return factor == 1 || factor == 2 || factor == 4; };
    if (!once || !even(parts_[0].across) || !even(parts_[0].down)) return;
    header_.chroma_x = parts_[0].across;
    header_.chroma_y = parts_[0].down;
  }

  struct Component {
    int id;
    int across;
    int down;
  };

  ByteReader reader_;
  const Limits& limits_;
  JpegHeader header_;
  std::vector<Component> parts_;
  bool jfif_ = false;
  int adobe_transform_ = 1;
  std::map<int, base::Bytes> icc_;
  int icc_total_ = 0;
  std::uint64_t icc_bytes_ = 0;
};

}  // namespace

bool next_jpeg_marker(ByteReader& reader, std::uint8_t& marker) {
  std::uint8_t byte = 0;
  do {
    while (byte != 0xFF) {
      if (!reader.u8(byte)) return false;
    }
    while (byte == 0xFF) {
      if (!reader.u8(byte)) return false;
    }
  } while (byte == 0);
  marker = byte;
  return true;
}

Result<JpegHeader> read_jpeg_header(const base::ByteSource& file, const Limits& limits) {
  return Walk(file, limits).run();
}

}  // namespace armarium::codec
