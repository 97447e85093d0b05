// A PDF of one page that holds one JPEG (ISO 32000-1): our own writer, as there is nothing to it.

#include <algorithm>

#include <fmt/format.h>

#include "codec/registry.h"

namespace armarium::codec {
namespace {

using base::Result;

constexpr double kMaxPoints = 14400;  // ISO 32000-1, annex C.2: of a page's side

// A text string in UTF-16, as hexadecimal digits (7.9.2.2). `text` is UTF-8; what is no UTF-8 becomes a question mark.
std::string text_string(std::string_view text) {
  std::string out = "<FEFF";
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xC2 && lead < 0xE0 ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    std::uint32_t code = length == 1 ? lead : length == 0 ? 0 : lead & (0x7FU >> length);
    bool good = length != 0 && i + length <= text.size();
    for (std::size_t k = 1; good && k < length; ++k) {
      good = (static_cast<std::uint8_t>(text[i + k]) & 0xC0) == 0x80;
      code = code << 6 | (static_cast<std::uint8_t>(text[i + k]) & 0x3FU);
    }
    i += good ? length : 1;
    if (!good) code = '?';
    if (code < 0x10000)
      out += fmt::format("{:04X}", code);
    else
      out += fmt::format("{:04X}{:04X}", 0xD800 + ((code - 0x10000) >> 10), 0xDC00 + ((code - 0x10000) & 0x3FF));
  }
  return out + ">";
}

class Document {
 public:
  void object(std::string_view body) {
    begin();
    put(body);
    put("\nendobj\n");
  }
  void stream(std::string_view dictionary, base::ByteView data) {
    begin();
    put(fmt::format("<< {} /Length {} >>\nstream\n", dictionary, data.size()));
    bytes_.insert(bytes_.end(), data.begin(), data.end());
    put("\nendstream\nendobj\n");
  }
  // Cross-reference table (7.5.4) and trailer; object 1 is the catalogue, the last one the information dictionary.
  base::Bytes finish() {
    const std::size_t start = bytes_.size();
    put(fmt::format("xref\n0 {}\n0000000000 65535 f \n", offsets_.size() + 1));
    for (const std::size_t offset : offsets_) put(fmt::format("{:010} 00000 n \n", offset));
    put(fmt::format("trailer\n<< /Size {} /Root 1 0 R /Info {} 0 R >>\nstartxref\n{}\n%%EOF\n", offsets_.size() + 1,
                    offsets_.size(), start));
    return std::move(bytes_);
  }
  void put(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }

 private:
  void begin() {
    offsets_.push_back(bytes_.size());
    put(fmt::format("{} 0 obj\n", offsets_.size()));
  }
  base::Bytes bytes_;
  std::vector<std::size_t> offsets_;
};

class PdfEncoder final : public Encoder {
 public:
  bool alpha() const noexcept override { return false; }
  std::uint32_t max_side() const noexcept override { return jpeg_encoder().max_side(); }
  std::string recipe(const EncodeOptions& options) const override { return "pdf-1-" + jpeg_encoder().recipe(options); }

  Result<base::Bytes> encode(const image::Pixels& pixels, const EncodeOptions& options,
                             const base::CancelToken& cancel) const override {
    auto jpeg = jpeg_encoder().encode(pixels, options, cancel);
    if (!jpeg) return jpeg;
    // A pixel is a point, unless the page would get too large for readers.
    const double scale = std::min(1.0, kMaxPoints / std::max(pixels.width(), pixels.height()));
    const std::string box = fmt::format("{:.2f} {:.2f}", pixels.width() * scale, pixels.height() * scale);
    const std::string draw =
        fmt::format("q {:.2f} 0 0 {:.2f} 0 0 cm /Im0 Do Q", pixels.width() * scale, pixels.height() * scale);
    Document document;
    document.put("%PDF-1.4\n%\xE2\xE3\xCF\xD3\n");
    document.object("<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /DisplayDocTitle true >> >>");
    document.object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    document.object(fmt::format(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {}] /Contents 4 0 R /Resources << /XObject << /Im0 5 0 R >> >> >>",
        box));
    document.stream("", base::as_bytes(draw));
    document.stream(fmt::format("/Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /{} /BitsPerComponent "
                                "8 /Filter /DCTDecode",
                                pixels.width(), pixels.height(),
                                pixels.format().model == image::ColourModel::grey ? "DeviceGray" : "DeviceRGB"),
                    *jpeg);
    document.object(fmt::format("<< /Title {} /Producer (Armarium) >>", text_string(options.title)));
    return document.finish();
  }
};

}  // namespace

const Encoder& pdf_encoder() {
  static const PdfEncoder encoder;
  return encoder;
}

}  // namespace armarium::codec
