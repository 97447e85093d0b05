#include "codec/tiff_direct.h"

#include <gtest/gtest.h>

#include "codec/testing.h"
#include "codec/tiff_writer.h"

namespace armarium::codec {
namespace {

using image::Rect;
using testing::gradient;
using testing::Kind;
using testing::opened;
using testing::written;

const base::CancelToken kNever;
const std::vector<Rect> kAreas = {
    {0, 0, 163, 137}, {64, 64, 64, 64}, {128, 128, 35, 9}, {50, 40, 90, 75}, {0, 130, 1, 7}};

// How many directories need no libtiff. `off` sends them through it.
int direct_directories(const Picture& picture, bool off = false) {
  int count = 0;
  for (const TiffDirectory& d : static_cast<const TiffIndex&>(picture.index()).directories) {
    count += d.direct ? 1 : 0;
    if (off) const_cast<TiffDirectory&>(d).direct = false;  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  }
  return count;
}

// What an area of level 0 gives: samples, or the error's code and words.
std::string outcome(const Picture& picture, const base::ByteSource& file, const Rect& area) {
  const auto plan = picture.plan({0, {}, {}, Request::Block{0, area}});
  if (!plan) return "no plan: " + plan.error().message;
  const auto pixels = picture.read_stored(*plan, file, kNever);
  if (!pixels) return std::to_string(static_cast<int>(pixels.error().code)) + pixels.error().message;
  return {pixels->bytes().begin(), pixels->bytes().end()};
}

// Both ways give the same for every area; returns how many directories went the short one.
int compare(const base::ByteSource& file, const std::vector<Rect>& areas, const std::string& what) {
  const auto quick = Picture::open(file, {});
  const auto slow = Picture::open(file, {});
  if (!quick || !slow || (*quick)->index().format != Format::tiff) return 0;
  const int direct = direct_directories(**quick);
  if (direct == 0) return 0;
  direct_directories(**slow, true);
  for (const Rect& area : areas)
    EXPECT_TRUE(outcome(**quick, file, area) == outcome(**slow, file, area)) << what << ' ' << area.x << ',' << area.y;
  return direct;
}

std::string name_of(const Kind& kind, const image::PixelFormat& format) {
  return std::string(kind.mode) + " compression " + std::to_string(kind.compression) + " tile " +
         std::to_string(kind.tile) + " rows " + std::to_string(kind.rows) + " predictor " +
         std::to_string(kind.predictor) + " bits " + std::to_string(format.bits) + " channels " +
         std::to_string(format.channels());
}

TEST(TiffDirect, GivesWhatLibtiffGives) {
  const image::PixelFormat grey16{image::ColourModel::grey, 16, false, false};
  const image::PixelFormat rgb16{image::ColourModel::rgb, 16, false, false};
  for (const image::PixelFormat& format : {image::kGrey8, image::kRgb8, image::kRgba8, grey16, rgb16}) {
    const image::Pixels pixels = gradient({163, 137}, format);
    const std::uint16_t photometric =
        format.model == image::ColourModel::grey ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB;
    for (const char* mode : {"w", "wb", "w8"}) {
      for (const std::uint16_t compression : {COMPRESSION_NONE, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE}) {
        for (const auto& [tile, rows] : {std::pair{64U, 16U}, {0U, 16U}, {0U, 137U}}) {
          for (const std::uint16_t predictor : {0, 1, 2}) {
            Kind kind{mode, compression, tile, rows, false, photometric};
            if (compression == COMPRESSION_NONE && (predictor != 0 || tile == 0)) continue;
            kind.predictor = predictor;
            const base::MemorySource file(written(pixels, kind));
            EXPECT_EQ(compare(file, kAreas, name_of(kind, format)), 1) << name_of(kind, format);
          }
        }
      }
    }
  }
}

TEST(TiffDirect, LeavesTheRestToLibtiff) {
  const image::Pixels pixels = gradient({163, 137}, image::kRgb8);
  for (const std::uint16_t compression : {COMPRESSION_LZW, COMPRESSION_JPEG, COMPRESSION_PACKBITS}) {
    const base::MemorySource file(written(pixels, {"w", compression, 64}));
    EXPECT_EQ(direct_directories(*opened(file)), 0) << compression;
  }
  const base::MemorySource planar(written(pixels, {"w", COMPRESSION_ADOBE_DEFLATE, 64, 16, true}));
  EXPECT_EQ(direct_directories(*opened(planar)), 0);
}

// Some bytes turned, the end cut off at many places: the same pixels, zeros and errors as before.
TEST(TiffDirect, DamageLooksAsItDid) {
  const image::Pixels pixels = gradient({163, 137}, image::kRgb8);
  for (const std::uint32_t tile : {0U, 64U}) {
    Kind kind{"w", COMPRESSION_ADOBE_DEFLATE, tile};
    kind.predictor = 2;
    const base::Bytes good = written(pixels, kind);
    for (std::size_t at = 8; at < good.size(); at += 101) {
      base::Bytes bad = good;
      bad[at] = static_cast<std::uint8_t>(~bad[at]);
      compare(base::MemorySource(bad), {kAreas[0], kAreas[1]}, "byte " + std::to_string(at));
    }
  }
  const base::Bytes raw = written(pixels, {"w", COMPRESSION_NONE, 64});
  for (std::size_t size = raw.size() / 2; size < raw.size(); size += 997)
    compare(base::MemorySource(base::Bytes(raw.begin(), raw.begin() + static_cast<std::ptrdiff_t>(size))), kAreas,
            "cut");
}

TEST(TiffDirect, RealFilesLookAsTheyDid) {
  int direct = 0;
  for (const char* folder : {"images", "malformed"}) {
    for (const std::string& path : testing::data_files(folder)) {
      const base::MemorySource file(testing::data_file(path));
      if (file.size() > (32U << 20) ||
          sniff(file.bytes().first(std::min<std::size_t>(file.size(), kSniffBytes))) != Format::tiff)
        continue;
      const auto picture = Picture::open(file, {});
      if (!picture) continue;
      const image::Size size = (*picture)->page(0).size;
      const Rect middle{size.width / 3, size.height / 3, std::min(200U, size.width - size.width / 3),
                        std::min(200U, size.height - size.height / 3)};
      direct += compare(file, {middle}, path);
    }
  }
  if (direct == 0) GTEST_SKIP() << "no shared test data";
}

}  // namespace
}  // namespace armarium::codec
