#include <algorithm>

#include "image/colour_transform.h"
#include "image/operations.h"

namespace armarium::image {
namespace {

constexpr std::uint32_t kRowsBetweenChecks = 32;

// `from` and `to` may be the same.
base::Result<> transform_rows(const ColourTransform& transform, const Pixels& from, Pixels& to,
                              const base::CancelToken& cancel) {
  for (std::uint32_t y = 0; y < from.height(); ++y) {
    if (y % kRowsBetweenChecks == 0) {
      if (auto go_on = cancel.check(); !go_on) return go_on;
    }
    transform.apply(from.row(y), to.row(y), from.width());
  }
  return {};
}

}  // namespace

base::Result<Pixels> to_display(Pixels source, base::ByteView icc, const base::CancelToken& cancel) {
  const auto transform = transform_for(source.format(), icc);
  if (transform->identity()) return source;
  // By curves and a matrix row by row in place: one buffer less to fill.
  if (transform->matrix() != nullptr) {
    if (auto done = transform_rows(*transform, source, source, cancel); !done)
      return base::fail(std::move(done.error()));
    return source;
  }
  auto result = Pixels::allocate(source.size(), display_format(source.format()));
  if (!result) return result;
  if (auto done = transform_rows(*transform, source, *result, cancel); !done)
    return base::fail(std::move(done.error()));
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
