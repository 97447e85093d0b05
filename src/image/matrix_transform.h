#pragma once
// The fast way of the most frequent profiles (AdobeRGB, eciRGB, ProPhoto, cameras and scanners): curves and a matrix, by our own loops. Any thread.

#include <memory>

#include "image/colour_kernels.h"
#include "image/colour_transform.h"

namespace armarium::image {

// For 8-bit RGB without alpha.
std::shared_ptr<const ColourTransform> matrix_transform(MatrixColour colour);

// `light` of the profile's channels for each sample value, and their colorants in the profile connection space (a column for each channel).
MatrixColour matrix_colour(const std::array<std::array<float, 256>, 3>& light, const std::array<double, 9>& colorants);

}  // namespace armarium::image
