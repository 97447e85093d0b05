#include <algorithm>

#include "image/colour_transform.h"
#include "image/operations.h"

namespace armarium::image {
namespace {
constexpr std::uint32_t kRowsBetweenChecks = 32;
}

base::Result<Pixels> to_display(Pixels source, base::ByteView icc, const base::CancelToken& cancel) {
  const auto transform = transform_for(source.format(), icc);
  if (transform->identity()) return source;
  // By curves and a matrix row by row in place: one buffer less to fill.
  auto result = transform->matrix() != nullptr ? base::Result<Pixels>(std::move(source))
                                               : Pixels::allocate(source.size(), display_format(source.format()));
  if (!result) return result;
  const Pixels& from = transform->matrix() != nullptr ? *result : source;
  for (std::uint32_t y = 0; y < from.height(); ++y) {
    if (y % kRowsBetweenChecks == 0) {
      if (auto go_on = cancel.check(); !go_on) return base::fail(std::move(go_on.error()));
    }
    transform->apply(from.row(y), result->row(y), from.width());
  }
  return result;
}

bool has_usable_profile(const PixelFormat& format, base::ByteView icc) {
  return !icc.empty() && transform_for(format, icc)->by_profile();
}

bool is_display(const PixelFormat& format, base::ByteView icc) {
  if (format.bits != 8 || format.inverted) return false;
  if (icc.empty()) return format.model == ColourModel::grey || format.model == ColourModel::rgb;
  return transform_for(format, icc)->identity();
}

}  // namespace armarium::image
