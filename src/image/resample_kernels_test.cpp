#include "image/resample_kernels.h"

#include <random>

#include <gtest/gtest.h>

#include "image/mosaic.h"
#include "image/operations.h"
#include "image/test_pixels.h"

namespace armarium::image {
namespace {

std::vector<const ResampleKernels*> vector_kernels() {
  std::vector<const ResampleKernels*> all;
  for (const ResampleKernels* kernels : {avx2_kernels(), neon_kernels()}) {
    if (kernels != nullptr) all.push_back(kernels);
  }
  return all;
}

// Hard pictures: only the ends of the range, where sums are largest.
std::vector<std::uint8_t> noise(std::size_t count, bool hard) {
  static std::mt19937 random(7);
  std::vector<std::uint8_t> samples(count);
  for (std::uint8_t& sample : samples)
    sample = static_cast<std::uint8_t>(hard ? (random() % 2 == 0 ? 0 : 255) : random() % 256);
  return samples;
}

TEST(ResampleKernels, ThisMachineIsNotServedByThePlainOnes) {
#if defined(__aarch64__)
  EXPECT_STREQ(best_kernels().name, "neon");
#elif defined(__x86_64__)
  EXPECT_STREQ(best_kernels().name, __builtin_cpu_supports("avx2") != 0 ? "avx2" : "plain");
#endif
}

TEST(ResampleKernels, AllGiveTheSameToTheBit) {
  struct Shape {
    double start, length;
    std::uint32_t source, target;
  };
  const Shape shapes[] = {{0, 512, 512, 256},   {3.25, 400, 411, 133}, {0, 7, 7, 29},
                          {0.5, 1000, 1001, 9}, {0, 1, 1, 5},          {10, 31, 64, 17},
                          {0, 97, 97, 96},      {-2, 40, 33, 8},       {5, 300, 640, 257}};
  for (const Shape& shape : shapes) {
    for (const Kernel kernel : {Kernel::lanczos3, Kernel::box}) {
      for (const bool hard : {false, true}) {
        const ResampleFilter filter(shape.start, shape.length, shape.source, shape.target, kernel);
        // The filter's weights as those of rows, then of columns.
        for (const std::size_t samples : {1U, 15U, 16U, 31U, 32U, 33U, 95U, 640U}) {
          const auto bytes = noise(samples * shape.source, hard);
          const ResampleFilter::Taps taps = filter.at(shape.target / 2);
          std::vector<const std::uint8_t*> rows;
          for (std::uint32_t k = 0; k < taps.count; ++k) rows.push_back(bytes.data() + (taps.first + k) * samples);
          std::vector<std::int16_t> expected(samples), got(samples);
          plain_kernels().rows(rows.data(), taps.weights, taps.count, samples, expected.data());
          for (const ResampleKernels* kernels : vector_kernels()) {
            kernels->rows(rows.data(), taps.weights, taps.count, samples, got.data());
            EXPECT_EQ(got, expected) << kernels->name << " " << samples << " " << shape.length;
          }
        }
        std::vector<std::int16_t> row;
        for (const std::uint8_t sample : noise(filter.end() - filter.begin(), hard))
          row.push_back(static_cast<std::int16_t>(sample * 64));
        row.resize(row.size() + filter.stride(), 12345);
        std::vector<std::uint8_t> expected(filter.size()), got(filter.size());
        plain_kernels().columns(row.data(), filter, expected.data());
        for (const ResampleKernels* kernels : vector_kernels()) {
          kernels->columns(row.data(), filter, got.data());
          EXPECT_EQ(got, expected) << kernels->name << " " << shape.length << " to " << shape.target;
        }
      }
    }
  }
}

TEST(ResampleKernels, ChannelsApartAndTogetherAgain) {
  for (const std::size_t count : {1U, 7U, 8U, 9U, 16U, 250U}) {
    std::vector<std::int16_t> in;
    for (const std::uint8_t sample : noise(3 * count, false)) in.push_back(static_cast<std::int16_t>(sample * 64 - 77));
    const auto bytes = noise(3 * count, false);
    std::vector<const ResampleKernels*> all = vector_kernels();
    all.push_back(&plain_kernels());
    for (const ResampleKernels* kernels : all) {
      std::vector<std::int16_t> parts[3] = {std::vector<std::int16_t>(count), std::vector<std::int16_t>(count),
                                            std::vector<std::int16_t>(count)};
      kernels->split(in.data(), count, parts[0].data(), parts[1].data(), parts[2].data());
      std::vector<std::uint8_t> joined(3 * count);
      kernels->join(bytes.data(), bytes.data() + count, bytes.data() + 2 * count, count, joined.data());
      for (std::size_t i = 0; i < 3 * count; ++i) {
        ASSERT_EQ(parts[i % 3][i / 3], in[i]) << kernels->name << " " << i << " of " << count;
        ASSERT_EQ(joined[i], bytes[i % 3 * count + i / 3]) << kernels->name << " " << i << " of " << count;
      }
    }
  }
}

// A picture cut into the pieces of an uneven grid is scaled as if it were whole.
TEST(Mosaic, PiecesAreThePicture) {
  const base::CancelToken never;
  for (const PixelFormat format : {kGrey8, kRgb8}) {
    const std::uint32_t channels = format.channels();
    const Pixels whole = testing::make({201, 130}, format,
                                       [](auto x, auto y, auto c) { return (x * 7919 + y * 104729 + c * 31) % 251; });
    const std::vector<std::uint32_t> columns{0, 64, 65, 192, 201};
    const std::vector<std::uint32_t> rows{0, 1, 50, 100, 130};
    std::vector<Pixels> parts;
    std::vector<Mosaic::Piece> pieces;
    for (std::size_t y = 0; y + 1 < rows.size(); ++y) {
      for (std::size_t x = 0; x + 1 < columns.size(); ++x) {
        parts.push_back(*crop(whole, {columns[x], rows[y], columns[x + 1] - columns[x], rows[y + 1] - rows[y]}));
        pieces.push_back({parts.back().row(0), parts.back().stride()});
      }
    }
    const Mosaic mosaic(columns, rows, channels, pieces);
    const std::pair<RectF, Size> cases[] = {{{0, 0, 201, 130}, {77, 50}},
                                            {{60.5, 20, 80, 100}, {40, 50}},
                                            {{10, 40, 100, 80}, {100, 80}},
                                            {{190, 90, 11, 40}, {33, 90}}};
    for (const auto& [window, target] : cases) {
      const Pixels expected = *resample(whole, window, target, never);
      Pixels got = *Pixels::allocate(target, format);
      ASSERT_TRUE(resample_mosaic(mosaic, window, target, Kernel::lanczos3, {got.row(0), got.stride()}, never));
      EXPECT_TRUE(std::equal(got.bytes().begin(), got.bytes().end(), expected.bytes().begin())) << target.width;
    }
  }
}

TEST(Mosaic, ABoxIsTheMeanOfWhatItCovers) {
  const Pixels source = testing::make({60, 40}, kGrey8, [](auto x, auto y, auto) { return (x * 37 + y * 11) % 256; });
  Pixels got = *Pixels::allocate({15, 10}, kGrey8);
  const Mosaic mosaic(source.size(), 1, {source.row(0), source.stride()});
  ASSERT_TRUE(resample_mosaic(mosaic, {0, 0, 60, 40}, {15, 10}, Kernel::box, {got.row(0), got.stride()}, {}));
  for (std::uint32_t y = 0; y < 10; ++y) {
    for (std::uint32_t x = 0; x < 15; ++x) {
      int sum = 0;
      for (std::uint32_t j = 0; j < 16; ++j) sum += testing::at(source, 4 * x + j % 4, 4 * y + j / 4);
      ASSERT_NEAR(testing::at(got, x, y), sum / 16.0, 0.51) << x << ',' << y;
    }
  }
}

}  // namespace
}  // namespace armarium::image
