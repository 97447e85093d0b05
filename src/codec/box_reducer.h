#pragma once
// Shrinks a picture by a whole factor while it is being read, by the mean of each square, so that a thumbnail of a large picture without smaller copies
// never holds it whole. A pixel of the result depends on its own square only: a part equals that part of the whole. One thread.

#include <deque>
#include <vector>

#include "image/pixels.h"

namespace armarium::codec {

class BoxReducer {
 public:
  // Fills `out` with `area` of the picture that is `full` divided by `factor`, rounded up. `out` has to outlive this.
  BoxReducer(image::Pixels& out, const image::Rect& area, image::Size full, std::uint32_t factor);

  // The pixels of the full size that are wanted.
  const image::Rect& source() const noexcept { return source_; }
  static image::Rect source_of(const image::Rect& area, image::Size full, std::uint32_t factor) noexcept;

  // `count` pixels from (x, y) of the full size on, all inside source(). Rows may come in any order until they are finished.
  void add(std::uint32_t x, std::uint32_t y, std::uint32_t count, const std::uint8_t* pixels);
  // All rows above `end` were added: their means are taken.
  void finish_rows(std::uint64_t end);

 private:
  template <class Sample>
  void add_as(std::uint32_t x, std::uint32_t count, const Sample* pixels, std::uint64_t* sums) const;
  template <class Sample>
  void mean(const std::vector<std::uint64_t>& sums, std::uint64_t rows, Sample* out) const;

  image::Pixels& out_;
  image::Rect area_;
  image::Size full_;
  std::uint32_t factor_;
  image::Rect source_;
  std::uint32_t next_;                           // first row of the result that is not finished
  std::deque<std::vector<std::uint64_t>> sums_;  // of rows next_ and following
};

// The levels that reading gives by whole factors, below the last one that `page` has, until the longer side is at most 512 pixels. Gives their factors.
struct Page;
std::vector<std::uint32_t> add_reduced_levels(Page& page);

}  // namespace armarium::codec
