// The only file that calls OpenJPEG to decode. OpenJPEG reads through callbacks; its messages become the detail of the Error.

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <openjpeg.h>

#include "codec/jp2_handles.h"
#include "codec/jp2_planes.h"

namespace armarium::codec::jp2 {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::size_t kBuffer = std::size_t{64} << 10U;

struct Reader {
  const base::ByteSource* bytes;
  std::uint64_t begin;
  std::uint64_t end;
  std::uint64_t at;
  const base::CancelToken* cancel;
  std::uint64_t patch_at;             // where XTsiz and YTsiz lie
  std::array<std::uint8_t, 8> patch;  // no larger than the image: OpenJPEG overflows on 2^32 - 1
  std::string broken;                 // why a read failed, as opposed to the end of the stream
};

constexpr OPJ_SIZE_T kEnd = static_cast<OPJ_SIZE_T>(-1);

OPJ_SIZE_T on_read(void* buffer, OPJ_SIZE_T count, void* user) {
  auto& reader = *static_cast<Reader*>(user);
  if (reader.at >= reader.end || reader.cancel->stop_requested()) return kEnd;
  const std::size_t length = std::min<std::uint64_t>(count, reader.end - reader.at);
  if (auto read = reader.bytes->read(reader.at, {static_cast<std::uint8_t*>(buffer), length}); !read) {
    reader.broken = read.error().message + ' ' + read.error().detail;
    return kEnd;
  }
  for (std::size_t i = 0; i < reader.patch.size(); ++i) {
    const std::uint64_t at = reader.patch_at + i;
    if (at >= reader.at && at - reader.at < length)
      static_cast<std::uint8_t*>(buffer)[at - reader.at] = reader.patch[i];
  }
  reader.at += length;
  return length;
}

OPJ_OFF_T on_skip(OPJ_OFF_T count, void* user) {
  auto& reader = *static_cast<Reader*>(user);
  if (count < 0) return -1;
  const auto length = std::min<std::uint64_t>(static_cast<std::uint64_t>(count), reader.end - reader.at);
  reader.at += length;
  return length == 0 && count != 0 ? -1 : static_cast<OPJ_OFF_T>(length);
}

OPJ_BOOL on_seek(OPJ_OFF_T offset, void* user) {
  auto& reader = *static_cast<Reader*>(user);
  if (offset < 0 || static_cast<std::uint64_t>(offset) > reader.end - reader.begin) return OPJ_FALSE;
  reader.at = reader.begin + static_cast<std::uint64_t>(offset);
  return OPJ_TRUE;
}

void on_error(const char* message, void* user) {
  auto& text = *static_cast<std::string*>(user);
  if (text.size() > 1000) return;
  if (!text.empty()) text += "; ";
  text += message;
  while (text.ends_with('\n')) text.pop_back();
}

void ignore(const char*, void*) {}

// ISO/IEC 15444-1, A.5.1: SIZ follows SOC; the sides of a tile come after its length, capabilities and four numbers.
Reader open_reader(const base::ByteSource& bytes, const CodeStream& stream, const base::CancelToken& cancel) {
  Reader reader{&bytes, stream.offset, stream.offset + stream.length, stream.offset, &cancel, stream.offset + 24, {},
                {}};
  const std::uint32_t width = std::min(stream.tile_width, stream.x1 - stream.tile_x0);
  const std::uint32_t height = std::min(stream.tile_height, stream.y1 - stream.tile_y0);
  for (std::size_t i = 0; i < 4; ++i) {
    reader.patch[i] = static_cast<std::uint8_t>(width >> (24 - 8 * i));
    reader.patch[i + 4] = static_cast<std::uint8_t>(height >> (24 - 8 * i));
  }
  return reader;
}

Stream open_stream(Reader& reader) {
  Stream stream(opj_stream_create(kBuffer, OPJ_TRUE));
  if (!stream) return stream;
  opj_stream_set_read_function(stream.get(), on_read);
  opj_stream_set_skip_function(stream.get(), on_skip);
  opj_stream_set_seek_function(stream.get(), on_seek);
  opj_stream_set_user_data(stream.get(), &reader, nullptr);
  opj_stream_set_user_data_length(stream.get(), reader.end - reader.begin);
  return stream;
}

Codec open_codec(std::string& messages, std::uint32_t reduce, bool lenient) {
  Codec codec(opj_create_decompress(OPJ_CODEC_J2K));
  if (!codec) return codec;
  opj_set_error_handler(codec.get(), on_error, &messages);
  opj_set_warning_handler(codec.get(), ignore, nullptr);
  opj_set_info_handler(codec.get(), ignore, nullptr);
  opj_dparameters_t parameters{};
  opj_set_default_decoder_parameters(&parameters);
  parameters.cp_reduce = reduce;
  if (!opj_setup_decoder(codec.get(), &parameters)) return {};
  opj_decoder_set_strict_mode(codec.get(), lenient ? OPJ_FALSE : OPJ_TRUE);
  return codec;
}

Result<Planes> planes_of(Image image, const CodeStream& stream, std::uint32_t reduce, GridArea area,
                         const std::string& messages) {
  if (image->numcomps != stream.components.size())
    return fail(ErrorCode::corrupt, "The JPEG 2000 picture is damaged.", "number of components");
  Planes planes;
  for (std::uint32_t i = 0; i < image->numcomps; ++i) {
    const opj_image_comp_t& component = image->comps[i];
    const image::Rect expected = component_rect(stream.components[i], area, reduce);
    if (component.data == nullptr || component.w != expected.width || component.h != expected.height ||
        expected.size().empty()) {
      return fail(ErrorCode::corrupt, "The JPEG 2000 picture is damaged.",
                  fmt::format("component {}: {}", i, messages));
    }
    planes.components.push_back({expected.x, expected.y, expected.width, expected.height, component.data});
  }
  planes.owner = std::shared_ptr<opj_image_t>(image.release(), ImageCloser());
  return planes;
}

// The area, or with `only_tile` that tile (then `area` is where it lies): the latter stops reading after it.
Result<Planes> run(const base::ByteSource& bytes, const CodeStream& code_stream, std::uint32_t reduce, GridArea area,
                   bool lenient, std::optional<std::uint32_t> only_tile, const base::CancelToken& cancel) {
  Reader reader = open_reader(bytes, code_stream, cancel);
  std::string messages;
  Stream stream = open_stream(reader);
  Codec codec = open_codec(messages, reduce, lenient);
  if (!stream || !codec) return fail(ErrorCode::internal, "The picture could not be read.", "OpenJPEG did not start");

  opj_image_t* header = nullptr;
  bool decoded = opj_read_header(stream.get(), codec.get(), &header) != 0;
  Image image(header);
  if (decoded && only_tile) {
    decoded = opj_get_decoded_tile(codec.get(), stream.get(), image.get(), *only_tile) != 0;
  } else if (decoded) {
    decoded =
        opj_set_decode_area(codec.get(), image.get(), static_cast<OPJ_INT32>(area.x0), static_cast<OPJ_INT32>(area.y0),
                            static_cast<OPJ_INT32>(area.x1), static_cast<OPJ_INT32>(area.y1)) != 0 &&
        opj_decode(codec.get(), stream.get(), image.get()) != 0;
  }
  if (auto stopped = cancel.check(); !stopped) return fail(stopped.error());
  if (!reader.broken.empty()) return fail(ErrorCode::io, "The picture could not be read.", reader.broken);
  // HT with regions of interest or many passes is said; with several layers it finds segments that are too long, or markers missing.
  const bool said =
      messages.find("not support") != std::string::npos || messages.find("Unsupported") != std::string::npos;
  if (!decoded && code_stream.high_throughput && (said || code_stream.layers > 1))
    return fail(ErrorCode::unsupported, missing_feature(code_stream), messages);
  if (!decoded && said) return fail(ErrorCode::unsupported, "This kind of JPEG 2000 is not supported.", messages);
  if (!decoded) return fail(ErrorCode::corrupt, "The JPEG 2000 picture is damaged.", messages);
  return planes_of(std::move(image), code_stream, reduce, area, messages);
}

}  // namespace

Result<Planes> decode_openjpeg(const base::ByteSource& bytes, const CodeStream& stream, std::uint32_t reduce,
                               GridArea area, bool lenient, const base::CancelToken& cancel) {
  return run(bytes, stream, reduce, area, lenient, std::nullopt, cancel);
}

Result<Planes> decode_openjpeg_tile(const base::ByteSource& bytes, const CodeStream& stream, std::uint32_t reduce,
                                    std::uint32_t tile, GridArea area) {
  return run(bytes, stream, reduce, area, true, tile, {});
}

}  // namespace armarium::codec::jp2
