// A profile applied to planes: each pixel with the chroma that it shares, chroma of the result the mean again.

#include <algorithm>

#include "image/channel_rows.h"
#include "image/colour_transform.h"
#include "image/planes.h"

namespace armarium::image {
namespace {

constexpr std::uint32_t kRowsBetweenChecks = 32;

// Each chroma sample for all pixels that share it, and the other way round; `count` is of chroma, pixels are as many for each.
template <std::size_t Across>
void spread(const std::uint8_t* chroma, std::size_t count, std::uint8_t* out) {
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < Across; ++k) out[i * Across + k] = chroma[i];
  }
}

template <std::size_t Across>
void sum_up(const std::uint8_t* row, std::size_t count, int* sums) {
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < Across; ++k) sums[i] += row[i * Across + k];
  }
}

class Conversion {
 public:
  Conversion(const ColourTransform& transform, const Planes& source, Planes& result)
      : transform_(transform),
        source_(source),
        result_(result),
        chroma_(source.size().width),
        rows_(source.size().width),
        sums_(3 * std::size_t{source.plane_size(1).width}),
        count_(source.plane_size(1).width) {}

  // The rows that share row v of chroma.
  void run(std::uint32_t v) {
    const Sampling sampling = source_.sampling();
    std::fill(sums_.begin(), sums_.end(), 0);
    shared_ = 0;
    for (std::uint32_t plane = 1; plane < 3; ++plane) {
      const std::uint8_t* row = source_.row(plane, v);
      std::uint8_t* out = chroma_.channel(plane - 1);
      switch (sampling.x) {
        case 1: spread<1>(row, count_, out); break;
        case 2: spread<2>(row, count_, out); break;
        default: spread<4>(row, count_, out); break;
      }
    }
    const std::uint32_t end = std::min<std::uint32_t>((v + 1) * sampling.y, source_.size().height);
    for (std::uint32_t y = v * sampling.y; y < end; ++y) {
      // Rows of planes are padded as the loops want it.
      kernels_.to_rgb(source_.row(0, y), chroma_.channel(0), chroma_.channel(1), rows_.width(), rows_.channel(0),
                      rows_.channel(1), rows_.channel(2));
      convert();
      kernels_.to_luma(rows_.channel(0), rows_.channel(1), rows_.channel(2), rows_.width(), result_.row(0, y));
      add_up();
    }
    write_chroma(v);
  }

 private:
  void convert() {
    if (const MatrixColour* matrix = transform_.matrix())
      return kernels_.matrix(*matrix, rows_.width(), rows_.channel(0), rows_.channel(1), rows_.channel(2));
    line_.resize(3 * rows_.width());
    rows_.store(line_.data());
    transform_.apply(line_.data(), line_.data(), static_cast<std::uint32_t>(rows_.width()));
    rows_.load(line_.data());
  }

  void add_up() {
    const std::size_t across = source_.sampling().x;
    for (std::size_t c = 0; c < 3; ++c) {
      std::uint8_t* row = rows_.channel(c);
      int* sums = sums_.data() + c * count_;
      // What the last chroma sample stands for beyond the edge is the edge again: rows are padded.
      for (std::size_t x = rows_.width(); x < count_ * across; ++x) row[x] = row[rows_.width() - 1];
      switch (across) {
        case 1: sum_up<1>(row, count_, sums); break;
        case 2: sum_up<2>(row, count_, sums); break;
        default: sum_up<4>(row, count_, sums); break;
      }
    }
    shared_ += static_cast<int>(across);
  }

  void write_chroma(std::uint32_t v) {
    const int scale = (1 << 16) / shared_;
    const int* r = sums_.data();
    const int* g = r + count_;
    const int* b = g + count_;
    std::uint8_t* blue = result_.row(1, v);
    std::uint8_t* red = result_.row(2, v);
    const auto mean = [scale](int sum) { return (sum * scale + (1 << 11)) >> 12; };  // times 16
    const auto code = [](int value) {
      return static_cast<std::uint8_t>(std::clamp((value + (128 << 20) + (1 << 19) - 1) >> 20, 0, 255));
    };
    for (std::size_t i = 0; i < count_; ++i) {
      blue[i] = code(-11059 * mean(r[i]) - 21709 * mean(g[i]) + 32768 * mean(b[i]));
      red[i] = code(32768 * mean(r[i]) - 27439 * mean(g[i]) - 5329 * mean(b[i]));
    }
  }

  const ColourTransform& transform_;
  const Planes& source_;
  Planes& result_;
  const ColourKernels& kernels_ = best_colour_kernels();
  ChannelRows chroma_;
  ChannelRows rows_;
  std::vector<std::uint8_t> line_;
  std::vector<int> sums_;
  std::size_t count_;
  int shared_ = 0;  // pixels in each sum
};

}  // namespace

base::Result<Planes> to_display(Planes source, base::ByteView icc, const base::CancelToken& cancel) {
  const auto transform = transform_for(kRgb8, icc);
  if (transform->identity()) return source;
  auto result = Planes::allocate(source.size(), source.sampling());
  if (!result) return result;
  Conversion conversion(*transform, source, *result);
  for (std::uint32_t v = 0; v < source.plane_size(1).height; ++v) {
    if (v % kRowsBetweenChecks == 0) {
      if (auto go_on = cancel.check(); !go_on) return base::fail(std::move(go_on.error()));
    }
    conversion.run(v);
  }
  return result;
}

}  // namespace armarium::image
