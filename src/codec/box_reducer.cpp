#include "codec/box_reducer.h"

#include <algorithm>

#include "codec/decoder.h"

namespace armarium::codec {

image::Rect BoxReducer::source_of(const image::Rect& area, image::Size full, std::uint32_t factor) noexcept {
  const std::uint32_t x = area.x * factor;
  const std::uint32_t y = area.y * factor;
  return {x, y, static_cast<std::uint32_t>(std::min<std::uint64_t>(area.right() * factor, full.width) - x),
          static_cast<std::uint32_t>(std::min<std::uint64_t>(area.bottom() * factor, full.height) - y)};
}

BoxReducer::BoxReducer(image::Pixels& out, const image::Rect& area, image::Size full, std::uint32_t factor)
    : out_(out), area_(area), full_(full), factor_(factor), source_(source_of(area, full, factor)), next_(area.y) {}

// Colours count by their alpha.
template <class Sample>
void BoxReducer::add_as(std::uint32_t x, std::uint32_t count, const Sample* pixels, std::uint64_t* sums) const {
  const std::uint32_t channels = out_.format().channels();
  const bool alpha = out_.format().alpha;
  std::uint64_t* cell = sums + std::size_t{x / factor_ - area_.x} * channels;
  std::uint32_t left = factor_ - x % factor_;
  for (std::uint32_t i = 0; i < count; ++i, pixels += channels) {
    if (left == 0) {
      cell += channels;
      left = factor_;
    }
    --left;
    if (!alpha) {
      for (std::uint32_t c = 0; c < channels; ++c) cell[c] += pixels[c];
    } else {
      const std::uint64_t weight = pixels[channels - 1];
      for (std::uint32_t c = 0; c + 1 < channels; ++c) cell[c] += pixels[c] * weight;
      cell[channels - 1] += weight;
    }
  }
}

void BoxReducer::add(std::uint32_t x, std::uint32_t y, std::uint32_t count, const std::uint8_t* pixels) {
  const std::uint32_t row = y / factor_;
  if (row < next_) return;
  while (sums_.size() <= row - next_) sums_.emplace_back(std::size_t{area_.width} * out_.format().channels());
  std::uint64_t* sums = sums_[row - next_].data();
  if (out_.format().bits == 8)
    add_as(x, count, pixels, sums);
  else
    add_as(x, count, reinterpret_cast<const std::uint16_t*>(pixels), sums);
}

template <class Sample>
void BoxReducer::mean(const std::vector<std::uint64_t>& sums, std::uint64_t rows, Sample* out) const {
  const std::uint32_t channels = out_.format().channels();
  const std::uint32_t colours = channels - (out_.format().alpha ? 1 : 0);
  for (std::uint32_t x = 0; x < area_.width; ++x) {
    const std::uint64_t start = std::uint64_t{area_.x + x} * factor_;
    const std::uint64_t cells = rows * (std::min<std::uint64_t>(start + factor_, full_.width) - start);
    const std::uint64_t* cell = sums.data() + std::size_t{x} * channels;
    const std::uint64_t weight = out_.format().alpha ? cell[colours] : cells;
    for (std::uint32_t c = 0; c < colours; ++c)
      *out++ = static_cast<Sample>(weight == 0 ? 0 : (cell[c] + weight / 2) / weight);
    if (out_.format().alpha) *out++ = static_cast<Sample>((cell[colours] + cells / 2) / cells);
  }
}

void BoxReducer::finish_rows(std::uint64_t end) {
  while (next_ < area_.bottom()) {
    const std::uint64_t start = std::uint64_t{next_} * factor_;
    const std::uint64_t bottom = std::min<std::uint64_t>(start + factor_, full_.height);
    if (bottom > end) return;
    if (sums_.empty()) sums_.emplace_back(std::size_t{area_.width} * out_.format().channels());
    std::uint8_t* row = out_.row(next_ - area_.y);
    if (out_.format().bits == 8)
      mean(sums_.front(), bottom - start, row);
    else
      mean(sums_.front(), bottom - start, reinterpret_cast<std::uint16_t*>(row));
    sums_.pop_front();
    ++next_;
  }
}

std::vector<std::uint32_t> add_reduced_levels(Page& page) {
  constexpr std::uint32_t kSmallest = 512;
  const image::Size from = page.levels.back().size;
  std::vector<std::uint32_t> factors;
  for (std::uint32_t factor = 2; std::max(page.levels.back().size.width, page.levels.back().size.height) > kSmallest;
       factor *= 2) {
    page.levels.push_back({image::level_size(from, factor), {}, false});
    factors.push_back(factor);
  }
  return factors;
}

}  // namespace armarium::codec
