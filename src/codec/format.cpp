#include "codec/format.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace armarium::codec {
namespace {

using base::ByteView;

constexpr std::array<FormatInfo, 18> kFormats{{
    {Format::unknown, "unknown", "", "application/octet-stream", "unknown"},
    {Format::jpeg, "jpeg", "jpg", "image/jpeg", "JPEG"},
    {Format::tiff, "tiff", "tif", "image/tiff", "TIFF"},
    {Format::jp2, "jp2", "jp2", "image/jp2", "JPEG 2000"},
    {Format::png, "png", "png", "image/png", "PNG"},
    {Format::webp, "webp", "webp", "image/webp", "WebP"},
    {Format::gif, "gif", "gif", "image/gif", "GIF"},
    {Format::avif, "avif", "avif", "image/avif", "AVIF"},
    {Format::heic, "heic", "", "image/heic", "HEIC"},
    {Format::jxl, "jxl", "jxl", "image/jxl", "JPEG XL"},
    {Format::pdf, "pdf", "pdf", "application/pdf", "PDF"},
    {Format::svg, "svg", "", "image/svg+xml", "SVG"},
    {Format::bmp, "bmp", "", "image/bmp", "BMP"},
    {Format::fits, "fits", "", "image/fits", "FITS"},
    {Format::openexr, "openexr", "", "image/x-exr", "OpenEXR"},
    {Format::hdr, "hdr", "", "image/vnd.radiance", "Radiance HDR"},
    {Format::pnm, "pnm", "", "image/x-portable-anymap", "PNM"},
    {Format::other, "other", "", "application/octet-stream", "other"},
}};

bool has(ByteView head, std::size_t at, std::string_view magic) noexcept {
  return head.size() >= at + magic.size() && std::memcmp(head.data() + at, magic.data(), magic.size()) == 0;
}

std::uint32_t u32(ByteView head, std::size_t at) noexcept {
  if (head.size() < at + 4) return 0;
  return std::uint32_t{head[at]} << 24 | std::uint32_t{head[at + 1]} << 16 | std::uint32_t{head[at + 2]} << 8 |
         head[at + 3];
}

// ISO/IEC 14496-12, 4.3: the brands of the first box tell AVIF from HEIC; an image sequence counts as its still format.
Format sniff_brands(ByteView head) noexcept {
  if (!has(head, 4, "ftyp")) return Format::unknown;
  const std::size_t end = std::min<std::size_t>({u32(head, 0), head.size(), 256});
  Format found = Format::unknown;
  for (std::size_t at = 8; at + 4 <= end; at += 4) {
    if (at == 12) continue;  // minor version, not a brand
    if (has(head, at, "avif") || has(head, at, "avis")) return Format::avif;
    for (std::string_view brand :
         {"heic", "heix", "hevc", "hevx", "heim", "heis", "hevm", "hevs", "mif1", "msf1", "miaf"}) {
      if (has(head, at, brand)) found = Format::heic;
    }
  }
  return found;
}

bool is_jp2(ByteView head) noexcept {
  using namespace std::string_view_literals;
  return has(head, 0, "\0\0\0\x0CjP  \r\n\x87\n"sv) || has(head, 0, "\0\0\0\x0CjP\x1A\x1A\r\n\x87\n"sv) ||
         has(head, 0, "\xFF\x4F\xFF\x51"sv);
}

bool is_jxl(ByteView head) noexcept {
  using namespace std::string_view_literals;
  return has(head, 0, "\xFF\x0A"sv) || has(head, 0, "\0\0\0\x0CJXL \r\n\x87\n"sv);
}

bool is_tiff(ByteView head) noexcept {
  using namespace std::string_view_literals;
  return has(head, 0, "II*\0"sv) || has(head, 0, "MM\0*"sv) || has(head, 0, "II+\0"sv) || has(head, 0, "MM\0+"sv);
}

bool is_bmp(ByteView head) noexcept {
  if (!has(head, 0, "BM") || head.size() < 18) return false;
  const std::uint32_t header = head[14] | std::uint32_t{head[15]} << 8;  // size of the DIB header, little-endian
  return head[16] == 0 && head[17] == 0 && (header == 12 || (header >= 40 && header <= 124));
}

// P1 to P6 and P7 (PAM), PF and Pf (PFM), each followed by white space.
bool is_pnm(ByteView head) noexcept {
  if (head.size() < 3 || head[0] != 'P' || std::strchr("1234567Ff", head[1]) == nullptr || head[1] == 0) return false;
  return head[2] == '\n' || head[2] == '\r' || head[2] == ' ' || head[2] == '\t';
}

// Some producers put a few bytes before %PDF; readers look in the first KB (ISO 32000-1, annex H.3.4.1).
bool is_pdf(ByteView head) noexcept {
  return base::as_text(head.first(std::min<std::size_t>(head.size(), 1024 + 5))).find("%PDF-") !=
         std::string_view::npos;
}

// An XML document whose first element is svg, perhaps after a declaration, comments and a document type.
bool is_svg(ByteView head) noexcept {
  std::string_view text = base::as_text(head);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (true) {
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos || text[start] != '<') return false;
    text.remove_prefix(start);
    std::string_view close;
    if (text.starts_with("<!--"))
      close = "-->";
    else if (text.starts_with("<?"))
      close = "?>";
    else if (text.starts_with("<!DOCTYPE"))
      close = text.substr(0, text.find('>')).find('[') != std::string_view::npos ? "]>" : ">";
    else
      break;
    const std::size_t end = text.find(close);
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + close.size());
  }
  const std::string_view name = text.substr(1, text.find_first_of(" \t\r\n>/", 1) - 1);
  return name == "svg" || name.ends_with(":svg");
}

}  // namespace

const FormatInfo& info(Format format) noexcept {
  const auto index = static_cast<std::size_t>(format);
  return kFormats[index < kFormats.size() ? index : 0];
}

std::optional<Format> by_name(std::string_view name) noexcept {
  for (const FormatInfo& row : kFormats) {
    if (row.name == name) return row.format;
  }
  return std::nullopt;
}

std::optional<Format> by_extension(std::string_view extension) noexcept {
  for (const FormatInfo& row : kFormats) {
    if (!row.extension.empty() && row.extension == extension) return row.format;
  }
  return std::nullopt;
}

Format sniff(ByteView head) noexcept {
  using namespace std::string_view_literals;
  if (has(head, 0, "\xFF\xD8\xFF"sv)) return Format::jpeg;
  if (is_tiff(head)) return Format::tiff;
  if (is_jp2(head)) return Format::jp2;
  if (has(head, 0, "\x89PNG\r\n\x1A\n"sv)) return Format::png;
  if (has(head, 0, "RIFF") && has(head, 8, "WEBP")) return Format::webp;
  if (has(head, 0, "GIF87a") || has(head, 0, "GIF89a")) return Format::gif;
  if (is_jxl(head)) return Format::jxl;
  if (const Format brand = sniff_brands(head); brand != Format::unknown) return brand;
  if (has(head, 0, "SIMPLE  =")) return Format::fits;
  if (has(head, 0, "\x76\x2F\x31\x01"sv)) return Format::openexr;
  if (has(head, 0, "#?RADIANCE") || has(head, 0, "#?RGBE")) return Format::hdr;
  if (is_pdf(head)) return Format::pdf;
  if (is_bmp(head)) return Format::bmp;
  if (is_pnm(head)) return Format::pnm;
  if (is_svg(head)) return Format::svg;
  return Format::unknown;
}

}  // namespace armarium::codec
