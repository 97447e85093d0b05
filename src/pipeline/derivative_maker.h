#pragma once
// How a delivery derivative is made: a pyramid of tiles from bands of rows, so that memory does not grow with the picture. Of an upright JPEG file the full size is cut from its
// coefficients, without loss, and the levels below keep its colours. Pure but for source and sink; blocks; any thread.

#include "base/byte_sink.h"
#include "pipeline/opened_pictures.h"

namespace armarium::pipeline {

struct DerivativeRecipe {
  bool lossless = false;
  // Goes up when the same source gives another derivative.
  static constexpr int kVersion = 2;
  // Part of the key of what is made by it.
  std::string text() const;
};

base::Result<> make_derivative(const OpenedPicture& source, std::uint32_t page, const DerivativeRecipe& recipe,
                               base::ByteSink& sink, const base::CancelToken& cancel);

}  // namespace armarium::pipeline
