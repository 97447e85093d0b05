#include "codec/pdf_writer.h"

#include <fmt/format.h>

namespace armarium::codec {

std::size_t PdfWriter::reserve() {
  offsets_.push_back(0);
  return offsets_.size();
}

std::size_t PdfWriter::begin(base::Bytes& out, std::size_t number) {
  offsets_[number - 1] = written_;
  put(out, fmt::format("{} 0 obj\n", number));
  return number;
}

std::size_t PdfWriter::object(base::Bytes& out, std::size_t number, std::string_view body) {
  begin(out, number);
  put(out, body);
  put(out, "\nendobj\n");
  return number;
}

void PdfWriter::put(base::Bytes& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
  written_ += text.size();
}

void PdfWriter::finish(base::Bytes& out, std::size_t catalogue, std::size_t information) {
  const std::uint64_t start = written_;
  put(out, fmt::format("xref\n0 {}\n0000000000 65535 f \n", offsets_.size() + 1));
  for (const std::uint64_t offset : offsets_) put(out, fmt::format("{:010} 00000 n \n", offset));
  put(out, fmt::format("trailer\n<< /Size {} /Root {} 0 R /Info {} 0 R >>\nstartxref\n{}\n%%EOF\n", offsets_.size() + 1,
                       catalogue, information, start));
}

std::string pdf_text(std::string_view text) {
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

}  // namespace armarium::codec
