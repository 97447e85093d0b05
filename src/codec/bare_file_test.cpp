#include "codec/bare_file.h"

#include <gtest/gtest.h>

#include "codec/exif.h"
#include "codec/testing.h"

namespace armarium::codec {
namespace {

using namespace std::string_literals;
using testing::encoded;
using testing::gradient;

constexpr std::string_view kSecret = "Hidden Lane 7";

base::Bytes picture(Format format) { return encoded(format, gradient({40, 30}, image::kRgb8)); }

void insert(base::Bytes& file, std::size_t at, const std::string& text) {
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(at), text.begin(), text.end());
}

// An EXIF block with an orientation and a description.
std::string exif(int orientation) {
  std::string out = "MM\0*\0\0\0\x08\0\x02\x01\x0e\0\x02\0\0\0\x0e\0\0\0\x26\x01\x12\0\x03\0\0\0\x01\0"s;
  out += static_cast<char>(orientation);
  out += "\0\0\0\0\0\0"s;
  return out.append(kSecret).append(1, '\0');
}

std::string jpeg_segment(int marker, const std::string& body) {
  const std::size_t length = body.size() + 2;
  return "\xFF"s + static_cast<char>(marker) + static_cast<char>(length >> 8U) + static_cast<char>(length & 0xFFU) +
         body;
}

std::string png_chunk(const std::string& name, const std::string& body) {
  return "\0\0\0"s + static_cast<char>(body.size()) + name + body + "\0\0\0\0"s;
}

std::string webp_chunk(const std::string& name, std::string body) {
  const auto length = static_cast<char>(body.size());
  if (body.size() % 2 != 0) body += '\0';
  return name + length + "\0\0\0"s + body;
}

base::Bytes bare(const base::Bytes& file, Format format) {
  auto source = std::make_shared<base::MemorySource>(file);
  auto pieces = bare_pieces(*source, format);
  EXPECT_TRUE(pieces) << pieces.error().message;
  if (!pieces) return {};
  const base::SplicedSource spliced(source, std::move(*pieces), "bare");
  base::Bytes out(spliced.size());
  EXPECT_TRUE(spliced.read(0, out));
  return out;
}

bool tells(const base::Bytes& file) { return base::as_text(file).find(kSecret) != std::string_view::npos; }

int orientation_of(const base::Bytes& file) {
  const base::MemorySource source(file);
  return testing::opened(source)->page(0).orientation;
}

TEST(BareFile, WithoutAnythingEmbeddedItIsTheFile) {
  for (const Format format : {Format::jpeg, Format::png, Format::webp, Format::gif}) {
    const base::Bytes file = picture(format);
    EXPECT_EQ(bare(file, format), file) << info(format).name;
  }
}

TEST(BareFile, JpegKeepsPixelsProfileAndOrientation) {
  const base::Bytes plain = picture(Format::jpeg);
  base::Bytes file = plain;
  const std::string profile = jpeg_segment(0xE2, "ICC_PROFILE\0\x01\x01 a profile"s);
  insert(file, 2, jpeg_segment(0xED, "Photoshop 3.0\0"s + std::string(kSecret)));
  insert(file, 2, jpeg_segment(0xFE, std::string(kSecret)));
  insert(file, 2, jpeg_segment(0xE2, "MPF\0"s + std::string(kSecret)));
  insert(file, 2, profile);
  insert(file, 2, jpeg_segment(0xE1, "http://ns.adobe.com/xap/1.0/\0"s + std::string(kSecret)));
  insert(file, 2, jpeg_segment(0xE1, "Exif\0\0"s + exif(6)));
  insert(file, file.size(), std::string(kSecret));  // behind the end
  const base::Bytes out = bare(file, Format::jpeg);
  EXPECT_FALSE(tells(out));
  EXPECT_EQ(orientation_of(out), 6);
  EXPECT_NE(base::as_text(out).find(profile), std::string_view::npos);
  // Behind what was put in front everything is the same.
  const base::Bytes tail(plain.begin() + 2, plain.end());
  ASSERT_GT(out.size(), tail.size());
  EXPECT_TRUE(std::equal(tail.begin(), tail.end(), out.end() - std::ssize(tail)));
}

TEST(BareFile, JpegOfTheUsualOrientationNeedsNoExif) {
  const base::Bytes plain = picture(Format::jpeg);
  base::Bytes file = plain;
  insert(file, 2, jpeg_segment(0xE1, "Exif\0\0"s + exif(1)));
  EXPECT_EQ(bare(file, Format::jpeg), plain);
}

TEST(BareFile, JpegThatIsCutOffEndsWhereItEnds) {
  base::Bytes file = picture(Format::jpeg);
  file.resize(file.size() - 20);
  EXPECT_EQ(bare(file, Format::jpeg), file);
  file.resize(30);
  EXPECT_FALSE(bare_pieces(base::MemorySource(file), Format::jpeg));
}

TEST(BareFile, PngKeepsPixelsAndOrientation) {
  const base::Bytes plain = picture(Format::png);
  base::Bytes file = plain;
  insert(file, 33, png_chunk("eXIf", exif(8)));
  insert(file, 33, png_chunk("iTXt", "XML:com.adobe.xmp"s + std::string(kSecret)));
  insert(file, 33, png_chunk("prVt", std::string(kSecret)));
  insert(file, file.size(), std::string(kSecret));
  const base::Bytes out = bare(file, Format::png);
  EXPECT_FALSE(tells(out));
  EXPECT_EQ(orientation_of(out), 8);
  EXPECT_EQ(out.size(), plain.size() + 12 + 26);
}

TEST(BareFile, WebpKeepsPixelsAndOrientation) {
  const base::Bytes plain = picture(Format::webp);
  base::Bytes file = plain;
  insert(file, file.size(), webp_chunk("EXIF", exif(3)));
  insert(file, file.size(), webp_chunk("XMP ", std::string(kSecret)));
  insert(file, 12, webp_chunk("VP8X", "\x0C\0\0\0\x27\0\0\x1D\0\0"s));
  const std::size_t size = file.size() - 8;
  file[4] = static_cast<std::uint8_t>(size);
  file[5] = static_cast<std::uint8_t>(size >> 8U);
  ASSERT_TRUE(tells(file));
  const base::Bytes out = bare(file, Format::webp);
  EXPECT_FALSE(tells(out));
  EXPECT_EQ(orientation_of(out), 3);
  EXPECT_EQ(out[20], 0x08) << "EXIF is announced, XMP is not";
  EXPECT_EQ(out[4] | out[5] << 8U, static_cast<int>(out.size() - 8));
}

TEST(BareFile, GifKeepsItsLoop) {
  const base::Bytes plain = picture(Format::gif);
  base::Bytes file = plain;
  const std::size_t behind_colours = 13 + (std::size_t{3} << ((plain[10] & 7U) + 1));
  const std::string loop = "\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0"s;
  insert(file, behind_colours, "\x21\xFE\x0D"s + std::string(kSecret) + '\0');
  insert(file, behind_colours, "\x21\xFF\x0BXMP DataXMP\x0D"s + std::string(kSecret) + '\0');
  insert(file, behind_colours, loop);
  insert(file, file.size(), std::string(kSecret));
  base::Bytes wanted = plain;
  insert(wanted, behind_colours, loop);
  EXPECT_EQ(bare(file, Format::gif), wanted);
}

TEST(BareFile, OtherFormatsCannot) {
  const auto pieces = bare_pieces(base::MemorySource(picture(Format::tiff)), Format::tiff);
  ASSERT_FALSE(pieces);
  EXPECT_EQ(pieces.error().code, base::ErrorCode::unsupported);
}

TEST(BareFile, NoiseIsNoTrouble) {
  for (const Format format : {Format::jpeg, Format::png, Format::webp, Format::gif}) {
    const base::Bytes whole = picture(format);
    std::uint32_t seed = 7;
    for (int round = 0; round < 300; ++round) {
      base::Bytes file = whole;
      for (int i = 0; i < 8; ++i) {
        seed = seed * 1664525 + 1013904223;
        file[(seed >> 8U) % file.size()] = static_cast<std::uint8_t>(seed);
      }
      file.resize(file.size() - (seed >> 4U) % file.size());
      const auto source = std::make_shared<base::MemorySource>(file);
      auto pieces = bare_pieces(*source, format);
      if (!pieces) continue;
      const base::SplicedSource spliced(source, std::move(*pieces), "bare");
      base::Bytes out(spliced.size());
      EXPECT_TRUE(spliced.read(0, out)) << "every piece lies inside the file";
    }
  }
}

// Reads fail at one place, as on a disk with a bad block.
class BrokenSource final : public base::ByteSource {
 public:
  BrokenSource(base::Bytes bytes, std::uint64_t at) : whole_(std::move(bytes)), at_(at) {}
  std::uint64_t size() const override { return whole_.size(); }
  const base::Version& version() const override { return whole_.version(); }
  base::Result<> read(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    if (offset <= at_ && at_ < offset + out.size()) {
      ++failed;
      return base::fail(base::ErrorCode::io, "The file could not be read.");
    }
    return whole_.read(offset, out);
  }
  mutable int failed = 0;

 private:
  base::MemorySource whole_;
  std::uint64_t at_;
};

TEST(BareFile, WhatCannotBeReadIsNotGivenOut) {
  const std::string text(2000, '.');
  for (const Format format : {Format::jpeg, Format::png, Format::webp, Format::gif}) {
    base::Bytes file = picture(format);
    if (format == Format::jpeg) {
      insert(file, 2, jpeg_segment(0xE2, "ICC_PROFILE\0\x01\x01"s + text));
      insert(file, 2, jpeg_segment(0xE1, "Exif\0\0"s + exif(6) + text));
    }
    insert(file, file.size(), std::string(10'000, '.') + std::string(kSecret));
    int reached = 0;
    for (std::uint64_t at = 0; at < file.size(); at += 13) {
      const BrokenSource source(file, at);
      const auto pieces = bare_pieces(source, format);
      if (source.failed == 0) continue;
      ++reached;
      ASSERT_FALSE(pieces) << info(format).name << " " << at;
      EXPECT_EQ(pieces.error().code, base::ErrorCode::io) << info(format).name << " " << at;
    }
    EXPECT_GT(reached, 0) << info(format).name;
  }
}

}  // namespace
}  // namespace armarium::codec
