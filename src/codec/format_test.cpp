#include "codec/format.h"

#include <gtest/gtest.h>

#include "codec/registry.h"

namespace armarium::codec {
namespace {

using namespace std::string_view_literals;

Format sniffed(std::string_view head) { return sniff(base::as_bytes(head)); }

TEST(Format, TableRowsStandAtTheirOwnPlace) {
  for (int i = 0; i <= static_cast<int>(Format::other); ++i) {
    const auto format = static_cast<Format>(i);
    EXPECT_EQ(info(format).format, format);
    EXPECT_EQ(by_name(info(format).name), format);
  }
  EXPECT_EQ(by_extension("jpg"), Format::jpeg);
  EXPECT_EQ(by_extension("tif"), Format::tiff);
  EXPECT_EQ(by_extension("jpeg"), std::nullopt);
  EXPECT_EQ(by_extension(""), std::nullopt);
}

TEST(Format, IsToldByContent) {
  EXPECT_EQ(sniffed("\xFF\xD8\xFF\xE0"), Format::jpeg);
  EXPECT_EQ(sniffed("II*\0\x08\0\0\0"sv), Format::tiff);
  EXPECT_EQ(sniffed("MM\0+\0\x08"sv), Format::tiff);
  EXPECT_EQ(sniffed("\0\0\0\x0CjP  \r\n\x87\n\0\0\0\x14"sv), Format::jp2);
  EXPECT_EQ(sniffed("\xFF\x4F\xFF\x51\0\x2F"sv), Format::jp2);
  EXPECT_EQ(sniffed("\x89PNG\r\n\x1A\n"), Format::png);
  EXPECT_EQ(sniffed("RIFF\x10\0\0\0WEBPVP8 "sv), Format::webp);
  EXPECT_EQ(sniffed("RIFF\x10\0\0\0WAVEfmt "sv), Format::unknown);
  EXPECT_EQ(sniffed("GIF89a"), Format::gif);
  EXPECT_EQ(sniffed("\0\0\0\x1C"
                    "ftypmif1\0\0\0\0mif1avifmiaf"sv),
            Format::avif);
  EXPECT_EQ(sniffed("\0\0\0\x18"
                    "ftypheic\0\0\0\0mif1heic"sv),
            Format::heic);
  EXPECT_EQ(sniffed("\0\0\0\x18"
                    "ftypisom\0\0\0\0mp41mp42"sv),
            Format::unknown);
  EXPECT_EQ(sniffed("\xFF\x0A\0\0"sv), Format::jxl);
  EXPECT_EQ(sniffed("\0\0\0\x0CJXL \r\n\x87\n"sv), Format::jxl);
  EXPECT_EQ(sniffed("%PDF-1.7\n"), Format::pdf);
  std::string late(1000, 'x');
  late += "%PDF-1.4";
  EXPECT_EQ(sniffed(late), Format::pdf);
  EXPECT_EQ(sniffed("BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"sv), Format::bmp);
  EXPECT_EQ(sniffed("SIMPLE  =                    T"), Format::fits);
  EXPECT_EQ(sniffed("\x76\x2F\x31\x01\x02"), Format::openexr);
  EXPECT_EQ(sniffed("#?RADIANCE\n"), Format::hdr);
  EXPECT_EQ(sniffed("P6\n640 480\n255\n"), Format::pnm);
}

TEST(Format, SvgIsTheFirstElementNotTheFirstBytes) {
  EXPECT_EQ(sniffed("<svg xmlns='http://www.w3.org/2000/svg'/>"), Format::svg);
  EXPECT_EQ(sniffed("\xEF\xBB\xBF<?xml version='1.0'?>\n<!-- <html> -->\n<!DOCTYPE svg PUBLIC 'x' 'y'>\n<svg:svg>"),
            Format::svg);
  EXPECT_EQ(sniffed("<html><svg></svg></html>"), Format::unknown);
  EXPECT_EQ(sniffed("<!-- svg"), Format::unknown);
}

TEST(Format, NothingIsUnknown) {
  EXPECT_EQ(sniffed(""), Format::unknown);
  EXPECT_EQ(sniffed("\xFF"), Format::unknown);
  EXPECT_EQ(sniffed("BMW is a car and no bitmap"), Format::unknown);
  EXPECT_EQ(sniffed("Plain text"), Format::unknown);
}

TEST(Registry, KnowsItsOwnFormats) {
  EXPECT_NE(decoder_for(Format::jpeg), nullptr);
  EXPECT_NE(encoder_for(Format::png), nullptr);
  EXPECT_EQ(decoder_for(Format::unknown), nullptr);
  EXPECT_EQ(encoder_for(Format::svg), nullptr);
}

}  // namespace
}  // namespace armarium::codec
