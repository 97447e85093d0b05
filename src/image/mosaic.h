#pragma once
// Samples of a picture (interleaved, 8 bits) or of one of its planes, in one piece or in the rectangular pieces of a grid, as decoded blocks lie in memory: so
// that a region across blocks is scaled without being put together first. Looks only: what it points to must outlive it.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/cancel.h"
#include "base/error.h"
#include "image/geometry.h"
#include "image/resample_filter.h"

namespace armarium::image {

class Mosaic {
 public:
  struct Piece {
    const std::uint8_t* samples = nullptr;
    std::size_t stride = 0;
  };

  Mosaic(Size size, std::uint32_t channels, Piece piece)
      : columns_{0, size.width}, rows_{0, size.height}, pieces_{piece}, channels_(channels) {}
  // `columns` and `rows` are the edges of the grid, from 0 to the size; pieces row by row.
  Mosaic(std::vector<std::uint32_t> columns, std::vector<std::uint32_t> rows, std::uint32_t channels,
         std::vector<Piece> pieces)
      : columns_(std::move(columns)), rows_(std::move(rows)), pieces_(std::move(pieces)), channels_(channels) {}

  Size size() const noexcept { return {columns_.back(), rows_.back()}; }
  std::uint32_t channels() const noexcept { return channels_; }

  // Copies the pixels [x, x + width) of row y.
  void copy_row(std::uint32_t x, std::uint32_t y, std::uint32_t width, std::uint8_t* out) const noexcept;
  const std::vector<std::uint32_t>& columns() const noexcept { return columns_; }
  // Which row of the grid holds row y.
  std::uint32_t grid_row(std::uint32_t y) const noexcept;
  std::uint32_t row_end(std::uint32_t grid_row) const noexcept { return rows_[grid_row + 1]; }
  // Row y of the piece in a column of the grid, from its left edge; `grid_row` must hold y.
  const std::uint8_t* row(std::uint32_t column, std::uint32_t grid_row, std::uint32_t y) const noexcept {
    const Piece& piece = pieces_[grid_row * (columns_.size() - 1) + column];
    return piece.samples + (y - rows_[grid_row]) * piece.stride;
  }

 private:
  std::vector<std::uint32_t> columns_;
  std::vector<std::uint32_t> rows_;
  std::vector<Piece> pieces_;
  std::uint32_t channels_;
};

// Where the result goes: rows of `channels` samples a pixel.
struct Canvas {
  std::uint8_t* samples = nullptr;
  std::size_t stride = 0;
};

// A window on whole pixels that keeps its size: a copy, for the filter would give the same.
bool is_plain_part(Size source, RectF window, Size target) noexcept;

// Scales the part `window` of `source` to `target`; samples beyond the edge of `source` repeat the edge.
base::Result<> resample_mosaic(const Mosaic& source, RectF window, Size target, Kernel kernel, Canvas out,
                               const base::CancelToken& cancel);

}  // namespace armarium::image
