// Whatever libvips loads as one raster: HEIC, AVIF, BMP, FITS, OpenEXR, Radiance, PNM and the rest. The loader is chosen by content.

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
using codec::Format;
using codec::worker::IndexAnswer;
using codec::worker::Job;
using codec::worker::PageAnswer;

constexpr off_t kMaxMagick = off_t{512} << 20;

bool starts(base::ByteView head, std::size_t at, std::string_view magic) {
  return head.size() >= at + magic.size() && std::memcmp(head.data() + at, magic.data(), magic.size()) == 0;
}

// ImageMagick reads many things that are programs rather than pictures (MVG, MSL, text). It is asked for these binary formats only.
bool for_magick(const Input& input) {
  Bytes head(132);
  if (auto read = codec::worker::read_all(input.descriptor, 0, head); !read) return false;
  using namespace std::string_view_literals;
  return starts(head, 128, "DICM") || starts(head, 0, "8BPS") || starts(head, 0, "gimp xcf") ||
         starts(head, 0, "SDPX") || starts(head, 0, "XPDS") || starts(head, 0, "\x59\xA6\x6A\x95"sv) ||
         starts(head, 0, "\x01\xDA"sv) || starts(head, 0, "\x0A\x05\x01"sv) || starts(head, 0, "\0\0\1\0"sv) ||
         starts(head, 0, "\xD7\xCD\xC6\x9A"sv) || input.format == Format::bmp;
}

constexpr const char* kDicom = "a DICOM file that ImageMagick does not read";

bool is_dicom(const Input& input) {
  Bytes head(132);
  return codec::worker::read_all(input.descriptor, 0, head) && starts(head, 128, "DICM");
}

enum class Way { heif, magick, other };

// How libvips shall load it; unsupported when nothing does, or only something that reads programs or raw numbers.
Result<Way> way_for(const Input& input) {
  // Image sequences are told by their first bytes better than libvips does.
  if (input.format == Format::avif || input.format == Format::heic) return Way::heif;
  const char* found = vips_foreign_find_load(input.path.c_str());
  if (found == nullptr) {
    vips_error_clear();
    return fail(ErrorCode::unsupported, "Nothing here can read this kind of file.", is_dicom(input) ? kDicom : "");
  }
  const std::string_view name = found;
  auto is = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
  const bool refused = is("Csv") || is("Matrix") || is("Raw") || is("LoadVips") || is("LoadMat") || is("Analyze") ||
                       (is("Magick") && !for_magick(input));
  if (refused) return fail(ErrorCode::unsupported, "Nothing here can read this kind of file.", found);
  return is("Magick") ? Way::magick : Way::other;
}

Result<Bytes> whole_file(const Input& input) {
  const off_t end = lseek(input.descriptor, 0, SEEK_END);
  if (end < 0 || end > kMaxMagick) return fail(ErrorCode::resource_limit, "The file is too large.");
  Bytes file(static_cast<std::size_t>(end));
  if (auto read = codec::worker::read_all(input.descriptor, 0, file); !read) return fail(std::move(read.error()));
  return file;
}

class RasterReader final : public Reader {
 public:
  RasterReader(Bytes file, Image image, Conversion conversion, bool upright)
      : file_(std::move(file)), image_(std::move(image)), conversion_(conversion), upright_(upright) {}

  Result<IndexAnswer> index(const Job& limits) override {
    IndexAnswer answer;
    copy_metadata(image_.get(), limits.max_metadata, answer);
    PageAnswer page;
    page.size = {static_cast<std::uint32_t>(vips_image_get_width(image_.get())),
                 static_cast<std::uint32_t>(vips_image_get_height(image_.get()))};
    if (page.size.area() > limits.max_pixels) return fail(ErrorCode::resource_limit, "The picture is too large.");
    page.pixels = conversion_.pixels;
    const int orientation = upright_ ? 1 : vips_image_get_orientation(image_.get());
    page.orientation = static_cast<std::uint8_t>(orientation >= 1 && orientation <= 8 ? orientation : 1);
    page.profile = answer.profiles.empty() || conversion_.to_srgb || conversion_.stretch ? -1 : 0;
    add_half_levels(page);
    answer.pages.push_back(std::move(page));
    return answer;
  }

  Result<Bytes> read(const Job& job) override {
    const std::uint64_t width = static_cast<std::uint64_t>(vips_image_get_width(image_.get()));
    const std::uint64_t height = static_cast<std::uint64_t>(vips_image_get_height(image_.get()));
    if (job.full.width != width || job.full.height != height) return fail(ErrorCode::corrupt, "The file has changed.");
    if (width * height * VIPS_IMAGE_SIZEOF_PEL(image_.get()) > job.max_decode_bytes)
      return fail(ErrorCode::resource_limit, "The picture is too large.");
    if (conversion_.stretch && !span_) {
      auto span = span_of(image_.get(), conversion_.bands);
      if (!span) return fail(std::move(span.error()));
      span_ = *span;
    }
    auto converted = convert(image_.get(), conversion_, span_);
    if (!converted) return fail(std::move(converted.error()));
    return read_level(converted->get(), job);
  }

 private:
  Bytes file_;  // what the image is loaded from, where that is memory
  Image image_;
  Conversion conversion_;
  bool upright_;  // the loader turns the picture itself
  std::optional<Span> span_;
};

}  // namespace

Result<std::unique_ptr<Reader>> open_raster(const Input& input) {
  const auto way = way_for(input);
  if (!way) return fail(way.error());
  Bytes file;
  VipsImage* loaded = nullptr;
  int status = 0;
  if (*way == Way::heif) {
    status = vips_heifload(input.path.c_str(), &loaded, nullptr);
  } else if (*way == Way::magick) {
    // From memory: by name it follows links and refuses some.
    auto bytes = whole_file(input);
    if (!bytes) return fail(std::move(bytes.error()));
    file = std::move(*bytes);
    status = vips_magickload_buffer(file.data(), file.size(), &loaded, nullptr);
  } else {
    loaded = vips_image_new_from_file(input.path.c_str(), "access", VIPS_ACCESS_RANDOM, nullptr);
  }
  auto packed = checked(status, loaded);
  if (!packed && *way == Way::magick && is_dicom(input))
    return fail(ErrorCode::unsupported, "Nothing here can read this kind of file.", kDicom);
  if (!packed) return fail(std::move(packed.error()));
  // Radiance and LabQ hold their numbers packed: what their bands say is true of the plain numbers only.
  VipsImage* plain = nullptr;
  auto image = checked(vips_image_decode(packed->get(), &plain), plain);
  if (!image) return fail(std::move(image.error()));
  auto conversion = conversion_of(image->get());
  if (!conversion) return fail(std::move(conversion.error()));
  return std::make_unique<RasterReader>(std::move(file), std::move(*image), *conversion, *way == Way::heif);
}

}  // namespace armarium::decode
