#include "decode/encode.h"

#include <algorithm>

#include "decode/vips_image.h"

namespace armarium::decode {

using base::Bytes;
using base::ErrorCode;
using base::fail;
using base::Result;
using codec::Format;

namespace {

// Fast settings: a reader waits for the answer.
constexpr int kAvifEffort = 1;
constexpr int kJxlEffort = 3;

}  // namespace

Result<Bytes> encode(const codec::worker::Job& job, Bytes samples) {
  if (job.pixels.bits != 8 || job.size.empty() || samples.size() != job.size.area() * job.pixels.bytes_per_pixel()) {
    return fail(ErrorCode::internal, "The picture could not be written.");
  }
  const int bands = static_cast<int>(job.pixels.channels());
  auto raw = checked(vips_image_new_from_memory(samples.data(), samples.size(), static_cast<int>(job.size.width),
                                                static_cast<int>(job.size.height), bands, VIPS_FORMAT_UCHAR),
                     ErrorCode::internal);
  if (!raw) return fail(std::move(raw.error()));
  VipsImage* named = nullptr;
  const VipsInterpretation space = bands <= 2 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
  const int copied = vips_copy(raw->get(), &named, "interpretation", space, nullptr);
  auto image = checked(copied, named, ErrorCode::internal);
  if (!image) return fail(std::move(image.error()));
  void* data = nullptr;
  std::size_t length = 0;
  const int quality = std::clamp(job.quality, 1, 100);
  const int status = job.format == Format::avif ? vips_heifsave_buffer(image->get(), &data, &length, "compression",
                                                                       VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "Q", quality,
                                                                       "effort", kAvifEffort, "strip", TRUE, nullptr)
                                                : vips_jxlsave_buffer(image->get(), &data, &length, "Q", quality,
                                                                      "effort", kJxlEffort, "strip", TRUE, nullptr);
  const std::unique_ptr<void, void (*)(void*)> memory(data, g_free);
  if (status != 0) return fail(checked(nullptr, ErrorCode::internal).error());
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  return Bytes(bytes, bytes + length);
}

}  // namespace armarium::decode
