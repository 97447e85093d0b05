#include "codec/palette.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace armarium::codec {
namespace {

using Colour = std::array<std::uint8_t, 3>;

constexpr int kBits = 5;  // of a channel in the histogram
constexpr std::size_t kBins = std::size_t{1} << (3 * kBits);

std::size_t bin_of(int red, int green, int blue) {
  return static_cast<std::size_t>(red >> (8 - kBits)) << (2 * kBits) |
         static_cast<std::size_t>(green >> (8 - kBits)) << kBits | static_cast<std::size_t>(blue >> (8 - kBits));
}

// The pixels as colours, whatever their format.
class Reader {
 public:
  explicit Reader(const image::Pixels& pixels)
      : pixels_(pixels),
        channels_(pixels.format().channels()),
        grey_(pixels.format().model == image::ColourModel::grey) {}

  Colour colour(std::uint32_t x, std::uint32_t y) const {
    const std::uint8_t* at = pixels_.row(y) + std::size_t{x} * channels_;
    return grey_ ? Colour{at[0], at[0], at[0]} : Colour{at[0], at[1], at[2]};
  }
  bool clear(std::uint32_t x, std::uint32_t y) const {
    return pixels_.format().alpha && pixels_.row(y)[std::size_t{x} * channels_ + channels_ - 1] < 128;
  }

 private:
  const image::Pixels& pixels_;
  std::uint32_t channels_;
  bool grey_;
};

struct Bin {
  std::array<std::uint64_t, 3> sums{};
  std::uint64_t count = 0;
};

// Some bins, to be split at their median along their longest side.
struct Box {
  std::vector<std::uint32_t> bins;
  int axis = 0;
  double weight = 0;  // population times the length of the longest side
};

int coordinate(std::uint32_t bin, int axis) {
  return static_cast<int>(bin >> (kBits * (2 - axis)) & ((1U << kBits) - 1));
}

void measure(Box& box, const std::vector<Bin>& histogram) {
  std::uint64_t count = 0;
  for (const std::uint32_t bin : box.bins) count += histogram[bin].count;
  int longest = -1;
  for (int axis = 0; axis < 3; ++axis) {
    const auto [low, high] = std::minmax_element(
        box.bins.begin(), box.bins.end(), [axis](auto a, auto b) { return coordinate(a, axis) < coordinate(b, axis); });
    const int length = coordinate(*high, axis) - coordinate(*low, axis);
    if (length > longest) {
      longest = length;
      box.axis = axis;
    }
  }
  box.weight = box.bins.size() < 2 ? 0 : std::sqrt(static_cast<double>(count)) * (longest + 1);
}

Box split(Box& box, const std::vector<Bin>& histogram) {
  const int axis = box.axis;
  std::sort(box.bins.begin(), box.bins.end(),
            [axis](auto a, auto b) { return std::pair(coordinate(a, axis), a) < std::pair(coordinate(b, axis), b); });
  std::uint64_t total = 0;
  for (const std::uint32_t bin : box.bins) total += histogram[bin].count;
  std::uint64_t below = 0;
  std::size_t at = 0;
  while (at + 1 < box.bins.size() && (at == 0 || below + histogram[box.bins[at]].count <= total / 2))
    below += histogram[box.bins[at++]].count;
  Box upper;
  upper.bins.assign(box.bins.begin() + static_cast<std::ptrdiff_t>(at), box.bins.end());
  box.bins.resize(at);
  measure(box, histogram);
  measure(upper, histogram);
  return upper;
}

std::vector<Colour> median_cut(const Reader& reader, image::Size size, std::size_t wanted) {
  std::vector<Bin> histogram(kBins);
  for (std::uint32_t y = 0; y < size.height; ++y) {
    for (std::uint32_t x = 0; x < size.width; ++x) {
      if (reader.clear(x, y)) continue;
      const Colour colour = reader.colour(x, y);
      Bin& bin = histogram[bin_of(colour[0], colour[1], colour[2])];
      for (std::size_t c = 0; c < 3; ++c) bin.sums[c] += colour[c];
      ++bin.count;
    }
  }
  std::vector<Box> boxes(1);
  for (std::uint32_t bin = 0; bin < kBins; ++bin) {
    if (histogram[bin].count != 0) boxes[0].bins.push_back(bin);
  }
  measure(boxes[0], histogram);
  while (boxes.size() < wanted) {
    const auto heaviest =
        std::max_element(boxes.begin(), boxes.end(), [](const Box& a, const Box& b) { return a.weight < b.weight; });
    if (heaviest->weight <= 0) break;
    Box upper = split(*heaviest, histogram);
    boxes.push_back(std::move(upper));
  }
  std::vector<Colour> colours;
  for (const Box& box : boxes) {
    Bin all;
    for (const std::uint32_t bin : box.bins) {
      for (std::size_t c = 0; c < 3; ++c) all.sums[c] += histogram[bin].sums[c];
      all.count += histogram[bin].count;
    }
    Colour colour;
    for (std::size_t c = 0; c < 3; ++c)
      colour[c] = static_cast<std::uint8_t>((all.sums[c] + all.count / 2) / all.count);
    colours.push_back(colour);
  }
  return colours;
}

// The palette's entry nearest to a colour, remembered for each bin.
class Nearest {
 public:
  explicit Nearest(const std::vector<Colour>& colours) : colours_(colours), known_(kBins, -1) {}

  std::uint8_t operator()(int red, int green, int blue) {
    std::int16_t& entry = known_[bin_of(red, green, blue)];
    if (entry >= 0) return static_cast<std::uint8_t>(entry);
    int best = std::numeric_limits<int>::max();
    for (std::size_t i = 0; i < colours_.size(); ++i) {
      const int r = colours_[i][0] - red;
      const int g = colours_[i][1] - green;
      const int b = colours_[i][2] - blue;
      const int distance = 3 * r * r + 6 * g * g + b * b;  // as the eye weighs them
      if (distance >= best) continue;
      best = distance;
      entry = static_cast<std::int16_t>(i);
    }
    return static_cast<std::uint8_t>(entry);
  }

 private:
  const std::vector<Colour>& colours_;
  std::vector<std::int16_t> known_;
};

// Floyd and Steinberg's error diffusion.
base::Result<> diffuse(const Reader& reader, image::Size size, Paletted& out, const base::CancelToken& cancel) {
  Nearest nearest(out.colours);
  std::vector<std::array<int, 3>> here(size.width + 2);
  std::vector<std::array<int, 3>> below(size.width + 2);
  for (std::uint32_t y = 0; y < size.height; ++y) {
    if (auto go = cancel.check(); y % 64 == 0 && !go) return go;
    std::swap(here, below);
    std::fill(below.begin(), below.end(), std::array<int, 3>{});
    for (std::uint32_t x = 0; x < size.width; ++x) {
      if (reader.clear(x, y)) {
        out.indices.push_back(static_cast<std::uint8_t>(out.transparent));
        continue;
      }
      const Colour colour = reader.colour(x, y);
      std::array<int, 3> wanted{};
      for (std::size_t c = 0; c < 3; ++c) wanted[c] = std::clamp(colour[c] + here[x + 1][c] / 16, 0, 255);
      const std::uint8_t entry = nearest(wanted[0], wanted[1], wanted[2]);
      out.indices.push_back(entry);
      for (std::size_t c = 0; c < 3; ++c) {
        const int error = wanted[c] - out.colours[entry][c];
        here[x + 2][c] += error * 7;
        below[x][c] += error * 3;
        below[x + 1][c] += error * 5;
        below[x + 2][c] += error;
      }
    }
  }
  return {};
}

// All colours when there are no more than `most` of them, with the indices.
bool exact(const Reader& reader, image::Size size, std::size_t most, Paletted& out) {
  std::unordered_map<std::uint32_t, std::uint8_t> entries;
  for (std::uint32_t y = 0; y < size.height; ++y) {
    for (std::uint32_t x = 0; x < size.width; ++x) {
      if (reader.clear(x, y)) {
        out.indices.push_back(static_cast<std::uint8_t>(out.transparent));
        continue;
      }
      const Colour colour = reader.colour(x, y);
      const std::uint32_t key = std::uint32_t{colour[0]} << 16 | std::uint32_t{colour[1]} << 8 | colour[2];
      auto found = entries.find(key);
      if (found == entries.end()) {
        if (out.colours.size() == most) return false;
        found = entries.emplace(key, static_cast<std::uint8_t>(out.colours.size())).first;
        out.colours.push_back(colour);
      }
      out.indices.push_back(found->second);
    }
  }
  return true;
}

bool any_clear(const Reader& reader, image::Size size) {
  for (std::uint32_t y = 0; y < size.height; ++y) {
    for (std::uint32_t x = 0; x < size.width; ++x) {
      if (reader.clear(x, y)) return true;
    }
  }
  return false;
}

}  // namespace

base::Result<Paletted> to_palette(const image::Pixels& pixels, const base::CancelToken& cancel) {
  const Reader reader(pixels);
  const image::Size size = pixels.size();
  // Where something is transparent, the last of the 256 entries is kept for it.
  const bool clear = any_clear(reader, size);
  const std::size_t most = clear ? 255 : 256;
  Paletted out;
  if (clear) out.transparent = 255;
  out.indices.reserve(size.area());
  if (!exact(reader, size, most, out)) {
    out.indices.clear();
    out.colours = median_cut(reader, size, most);
    if (auto done = diffuse(reader, size, out, cancel); !done) return base::fail(std::move(done.error()));
  }
  if (auto go = cancel.check(); !go) return base::fail(std::move(go.error()));
  return out;
}

}  // namespace armarium::codec
