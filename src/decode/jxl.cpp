// JPEG XL by libjxl: the first frame, layers merged, turned upright by the library. CMYK (a black extra channel) stays CMYK; other extra channels but alpha are
// passed over, spot colours drawn.

#include <jxl/decode.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "codec/worker_process.h"
#include "decode/reader.h"
#include "decode/vips_image.h"

namespace armarium::decode {
namespace {

using base::Bytes;
using base::ErrorCode;
using base::fail;
using base::Result;
using codec::worker::IndexAnswer;
using codec::worker::Job;
using codec::worker::PageAnswer;

constexpr off_t kMaxFile = off_t{1} << 30;

struct DecoderCloser {
  void operator()(JxlDecoder* decoder) const { JxlDecoderDestroy(decoder); }
};
using Decoder = std::unique_ptr<JxlDecoder, DecoderCloser>;

tl::unexpected<base::Error> damaged(const char* what) { return fail(ErrorCode::corrupt, "The file is damaged.", what); }

struct Header {
  image::Size size;
  image::PixelFormat pixels;
  std::optional<std::uint32_t> black;  // number of the extra channel
};

Decoder open_decoder(const Bytes& file, int events) {
  Decoder decoder(JxlDecoderCreate(nullptr));
  if (!decoder || JxlDecoderSubscribeEvents(decoder.get(), events) != JXL_DEC_SUCCESS) return {};
  JxlDecoderSetUnpremultiplyAlpha(decoder.get(), JXL_TRUE);
  if (JxlDecoderSetInput(decoder.get(), file.data(), file.size()) != JXL_DEC_SUCCESS) return {};
  JxlDecoderCloseInput(decoder.get());
  return decoder;
}

Result<Header> header_of(JxlDecoder* decoder) {
  JxlBasicInfo info;
  if (JxlDecoderGetBasicInfo(decoder, &info) != JXL_DEC_SUCCESS) return damaged("no basic info");
  Header header;
  header.size = {info.xsize, info.ysize};
  header.pixels.model = info.num_color_channels == 1 ? image::ColourModel::grey : image::ColourModel::rgb;
  header.pixels.bits = info.bits_per_sample > 8 ? 16 : 8;
  header.pixels.alpha = info.alpha_bits > 0;
  for (std::uint32_t i = 0; i < info.num_extra_channels && !header.black; ++i) {
    JxlExtraChannelInfo channel;
    if (JxlDecoderGetExtraChannelInfo(decoder, i, &channel) == JXL_DEC_SUCCESS && channel.type == JXL_CHANNEL_BLACK)
      header.black = i;
  }
  if (header.black && info.num_color_channels == 3) {
    header.pixels.model = image::ColourModel::cmyk;
    header.pixels.inverted = true;  // 0 is full ink
    header.pixels.alpha = false;
  }
  return header;
}

// What the library writes: colour and, without black, alpha.
JxlPixelFormat format_of(const Header& header) {
  JxlPixelFormat format{};
  format.num_channels = header.black ? 3 : header.pixels.channels();
  format.data_type = header.pixels.bits == 16 ? JXL_TYPE_UINT16 : JXL_TYPE_UINT8;
  format.endianness = JXL_NATIVE_ENDIAN;
  return format;
}

Bytes profile_of(JxlDecoder* decoder, const Header& header, std::uint64_t most) {
  const JxlPixelFormat format = format_of(header);
  std::size_t length = 0;
  if (JxlDecoderGetICCProfileSize(decoder, &format, JXL_COLOR_PROFILE_TARGET_DATA, &length) != JXL_DEC_SUCCESS ||
      length > most)
    return {};
  Bytes profile(length);
  if (JxlDecoderGetColorAsICCProfile(decoder, &format, JXL_COLOR_PROFILE_TARGET_DATA, profile.data(), length) !=
      JXL_DEC_SUCCESS)
    return {};
  return profile;
}

// Collects the boxes with EXIF and XMP while the decoder walks the file.
class Boxes {
 public:
  Boxes(JxlDecoder* decoder, std::uint64_t most) : decoder_(decoder), most_(most) {}

  void begin() {
    finish();
    JxlBoxType type;
    if (JxlDecoderGetBoxType(decoder_, type, JXL_TRUE) != JXL_DEC_SUCCESS) return;
    into_ = nullptr;
    if (std::memcmp(type, "Exif", 4) == 0 && exif.empty()) into_ = &exif;
    if (std::memcmp(type, "xml ", 4) == 0 && xmp.empty()) into_ = &xmp;
    if (into_ == nullptr) return;
    into_->resize(kStep);
    JxlDecoderSetBoxBuffer(decoder_, into_->data(), into_->size());
  }
  // False when the box is too large.
  bool grow() {
    if (into_ == nullptr) return false;
    const std::size_t used = into_->size() - JxlDecoderReleaseBoxBuffer(decoder_);
    if (into_->size() >= most_) return false;
    into_->resize(into_->size() * 2);
    return JxlDecoderSetBoxBuffer(decoder_, into_->data() + used, into_->size() - used) == JXL_DEC_SUCCESS;
  }
  void finish() {
    if (into_ == nullptr) return;
    into_->resize(into_->size() - JxlDecoderReleaseBoxBuffer(decoder_));
    into_ = nullptr;
  }

  Bytes exif;
  Bytes xmp;

 private:
  static constexpr std::size_t kStep = std::size_t{64} << 10U;
  JxlDecoder* decoder_;
  std::uint64_t most_;
  Bytes* into_ = nullptr;
};

// ISO/IEC 18181-2: the EXIF box begins with the offset of the TIFF header.
Bytes without_offset(Bytes exif) {
  if (exif.size() < 4) return {};
  const std::uint64_t offset =
      std::uint64_t{exif[0]} << 24U | std::uint64_t{exif[1]} << 16U | std::uint64_t{exif[2]} << 8U | exif[3];
  if (offset > exif.size() - 4) return {};
  exif.erase(exif.begin(), exif.begin() + static_cast<std::ptrdiff_t>(4 + offset));
  return exif;
}

class JxlReader final : public Reader {
 public:
  explicit JxlReader(Bytes file) : file_(std::move(file)) {}

  Result<IndexAnswer> index(const Job& limits) override {
    const Decoder decoder = open_decoder(file_, JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_BOX);
    if (!decoder) return damaged("libjxl did not start");
    JxlDecoderSetDecompressBoxes(decoder.get(), JXL_TRUE);
    Boxes boxes(decoder.get(), limits.max_metadata);
    IndexAnswer answer;
    std::optional<Header> header;
    for (bool more = true; more;) {
      switch (JxlDecoderProcessInput(decoder.get())) {
        case JXL_DEC_BASIC_INFO: {
          auto found = header_of(decoder.get());
          if (!found) return fail(std::move(found.error()));
          header = *found;
          break;
        }
        case JXL_DEC_COLOR_ENCODING:
          if (Bytes profile = profile_of(decoder.get(), *header, limits.max_metadata); !profile.empty())
            answer.profiles.push_back(std::move(profile));
          break;
        case JXL_DEC_BOX: boxes.begin(); break;
        case JXL_DEC_BOX_NEED_MORE_OUTPUT: more = boxes.grow(); break;
        default: more = false;  // the end, or damage further on
      }
    }
    boxes.finish();
    if (!header) return damaged("no header");
    answer.metadata.exif = without_offset(std::move(boxes.exif));
    answer.metadata.xmp = std::move(boxes.xmp);
    if (header->size.area() > limits.max_pixels) return fail(ErrorCode::resource_limit, "The picture is too large.");
    PageAnswer page;
    page.size = header->size;
    page.pixels = header->pixels;
    page.profile = answer.profiles.empty() ? -1 : 0;
    add_half_levels(page);
    answer.pages.push_back(std::move(page));
    return answer;
  }

  Result<Bytes> read(const Job& job) override {
    if (!image_) {
      if (auto decoded = decode(job); !decoded) return fail(std::move(decoded.error()));
    }
    return read_level(image_.get(), job);
  }

 private:
  Result<> decode(const Job& job) {
    const Decoder decoder = open_decoder(file_, JXL_DEC_BASIC_INFO | JXL_DEC_FULL_IMAGE);
    if (!decoder) return damaged("libjxl did not start");
    Header header;
    Bytes black;
    while (true) {
      switch (JxlDecoderProcessInput(decoder.get())) {
        case JXL_DEC_BASIC_INFO: {
          auto found = header_of(decoder.get());
          if (!found) return fail(std::move(found.error()));
          header = *found;
          if (header.size != job.full || header.pixels != job.pixels) return damaged("the file has changed");
          if (header.size.area() * header.pixels.bytes_per_pixel() * 3 > job.max_decode_bytes)
            return fail(ErrorCode::resource_limit, "The picture is too large.");
          break;
        }
        case JXL_DEC_NEED_IMAGE_OUT_BUFFER:
          if (!set_buffers(decoder.get(), header, black)) return damaged("no room for the pixels");
          break;
        case JXL_DEC_FULL_IMAGE: return wrap(header, black);
        case JXL_DEC_NEED_MORE_INPUT:
          // A truncated file gives what is there.
          if (!pixels_.empty() && JxlDecoderFlushImage(decoder.get()) == JXL_DEC_SUCCESS) return wrap(header, black);
          return damaged("the file ends too early");
        default: return damaged("libjxl gave up");
      }
    }
  }

  bool set_buffers(JxlDecoder* decoder, const Header& header, Bytes& black) {
    const JxlPixelFormat format = format_of(header);
    std::size_t length = 0;
    if (JxlDecoderImageOutBufferSize(decoder, &format, &length) != JXL_DEC_SUCCESS) return false;
    if (length != header.size.area() * format.num_channels * (header.pixels.bits / 8U)) return false;
    pixels_.resize(length);
    if (JxlDecoderSetImageOutBuffer(decoder, &format, pixels_.data(), length) != JXL_DEC_SUCCESS) return false;
    if (!header.black) return true;
    JxlPixelFormat single = format;
    single.num_channels = 1;
    if (JxlDecoderExtraChannelBufferSize(decoder, &single, &length, *header.black) != JXL_DEC_SUCCESS) return false;
    if (length != header.size.area() * (header.pixels.bits / 8U)) return false;
    black.resize(length);
    return JxlDecoderSetExtraChannelBuffer(decoder, &single, black.data(), length, *header.black) == JXL_DEC_SUCCESS;
  }

  Result<> wrap(const Header& header, const Bytes& black) {
    if (header.black) {
      const std::size_t sample = header.pixels.bits / 8U;
      Bytes joined(pixels_.size() / 3 * 4);
      for (std::size_t i = 0; i < header.size.area(); ++i) {
        std::memcpy(&joined[i * 4 * sample], &pixels_[i * 3 * sample], 3 * sample);
        std::memcpy(&joined[(i * 4 + 3) * sample], &black[i * sample], sample);
      }
      pixels_ = std::move(joined);
    }
    const VipsBandFormat format = header.pixels.bits == 16 ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR;
    auto image = checked(vips_image_new_from_memory(pixels_.data(), pixels_.size(), static_cast<int>(header.size.width),
                                                    static_cast<int>(header.size.height),
                                                    static_cast<int>(header.pixels.channels()), format));
    if (!image) return fail(std::move(image.error()));
    image_ = std::move(*image);
    return {};
  }

  Bytes file_;
  Bytes pixels_;  // outlives the image, which does not copy them
  Image image_;
};

}  // namespace

Result<std::unique_ptr<Reader>> open_jxl(const Input& input) {
  const off_t end = lseek(input.descriptor, 0, SEEK_END);
  if (end <= 0 || end > kMaxFile)
    return fail(end > 0 ? ErrorCode::resource_limit : ErrorCode::corrupt, "The file cannot be read.");
  Bytes file(static_cast<std::size_t>(end));
  if (auto read = codec::worker::read_all(input.descriptor, 0, file); !read) return fail(std::move(read.error()));
  const JxlSignature signature = JxlSignatureCheck(file.data(), file.size());
  if (signature != JXL_SIG_CODESTREAM && signature != JXL_SIG_CONTAINER) return damaged("no JPEG XL");
  return std::make_unique<JxlReader>(std::move(file));
}

}  // namespace armarium::decode
