// The only file that calls OpenJPEG to encode: JP2, lossy by a target of PSNR (lossless at quality 100), one tile, six resolutions, RPCL.

#include <algorithm>
#include <cstring>
#include <string>

#include <fmt/format.h>
#include <openjpeg.h>

#include "codec/jp2_handles.h"
#include "codec/registry.h"

namespace armarium::codec {
namespace {

using base::Bytes;
using base::ErrorCode;
using base::fail;
using base::Result;

using jp2::Codec;
using jp2::Image;
using jp2::Stream;

constexpr int kLossless = 100;

struct Output {
  Bytes bytes;
  std::size_t at = 0;
  const base::CancelToken* cancel = nullptr;
};

OPJ_SIZE_T on_write(void* buffer, OPJ_SIZE_T count, void* user) {
  auto& output = *static_cast<Output*>(user);
  if (output.cancel->stop_requested()) return static_cast<OPJ_SIZE_T>(-1);
  if (output.at + count > output.bytes.size()) output.bytes.resize(output.at + count);
  std::memcpy(output.bytes.data() + output.at, buffer, count);
  output.at += count;
  return count;
}

OPJ_OFF_T on_skip(OPJ_OFF_T count, void* user) {
  auto& output = *static_cast<Output*>(user);
  if (count < 0) return -1;
  output.at += static_cast<std::size_t>(count);
  if (output.at > output.bytes.size()) output.bytes.resize(output.at);
  return count;
}

OPJ_BOOL on_seek(OPJ_OFF_T offset, void* user) {
  auto& output = *static_cast<Output*>(user);
  if (offset < 0 || static_cast<std::size_t>(offset) > output.bytes.size()) return OPJ_FALSE;
  output.at = static_cast<std::size_t>(offset);
  return OPJ_TRUE;
}

void on_error(const char* message, void* user) { static_cast<std::string*>(user)->append(message); }
void ignore(const char*, void*) {}

Image to_image(const image::Pixels& pixels) {
  const std::uint32_t count = pixels.format().channels();
  std::vector<opj_image_cmptparm_t> parameters(count);
  for (opj_image_cmptparm_t& parameter : parameters) {
    parameter.dx = parameter.dy = 1;
    parameter.w = pixels.width();
    parameter.h = pixels.height();
    parameter.prec = 8;
  }
  const bool grey = pixels.format().model == image::ColourModel::grey;
  Image image(opj_image_create(count, parameters.data(), grey ? OPJ_CLRSPC_GRAY : OPJ_CLRSPC_SRGB));
  if (!image) return image;
  image->x1 = pixels.width();
  image->y1 = pixels.height();
  if (pixels.format().alpha) image->comps[count - 1].alpha = 1;
  for (std::uint32_t c = 0; c < count; ++c) {
    const std::uint8_t* from = pixels.bytes().data() + c;
    OPJ_INT32* to = image->comps[c].data;
    for (std::uint64_t i = 0; i < pixels.size().area(); ++i, from += count) to[i] = *from;
  }
  return image;
}

// Decibels for a quality of 1 to 99: 75 gives about what JPEG's 75 looks like.
float psnr_of(int quality) { return 26.0F + 0.2F * static_cast<float>(std::clamp(quality, 1, 99)); }

opj_cparameters_t parameters_of(const image::Pixels& pixels, const EncodeOptions& options) {
  opj_cparameters_t parameters;
  opj_set_default_encoder_parameters(&parameters);
  parameters.tcp_numlayers = 1;
  if (options.quality >= kLossless) {
    parameters.irreversible = 0;
    parameters.cp_disto_alloc = 1;
    parameters.tcp_rates[0] = 0;
  } else {
    parameters.irreversible = 1;
    parameters.cp_fixed_quality = 1;
    parameters.tcp_distoratio[0] = psnr_of(options.quality);
  }
  parameters.numresolution = 1;
  for (std::uint32_t side = std::min(pixels.width(), pixels.height()); side > 1 && parameters.numresolution < 6;
       side /= 2)
    ++parameters.numresolution;
  parameters.prog_order = OPJ_RPCL;
  parameters.tcp_mct = pixels.format().model == image::ColourModel::rgb ? 1 : 0;
  return parameters;
}

class Jp2Encoder final : public Encoder {
 public:
  bool alpha() const noexcept override { return true; }
  std::uint32_t max_side() const noexcept override { return 0x7FFFFFFF; }
  std::string recipe(const EncodeOptions& options) const override {
    return fmt::format("jp2-openjpeg-{}-q{}", opj_version(), options.quality);
  }

  Result<Bytes> encode(const image::Pixels& pixels, const EncodeOptions& options,
                       const base::CancelToken& cancel) const override {
    const auto model = pixels.format().model;
    if (pixels.format().bits != 8 || (model != image::ColourModel::grey && model != image::ColourModel::rgb)) {
      return fail(ErrorCode::internal, "The picture could not be written.", "jp2 takes 8-bit grey or RGB");
    }
    if (auto stopped = cancel.check(); !stopped) return fail(stopped.error());
    Image image = to_image(pixels);
    opj_cparameters_t parameters = parameters_of(pixels, options);
    Codec codec(opj_create_compress(OPJ_CODEC_JP2));
    Stream stream(opj_stream_create(std::size_t{1} << 20U, OPJ_FALSE));
    if (!image || !codec || !stream)
      return fail(ErrorCode::resource_limit, "The picture needs more memory than the server allows.");
    std::string messages;
    opj_set_error_handler(codec.get(), on_error, &messages);
    opj_set_warning_handler(codec.get(), ignore, nullptr);
    opj_set_info_handler(codec.get(), ignore, nullptr);
    Output output{{}, 0, &cancel};
    opj_stream_set_write_function(stream.get(), on_write);
    opj_stream_set_skip_function(stream.get(), on_skip);
    opj_stream_set_seek_function(stream.get(), on_seek);
    opj_stream_set_user_data(stream.get(), &output, nullptr);
    const bool done = opj_setup_encoder(codec.get(), &parameters, image.get()) &&
                      opj_start_compress(codec.get(), image.get(), stream.get()) &&
                      opj_encode(codec.get(), stream.get()) && opj_end_compress(codec.get(), stream.get());
    stream.reset();  // flushes
    if (auto stopped = cancel.check(); !stopped) return fail(stopped.error());
    if (!done) return fail(ErrorCode::internal, "The picture could not be written.", messages);
    return std::move(output.bytes);
  }
};

}  // namespace

const Encoder& jp2_encoder() {
  static const Jp2Encoder encoder;
  return encoder;
}

}  // namespace armarium::codec
