#include "codec/jpeg_cut.h"

#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>
#include <jpeglib.h>

#include "codec/jpeg_stream.h"
#include "codec/testing.h"

namespace armarium::codec {
namespace {

using image::Size;
using testing::gradient;

struct Kind {
  int components = 3;
  int across = 2;
  int down = 2;
  bool optimized = false;
  bool progressive = false;
  int restart = 0;
};

base::Bytes jpeg(Size size, const Kind& kind) {
  const image::Pixels pixels = gradient(size, kind.components == 3 ? image::kRgb8 : image::kGrey8);
  jpeg_error_mgr errors;
  jpeg_compress_struct cinfo{};
  cinfo.err = jpeg_std_error(&errors);
  jpeg_create_compress(&cinfo);
  unsigned char* out = nullptr;
  unsigned long length = 0;
  jpeg_mem_dest(&cinfo, &out, &length);
  cinfo.image_width = size.width;
  cinfo.image_height = size.height;
  cinfo.input_components = kind.components;
  cinfo.in_color_space = kind.components == 3 ? JCS_RGB : JCS_GRAYSCALE;
  jpeg_set_defaults(&cinfo);
  jpeg_set_quality(&cinfo, 90, TRUE);
  cinfo.comp_info[0].h_samp_factor = kind.across;
  cinfo.comp_info[0].v_samp_factor = kind.down;
  cinfo.optimize_coding = kind.optimized ? TRUE : FALSE;
  cinfo.restart_interval = static_cast<unsigned>(kind.restart);
  if (kind.progressive) jpeg_simple_progression(&cinfo);
  jpeg_start_compress(&cinfo, TRUE);
  while (cinfo.next_scanline < cinfo.image_height) {
    auto* row = const_cast<JSAMPROW>(pixels.row(cinfo.next_scanline));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    jpeg_write_scanlines(&cinfo, &row, 1);
  }
  jpeg_finish_compress(&cinfo);
  jpeg_destroy_compress(&cinfo);
  base::Bytes result(out, out + length);
  std::free(out);  // NOLINT(cppcoreguidelines-no-malloc): libjpeg's allocation
  return result;
}

// Its samples; empty when it cannot be read.
std::vector<std::uint8_t> samples(const base::Bytes& stream) {
  const base::MemorySource file(stream);
  const auto picture = Picture::open(file, {});
  if (!picture) return {};
  const auto pixels = testing::read_all(**picture, file).pixels;
  return {pixels.bytes().begin(), pixels.bytes().end()};
}

TEST(JpegCut, GivesTheCoefficientsThatLibjpegGives) {
  const Size full{157, 115};
  for (const Kind& kind : {Kind{}, Kind{3, 1, 1}, Kind{3, 2, 1}, Kind{3, 1, 2}, Kind{3, 4, 1}, Kind{1, 1, 1},
                           Kind{1, 2, 2}, Kind{3, 2, 2, true}, Kind{3, 1, 1, true}}) {
    const base::Bytes stream = jpeg(full, kind);
    int cut_here = 0;
    for (const Size wanted :
         {Size{1, 1}, {8, 8}, {16, 115}, {17, 115}, {100, 100}, {156, 115}, {157, 115}, {157, 9}, {33, 114}}) {
      SCOPED_TRACE(::testing::Message() << kind.components << " " << kind.across << "x" << kind.down << " "
                                        << kind.optimized << ": " << wanted.width << "x" << wanted.height);
      const auto cut = cut_jpeg(stream, wanted);
      cut_here += cut ? 1 : 0;
      ASSERT_TRUE(cut || kind.optimized);
      const auto slow = crop_jpeg_coefficients(stream, wanted);
      ASSERT_TRUE(slow);
      EXPECT_EQ(samples(*crop_jpeg(stream, wanted)), samples(*slow));
      EXPECT_TRUE(!cut || samples(*cut) == samples(*slow));
    }
    EXPECT_GT(cut_here, 0);
    EXPECT_FALSE(cut_jpeg(stream, {158, 10}));
    EXPECT_FALSE(cut_jpeg(stream, {0, 10}));
  }
}

TEST(JpegCut, LeavesTheRestToLibjpeg) {
  EXPECT_FALSE(cut_jpeg(jpeg({157, 115}, {.progressive = true}), {50, 50}));
  EXPECT_FALSE(cut_jpeg(jpeg({157, 115}, {.restart = 3}), {50, 50}));
}

// Broken streams end here or give something that is no worse to read.
TEST(JpegCut, LivesThroughDamage) {
  const base::Bytes good = jpeg({90, 70}, {});
  for (std::size_t size = 0; size + 20 < good.size(); size += 7)
    EXPECT_FALSE(cut_jpeg(base::Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)), {90, 70}));
  for (std::size_t at = 2; at < good.size(); ++at) {
    for (const int value : {0x00, 0xFF, good[at] ^ 0x10}) {
      base::Bytes bad = good;
      bad[at] = static_cast<std::uint8_t>(value);
      const auto cut = cut_jpeg(bad, {41, 37});
      EXPECT_LT(cut ? cut->size() : 0, 4 * good.size());
    }
  }
}

}  // namespace
}  // namespace armarium::codec
