#include "decode/vips_image.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

namespace armarium::decode {

using base::Bytes;
using base::ErrorCode;
using base::fail;
using base::Result;
using image::ColourModel;

Result<Image> checked(VipsImage* image, ErrorCode code) {
  if (image != nullptr) return Image(image);
  std::string detail(vips_error_buffer());
  vips_error_clear();
  return fail(code, "The file is damaged.", std::move(detail));
}

Result<Image> checked(int status, VipsImage*& image, ErrorCode code) {
  return checked(status == 0 ? image : nullptr, code);
}

Result<Conversion> conversion_of(VipsImage* image) {
  Conversion conversion;
  const int bands = vips_image_get_bands(image);
  const VipsBandFormat format = vips_image_get_format(image);
  const VipsInterpretation space = vips_image_guess_interpretation(image);
  const bool small = format == VIPS_FORMAT_UCHAR || format == VIPS_FORMAT_USHORT;
  if (vips_band_format_iscomplex(format)) return fail(ErrorCode::unsupported, "Complex numbers cannot be shown.");
  conversion.pixels.bits = format == VIPS_FORMAT_USHORT ? 16 : 8;
  switch (space) {
    case VIPS_INTERPRETATION_XYZ:
    case VIPS_INTERPRETATION_LAB:
    case VIPS_INTERPRETATION_LABQ:
    case VIPS_INTERPRETATION_LABS:
    case VIPS_INTERPRETATION_LCH:
    case VIPS_INTERPRETATION_CMC:
    case VIPS_INTERPRETATION_YXY:
    case VIPS_INTERPRETATION_HSV:
    case VIPS_INTERPRETATION_scRGB: conversion.to_srgb = bands >= 3; break;
    case VIPS_INTERPRETATION_CMYK:
      if (small && bands >= 4) {
        conversion.pixels.model = ColourModel::cmyk;
        conversion.pixels.alpha = bands >= 5;
        conversion.bands = bands >= 5 ? 5 : 4;
        return conversion;
      }
      break;
    default: break;
  }
  const bool colour = bands >= 3;
  conversion.pixels.model = colour ? ColourModel::rgb : ColourModel::grey;
  if (conversion.to_srgb) {
    conversion.pixels.bits = 8;
    conversion.pixels.alpha = bands >= 4;
  } else if (small) {
    conversion.pixels.alpha = bands == 2 || bands >= 4;
  } else {
    conversion.stretch = true;
    conversion.pixels.bits = 16;
  }
  conversion.bands = static_cast<int>(conversion.pixels.channels());
  return conversion;
}

Result<Span> span_of(VipsImage* image, int bands) {
  VipsImage* part = nullptr;
  auto front =
      checked(vips_extract_band(image, &part, 0, "n", std::min(bands, vips_image_get_bands(image)), nullptr), part);
  if (!front) return fail(std::move(front.error()));
  VipsImage* numbers = nullptr;
  auto real = checked(vips_cast_float(front->get(), &numbers, nullptr), numbers);
  if (!real) return fail(std::move(real.error()));
  std::size_t length = 0;
  const std::unique_ptr<void, void (*)(void*)> memory(vips_image_write_to_memory(real->get(), &length), g_free);
  if (!memory) return fail(checked(nullptr).error());
  const auto* values = static_cast<const float*>(memory.get());
  Span span{INFINITY, -INFINITY};
  for (std::size_t i = 0; i < length / sizeof(float); ++i) {
    if (!std::isfinite(values[i])) continue;
    span.least = std::min<double>(span.least, values[i]);
    span.greatest = std::max<double>(span.greatest, values[i]);
  }
  if (!(span.least < span.greatest))
    return Span{std::isfinite(span.least) ? span.least : 0, std::isfinite(span.least) ? span.least + 1 : 1};
  return span;
}

Result<Image> convert(VipsImage* image, const Conversion& conversion, const std::optional<Span>& span) {
  VipsImage* next = nullptr;
  auto current = checked(vips_copy(image, &next, nullptr), next);
  auto step = [&](int status) {
    current = checked(status, next);
    next = nullptr;
  };
  next = nullptr;
  if (current && conversion.to_srgb) step(vips_colourspace(current->get(), &next, VIPS_INTERPRETATION_sRGB, nullptr));
  if (current && vips_image_get_bands(current->get()) > conversion.bands)
    step(vips_extract_band(current->get(), &next, 0, "n", conversion.bands, nullptr));
  if (current && vips_image_get_bands(current->get()) != conversion.bands)
    return fail(ErrorCode::corrupt, "The file is damaged.", "fewer bands than its header says");
  if (current && conversion.stretch && span) {
    const double scale = 65535.0 / (span->greatest - span->least);
    step(vips_linear1(current->get(), &next, scale, -span->least * scale, nullptr));
  }
  const VipsBandFormat wanted = conversion.pixels.bits == 16 ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR;
  if (current && vips_image_get_format(current->get()) != wanted)
    step(vips_cast(current->get(), &next, wanted, nullptr));
  return current;
}

Result<Image> extract(VipsImage* image, image::Rect area) {
  VipsImage* part = nullptr;
  const int status = vips_extract_area(image, &part, static_cast<int>(area.x), static_cast<int>(area.y),
                                       static_cast<int>(area.width), static_cast<int>(area.height), nullptr);
  return checked(status, part);
}

Result<Bytes> samples_of(VipsImage* image, std::uint64_t expected) {
  std::size_t length = 0;
  const std::unique_ptr<void, void (*)(void*)> memory(vips_image_write_to_memory(image, &length), g_free);
  if (!memory) return fail(checked(nullptr).error());
  if (length != expected)
    return fail(ErrorCode::corrupt, "The file is damaged.",
                fmt::format("{} bytes of pixels instead of {}", length, expected));
  const auto* bytes = static_cast<const std::uint8_t*>(memory.get());
  return Bytes(bytes, bytes + length);
}

void add_half_levels(codec::worker::PageAnswer& page) {
  constexpr std::uint32_t kLeastSide = 128;
  page.levels.push_back({page.size, {}, false});
  for (std::uint32_t factor = 2;
       !page.pixels.alpha && std::min(page.size.width, page.size.height) / factor >= kLeastSide; factor *= 2) {
    page.levels.push_back({image::level_size(page.size, factor), {}, false});
  }
}

Result<Bytes> read_level(VipsImage* image, const codec::worker::Job& job) {
  const auto width = static_cast<std::uint32_t>(vips_image_get_width(image));
  const auto height = static_cast<std::uint32_t>(vips_image_get_height(image));
  if (job.level > 24) return fail(ErrorCode::corrupt, "The file has changed.");
  const std::uint32_t factor = std::uint32_t{1} << job.level;
  if (!image::Rect::of(image::level_size({width, height}, factor)).contains(job.area))
    return fail(ErrorCode::corrupt, "The file has changed.");
  image::Rect source{job.area.x * factor, job.area.y * factor, 0, 0};
  source.width =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(std::uint64_t{job.area.width} * factor, width - source.x));
  source.height =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(std::uint64_t{job.area.height} * factor, height - source.y));
  auto part = extract(image, source);
  if (part && factor > 1) {
    VipsImage* smaller = nullptr;
    const int status = vips_shrink(part->get(), &smaller, factor, factor, "ceil", TRUE, nullptr);
    part = checked(status, smaller);
  }
  if (!part) return fail(std::move(part.error()));
  return samples_of(part->get(), job.room);
}

Bytes blob_of(VipsImage* image, const char* name, std::uint64_t most) {
  const void* data = nullptr;
  std::size_t length = 0;
  if (vips_image_get_typeof(image, name) == 0 || vips_image_get_blob(image, name, &data, &length) != 0) {
    vips_error_clear();
    return {};
  }
  if (length > most) return {};
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  return Bytes(bytes, bytes + length);
}

void copy_metadata(VipsImage* image, std::uint64_t most, codec::worker::IndexAnswer& answer) {
  if (Bytes profile = blob_of(image, VIPS_META_ICC_NAME, most); !profile.empty())
    answer.profiles.push_back(std::move(profile));
  answer.metadata.exif = blob_of(image, VIPS_META_EXIF_NAME, most);
  if (base::as_text(answer.metadata.exif).starts_with("Exif")) {
    const std::size_t prefix = std::min<std::size_t>(6, answer.metadata.exif.size());
    answer.metadata.exif.erase(answer.metadata.exif.begin(),
                               answer.metadata.exif.begin() + static_cast<std::ptrdiff_t>(prefix));
  }
  answer.metadata.xmp = blob_of(image, VIPS_META_XMP_NAME, most);
  answer.metadata.iptc = blob_of(image, VIPS_META_IPTC_NAME, most);
}

}  // namespace armarium::decode
