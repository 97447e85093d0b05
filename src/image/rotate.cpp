#include <algorithm>
#include <cmath>
#include <numbers>

#include "image/operations.h"
#include "image/turn.h"

namespace armarium::image {
namespace {

constexpr std::uint32_t kRowsBetweenChecks = 64;

bool is_quarter_turn(double degrees) noexcept { return std::fmod(degrees, 90.0) == 0.0; }

// Bilinear sampling of the turned picture over nothing: colours weighted by alpha, what lies outside counts as transparent.
class Sampler {
 public:
  explicit Sampler(const Pixels& source)
      : source_(source),
        channels_(source.format().channels()),
        colours_(source.format().alpha ? channels_ - 1 : channels_) {}

  // Adds up to four pixels around (x, y), given between pixel centres. `sums` gets the colours times coverage, the result is the coverage.
  float sample(double x, double y, float* sums) const {
    const auto left = static_cast<std::int64_t>(std::floor(x));
    const auto top = static_cast<std::int64_t>(std::floor(y));
    const auto right_part = static_cast<float>(x - static_cast<double>(left));
    const auto lower_part = static_cast<float>(y - static_cast<double>(top));
    std::fill(sums, sums + colours_, 0.0F);
    float coverage = 0;
    coverage += add(left, top, (1 - right_part) * (1 - lower_part), sums);
    coverage += add(left + 1, top, right_part * (1 - lower_part), sums);
    coverage += add(left, top + 1, (1 - right_part) * lower_part, sums);
    coverage += add(left + 1, top + 1, right_part * lower_part, sums);
    return coverage;
  }
  std::uint32_t colours() const noexcept { return colours_; }

 private:
  float add(std::int64_t x, std::int64_t y, float weight, float* sums) const {
    if (x < 0 || y < 0 || x >= source_.width() || y >= source_.height()) return 0;
    const std::uint8_t* pixel = source_.row(static_cast<std::uint32_t>(y)) + static_cast<std::size_t>(x) * channels_;
    if (source_.format().alpha) weight *= static_cast<float>(pixel[colours_]) / 255.0F;
    for (std::uint32_t c = 0; c < colours_; ++c) sums[c] += weight * static_cast<float>(pixel[c]);
    return weight;
  }

  const Pixels& source_;
  std::uint32_t channels_;
  std::uint32_t colours_;
};

std::uint8_t to_byte(float value) noexcept { return static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F)); }

void write_pixel(std::uint8_t* out, const float* sums, float coverage, std::uint32_t colours, bool alpha,
                 std::uint8_t fill) {
  if (!alpha) {
    for (std::uint32_t c = 0; c < colours; ++c) out[c] = to_byte(sums[c] + (1 - coverage) * static_cast<float>(fill));
    return;
  }
  const float scale = coverage > 0 ? 1 / coverage : 0;
  for (std::uint32_t c = 0; c < colours; ++c) out[c] = to_byte(sums[c] * scale);
  out[colours] = to_byte(coverage * 255.0F);
}

base::Result<Pixels> rotate_freely(const Pixels& source, double degrees, bool transparent, std::uint8_t fill,
                                   const base::CancelToken& cancel) {
  PixelFormat format = source.format();
  format.alpha = transparent;
  auto result = Pixels::allocate(rotated_size(source.size(), degrees), format);
  if (!result) return result;
  const double angle = degrees * std::numbers::pi / 180.0;
  const double cosine = std::cos(angle);
  const double sine = std::sin(angle);
  const Sampler sampler(source);
  const std::uint32_t step = format.channels();
  float sums[4];
  for (std::uint32_t y = 0; y < result->height(); ++y) {
    if (y % kRowsBetweenChecks == 0) {
      if (auto go_on = cancel.check(); !go_on) return base::fail(std::move(go_on.error()));
    }
    std::uint8_t* out = result->row(y);
    const double down = y + 0.5 - result->height() / 2.0;
    for (std::uint32_t x = 0; x < result->width(); ++x, out += step) {
      const double along = x + 0.5 - result->width() / 2.0;
      const double u = along * cosine + down * sine + source.width() / 2.0 - 0.5;
      const double v = down * cosine - along * sine + source.height() / 2.0 - 0.5;
      const float coverage = sampler.sample(u, v, sums);
      write_pixel(out, sums, coverage, sampler.colours(), transparent, fill);
    }
  }
  return result;
}

}  // namespace

Size rotated_size(Size size, double degrees) noexcept {
  if (is_quarter_turn(degrees)) {
    return std::fmod(degrees, 180.0) == 0.0 ? size : Size{size.height, size.width};
  }
  const double angle = degrees * std::numbers::pi / 180.0;
  const double cosine = std::abs(std::cos(angle));
  const double sine = std::abs(std::sin(angle));
  // The small subtraction keeps a whole number whole.
  auto up = [](double length) {
    return static_cast<std::uint32_t>(std::clamp(std::ceil(length - 1e-6), 1.0, 4294967295.0));
  };
  return {up(size.width * cosine + size.height * sine), up(size.width * sine + size.height * cosine)};
}

base::Result<Pixels> rotate(const Pixels& source, double degrees, bool transparent, std::uint8_t fill,
                            const base::CancelToken& cancel) {
  if (!is_quarter_turn(degrees)) return rotate_freely(source, degrees, transparent, fill, cancel);
  switch (static_cast<int>(degrees / 90.0) % 4) {
    case 1: return turn(source, {.transpose = true, .flip_y = true});
    case 2: return turn(source, {.flip_x = true, .flip_y = true});
    case 3: return turn(source, {.transpose = true, .flip_x = true});
    default: return source.copy();
  }
}

}  // namespace armarium::image
