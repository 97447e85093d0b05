#include "codec/jp2_sample.h"

#include <algorithm>
#include <cmath>

#include <openjpeg.h>

#include "codec/jp2_handles.h"

namespace armarium::codec::jp2::testing {
namespace {

struct Output {
  base::Bytes bytes;
  std::size_t at = 0;
};

OPJ_SIZE_T on_write(void* buffer, OPJ_SIZE_T count, void* user) {
  auto& output = *static_cast<Output*>(user);
  output.bytes.resize(std::max(output.bytes.size(), output.at + count));
  std::copy_n(static_cast<const std::uint8_t*>(buffer), count,
              output.bytes.begin() + static_cast<std::ptrdiff_t>(output.at));
  output.at += count;
  return count;
}
OPJ_OFF_T on_skip(OPJ_OFF_T count, void* user) {
  auto& output = *static_cast<Output*>(user);
  output.at += static_cast<std::size_t>(count);
  output.bytes.resize(std::max(output.bytes.size(), output.at));
  return count;
}
OPJ_BOOL on_seek(OPJ_OFF_T offset, void* user) {
  static_cast<Output*>(user)->at = static_cast<std::size_t>(offset);
  return OPJ_TRUE;
}

Image picture_of(const Sample& sample) {
  const std::size_t count = sample.steps.size();
  std::vector<opj_image_cmptparm_t> parameters(count);
  auto samples = [](std::uint32_t from, std::uint32_t to, std::uint32_t step) {
    return (to + step - 1) / step - (from + step - 1) / step;
  };
  for (std::size_t c = 0; c < count; ++c) {
    opj_image_cmptparm_t& each = parameters[c];
    each.dx = sample.steps[c][0];
    each.dy = sample.steps[c][1];
    each.w = samples(sample.x0, sample.x1, each.dx);
    each.h = samples(sample.y0, sample.y1, each.dy);
    each.x0 = sample.x0;
    each.y0 = sample.y0;
    each.prec = sample.bits;
  }
  Image image(opj_image_create(static_cast<OPJ_UINT32>(count), parameters.data(),
                               count < 3 ? OPJ_CLRSPC_GRAY : OPJ_CLRSPC_SRGB));
  if (!image) return image;
  image->x0 = sample.x0;
  image->y0 = sample.y0;
  image->x1 = sample.x1;
  image->y1 = sample.y1;
  const double top = std::exp2(sample.bits) - 1;
  for (std::size_t c = 0; c < count; ++c) {
    std::uint32_t noise = 12345 + static_cast<std::uint32_t>(c);
    for (std::uint32_t y = 0; y < parameters[c].h; ++y) {
      for (std::uint32_t x = 0; x < parameters[c].w; ++x) {
        noise = noise * 1664525 + 1013904223;
        const double wave =
            0.5 + 0.2 * std::sin(x * 0.05 + static_cast<double>(c)) + 0.2 * std::cos(y * 0.083 + x * 0.01);
        const double value = (wave + (noise >> 16U) / 65536.0 * 0.1) * top;
        image->comps[c].data[std::size_t{y} * parameters[c].w + x] =
            static_cast<OPJ_INT32>(std::clamp(value, 0.0, top));
      }
    }
  }
  return image;
}

opj_cparameters_t parameters_of(const Sample& sample) {
  opj_cparameters_t parameters;
  opj_set_default_encoder_parameters(&parameters);
  parameters.tcp_numlayers = static_cast<int>(std::max<std::size_t>(1, sample.rates.size()));
  parameters.cp_disto_alloc = 1;
  std::copy(sample.rates.begin(), sample.rates.end(), parameters.tcp_rates);
  parameters.irreversible = sample.reversible ? 0 : 1;
  parameters.numresolution = sample.resolutions;
  parameters.prog_order = static_cast<OPJ_PROG_ORDER>(sample.progression);
  parameters.cblockw_init = parameters.cblockh_init = sample.block;
  parameters.mode = sample.block_style;
  parameters.tcp_mct = sample.colour_transform && sample.steps.size() >= 3 ? 1 : 0;
  parameters.image_offset_x0 = static_cast<int>(sample.x0);
  parameters.image_offset_y0 = static_cast<int>(sample.y0);
  if (sample.tile_width != 0) {
    parameters.tile_size_on = OPJ_TRUE;
    parameters.cp_tx0 = static_cast<int>(sample.tile_x0);
    parameters.cp_ty0 = static_cast<int>(sample.tile_y0);
    parameters.cp_tdx = static_cast<int>(sample.tile_width);
    parameters.cp_tdy = static_cast<int>(sample.tile_height);
  }
  if (!sample.precincts.empty()) {
    parameters.csty |= 1;
    parameters.res_spec = static_cast<int>(sample.precincts.size());
    std::copy(sample.precincts.begin(), sample.precincts.end(), parameters.prcw_init);
    std::copy(sample.precincts.begin(), sample.precincts.end(), parameters.prch_init);
  }
  if (sample.packet_markers) parameters.csty |= 6;
  if (sample.tile_parts != 0) {
    parameters.tp_on = 1;
    parameters.tp_flag = sample.tile_parts;
  }
  return parameters;
}

void ignore(const char*, void*) {}

}  // namespace

base::Bytes write_sample(const Sample& sample) {
  Image image = picture_of(sample);
  opj_cparameters_t parameters = parameters_of(sample);
  Codec codec(opj_create_compress(OPJ_CODEC_J2K));
  Stream stream(opj_stream_create(std::size_t{1} << 16U, OPJ_FALSE));
  if (!image || !codec || !stream) return {};
  opj_set_warning_handler(codec.get(), ignore, nullptr);
  opj_set_info_handler(codec.get(), ignore, nullptr);
  Output output;
  opj_stream_set_write_function(stream.get(), on_write);
  opj_stream_set_skip_function(stream.get(), on_skip);
  opj_stream_set_seek_function(stream.get(), on_seek);
  opj_stream_set_user_data(stream.get(), &output, nullptr);
  const std::array<const char*, 3> options{"PLT=YES", "TLM=YES", nullptr};
  const bool done = opj_setup_encoder(codec.get(), &parameters, image.get()) &&
                    (!sample.lengths || opj_encoder_set_extra_options(codec.get(), options.data())) &&
                    opj_start_compress(codec.get(), image.get(), stream.get()) &&
                    opj_encode(codec.get(), stream.get()) && opj_end_compress(codec.get(), stream.get());
  stream.reset();  // flushes
  return done ? std::move(output.bytes) : base::Bytes();
}

}  // namespace armarium::codec::jp2::testing
