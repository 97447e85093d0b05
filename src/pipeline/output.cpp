#include "pipeline/output.h"

#include <fmt/format.h>

#include "image/operations.h"

namespace armarium::pipeline {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::uint8_t kWhite = 255;
// Goes up when the operations change what they make of the same pixels, so that no ETag stands for both.
constexpr int kOperationsRevision = 5;

}  // namespace

base::Result<Output> choose_output(const iiif::ResolvedRequest& request, const OutputLimits& limits) {
  const auto format = codec::by_extension(request.format);
  const codec::Encoder* encoder = format ? codec::encoder_for(*format) : nullptr;
  if (encoder == nullptr) {
    return fail(
        ErrorCode::invalid_argument,
        fmt::format("This server does not write the format {}; info.json lists those it does.", request.format));
  }
  Output output;
  output.encoder = encoder;
  output.options.quality = limits.quality;
  output.options.bitonal = request.quality == iiif::Quality::bitonal;
  output.media_type = codec::info(*format).media_type;
  output.size = image::rotated_size(request.size, request.rotation);
  const std::uint32_t side = encoder->max_side();
  if (side != 0 && (output.size.width > side || output.size.height > side)) {
    return fail(ErrorCode::over_limit,
                fmt::format("The format {} holds at most {} pixels a side.", request.format, side));
  }
  // A turned picture begins with the end of many rows.
  output.in_strips = request.rotation == 0 && encoder->in_strips() && request.size.area() > limits.strips_from;
  output.options.in_strips = output.in_strips;
  if (output.in_strips && request.size.area() > limits.strip_pixels) {
    return fail(ErrorCode::over_limit,
                fmt::format("The size goes past the {} pixels that this server makes at a time.", limits.strip_pixels));
  }
  if (!output.in_strips &&
      (request.size.area() > limits.whole_pixels || output.size.area() / 2 > limits.whole_pixels)) {
    return fail(ErrorCode::over_limit,
                fmt::format("The size goes past the {} pixels that this server makes in one piece. Pictures that are "
                            "not rotated can be had larger as jpg, png, tif or pdf.",
                            limits.whole_pixels));
  }
  return output;
}

Wish wish_of(const iiif::ResolvedRequest& request, const Output& output) {
  const bool grey = request.quality == iiif::Quality::gray || request.quality == iiif::Quality::bitonal;
  if (grey) return {Wish::Kind::luma};
  const image::Sampling sampling = output.encoder->planes(output.options);
  if (sampling.none() || request.mirror || request.rotation != 0) return {};
  return {Wish::Kind::planes, sampling};
}

base::Result<image::Raster> operate(image::Raster raster, const iiif::ResolvedRequest& request, const Output& output,
                                    const base::CancelToken& cancel) {
  if (auto go_on = cancel.check(); !go_on) return fail(std::move(go_on.error()));
  if (std::holds_alternative<image::Planes>(raster)) return raster;
  const bool transparent = output.encoder->alpha() && request.quality != iiif::Quality::bitonal;
  base::Result<image::Pixels> result = std::get<image::Pixels>(std::move(raster));
  if (request.mirror) result = image::mirror(*result);
  if (result && request.rotation != 0) result = image::rotate(*result, request.rotation, transparent, kWhite, cancel);
  if (result && request.quality == iiif::Quality::gray) result = image::to_grey(*result);
  if (result && request.quality == iiif::Quality::bitonal) result = image::to_bitonal(*result);
  if (result && !output.encoder->alpha()) result = image::flatten(std::move(*result), kWhite);
  if (!result) return fail(std::move(result.error()));
  return image::Raster(std::move(*result));
}

base::Result<base::Bytes> produce(image::Raster raster, const iiif::ResolvedRequest& request, const Output& output,
                                  const base::CancelToken& cancel) {
  auto made = operate(std::move(raster), request, output, cancel);
  if (!made) return fail(std::move(made.error()));
  if (auto go_on = cancel.check(); !go_on) return fail(std::move(go_on.error()));
  if (const auto* planes = std::get_if<image::Planes>(&*made))
    return output.encoder->encode_planes(*planes, output.options, cancel);
  return output.encoder->encode(std::get<image::Pixels>(*made), output.options, cancel);
}

std::string recipe_of(const iiif::ResolvedRequest& request, const Output& output) {
  const image::Rect& region = request.region;
  return fmt::format("{}{}|{},{},{},{}|{},{}|{}{:.6f}|{}|{}|{}", kOperationsRevision, output.linear_light ? "l" : "",
                     region.x, region.y, region.width, region.height, request.size.width, request.size.height,
                     request.mirror ? "!" : "", request.rotation, iiif::name_of(request.quality), request.format,
                     output.encoder->recipe(output.options));
}

}  // namespace armarium::pipeline
