// A PDF of one page that holds one JPEG (ISO 32000-1): our own writer, as there is nothing to it.

#include <algorithm>

#include <fmt/format.h>

#include "codec/pdf_writer.h"
#include "codec/registry.h"

namespace armarium::codec {
namespace {

using base::fail;
using base::Result;

// The picture's stream comes before its length is known: that is an object of its own behind it (7.3.8.2).
class PdfStrips final : public StripEncoder {
 public:
  PdfStrips(const StripFormat& format, std::string title, std::unique_ptr<StripEncoder> jpeg)
      : StripEncoder(format), title_(std::move(title)), jpeg_(std::move(jpeg)) {}

 private:
  Result<> write(const image::Pixels& strip, base::Bytes& out, const base::CancelToken& cancel) override {
    return picture(out, [&] { return jpeg_->add(strip, out, cancel); });
  }
  Result<> write(const image::Planes& strip, base::Bytes& out, const base::CancelToken& cancel) override {
    return picture(out, [&] { return jpeg_->add(strip, out, cancel); });
  }

  template <class Write>
  Result<> picture(base::Bytes& out, const Write& write) {
    if (!begun_) head(out);
    begun_ = true;
    const std::size_t before = out.size();
    auto written = write();
    document_.passed(out.size() - before);
    length_ += out.size() - before;
    return written;
  }

  void head(base::Bytes& out) {
    const image::Size size = format().size;
    // A pixel is a point, unless the page would get too large for readers.
    const double scale = std::min(1.0, kMostPdfPoints / std::max(size.width, size.height));
    const std::string box = fmt::format("{:.2f} {:.2f}", size.width * scale, size.height * scale);
    const std::string draw =
        fmt::format("q {:.2f} 0 0 {:.2f} 0 0 cm /Im0 Do Q", size.width * scale, size.height * scale);
    document_.put(out, kPdfHead);
    document_.object(out, "<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /DisplayDocTitle true >> >>");
    document_.object(out, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    document_.object(
        out,
        fmt::format("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {}] /Contents 4 0 R /Resources << /XObject << /Im0 5 "
                    "0 R >> >> >>",
                    box));
    document_.object(out, fmt::format("<< /Length {} >>\nstream\n{}\nendstream", draw.size(), draw));
    document_.begin(out);
    document_.put(
        out, fmt::format("<< /Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /{} /BitsPerComponent "
                         "8 /Filter /DCTDecode /Length 6 0 R >>\nstream\n",
                         size.width, size.height,
                         format().pixels.model == image::ColourModel::grey ? "DeviceGray" : "DeviceRGB"));
  }

  Result<> end(base::Bytes& out) override {
    if (auto ended = picture(out, [&] { return jpeg_->finish(out); }); !ended) return ended;
    document_.put(out, "\nendstream\nendobj\n");
    document_.object(out, std::to_string(length_));
    const std::size_t information =
        document_.object(out, fmt::format("<< /Title {} /Producer (Armarium) >>", pdf_text(title_)));
    document_.finish(out, 1, information);
    return {};
  }

  std::string title_;
  std::unique_ptr<StripEncoder> jpeg_;
  PdfWriter document_;
  bool begun_ = false;
  std::uint64_t length_ = 0;  // of the picture's stream so far
};

class PdfEncoder final : public Encoder {
 public:
  bool alpha() const noexcept override { return false; }
  std::uint32_t max_side() const noexcept override { return jpeg_encoder().max_side(); }
  std::string recipe(const EncodeOptions& options) const override { return "pdf-2-" + jpeg_encoder().recipe(options); }

  Result<base::Bytes> encode(const image::Pixels& pixels, const EncodeOptions& options,
                             const base::CancelToken& cancel) const override {
    return whole(pixels, {pixels.size(), pixels.format(), {}}, options, cancel);
  }
  image::Sampling planes(const EncodeOptions& options) const noexcept override {
    return jpeg_encoder().planes(options);
  }
  Result<base::Bytes> encode_planes(const image::Planes& planes, const EncodeOptions& options,
                                    const base::CancelToken& cancel) const override {
    return whole(planes, {planes.size(), image::kRgb8, planes.sampling()}, options, cancel);
  }

  bool in_strips() const noexcept override { return true; }
  Result<std::unique_ptr<StripEncoder>> begin(const StripFormat& format, const EncodeOptions& options) const override {
    auto jpeg = jpeg_encoder().begin(format, options);
    if (!jpeg) return jpeg;
    return std::make_unique<PdfStrips>(format, options.title, std::move(*jpeg));
  }

 private:
  template <class Raster>
  Result<base::Bytes> whole(const Raster& raster, const StripFormat& format, const EncodeOptions& options,
                            const base::CancelToken& cancel) const {
    auto strips = begin(format, options);
    if (!strips) return fail(std::move(strips.error()));
    base::Bytes out;
    if (auto added = (*strips)->add(raster, out, cancel); !added) return fail(std::move(added.error()));
    if (auto finished = (*strips)->finish(out); !finished) return fail(std::move(finished.error()));
    return out;
  }
};

}  // namespace

const Encoder& pdf_encoder() {
  static const PdfEncoder encoder;
  return encoder;
}

}  // namespace armarium::codec
