#include "image/matrix_transform.h"

#include <cmath>

#include "image/channel_rows.h"

namespace armarium::image {
namespace {

constexpr std::size_t kRun = 1024;

class MatrixTransform final : public ColourTransform {
 public:
  explicit MatrixTransform(MatrixColour colour) : colour_(std::move(colour)) {}
  bool identity() const noexcept override { return false; }
  bool by_profile() const noexcept override { return true; }
  const MatrixColour* matrix() const noexcept override { return &colour_; }
  void apply(const std::uint8_t* in, std::uint8_t* out, std::uint32_t pixels) const noexcept override {
    for (std::size_t done = 0; done < pixels; done += kRun) {
      ChannelRows rows(std::min(kRun, pixels - done));
      rows.load(in + 3 * done);
      best_colour_kernels().matrix(colour_, rows.width(), rows.channel(0), rows.channel(1), rows.channel(2));
      rows.store(out + 3 * done);
    }
  }

 private:
  MatrixColour colour_;
};

std::array<double, 9> inverse(const std::array<double, 9>& m) {
  const auto minor = [&](int a, int b, int c, int d) {
    return m[static_cast<std::size_t>(a)] * m[static_cast<std::size_t>(d)] -
           m[static_cast<std::size_t>(b)] * m[static_cast<std::size_t>(c)];
  };
  const double determinant = m[0] * minor(4, 5, 7, 8) - m[1] * minor(3, 5, 6, 8) + m[2] * minor(3, 4, 6, 7);
  std::array<double, 9> result = {minor(4, 5, 7, 8), minor(2, 1, 8, 7), minor(1, 2, 4, 5),
                                  minor(5, 3, 8, 6), minor(0, 2, 6, 8), minor(2, 0, 5, 3),
                                  minor(3, 4, 6, 7), minor(1, 0, 7, 6), minor(0, 1, 3, 4)};
  for (double& value : result) value /= determinant;
  return result;
}

}  // namespace

MatrixColour matrix_colour(const std::array<std::array<float, 256>, 3>& light, const std::array<double, 9>& colorants) {
  // sRGB's colorants adapted to D50 (IEC 61966-2-1 with the Bradford transform).
  static constexpr std::array<double, 9> kDisplay = {0.4360747, 0.3850649, 0.1430804, 0.2225045, 0.7168786,
                                                     0.0606169, 0.0139322, 0.0971045, 0.7141733};
  const std::array<double, 9> back = inverse(kDisplay);
  MatrixColour colour;
  colour.light = light;
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column) {
      double sum = 0;
      for (std::size_t k = 0; k < 3; ++k) sum += back[3 * row + k] * colorants[3 * k + column];
      colour.matrix[3 * row + column] = static_cast<float>(sum * MatrixColour::kTop);
    }
  }
  colour.encoded.resize(MatrixColour::kTop + 4);
  for (int i = 0; i <= MatrixColour::kTop; ++i) {
    const double value = static_cast<double>(i) / MatrixColour::kTop;
    const double encoded = value <= 0.0031308 ? 12.92 * value : 1.055 * std::pow(value, 1 / 2.4) - 0.055;
    colour.encoded[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(std::lround(255 * encoded));
  }
  return colour;
}

std::shared_ptr<const ColourTransform> matrix_transform(MatrixColour colour) {
  return std::make_shared<MatrixTransform>(std::move(colour));
}

}  // namespace armarium::image
