#pragma once
// The objects of a PDF file, written one after the other (ISO 32000-1, 7.5): nothing that was written is held, only where it lies. One thread; cannot fail.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace armarium::codec {

inline constexpr std::string_view kPdfHead = "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n";
inline constexpr double kMostPdfPoints = 14400;  // annex C.2: of a page's side

class PdfWriter {
 public:
  // Objects have numbers from 1 in the order in which they are named here; a reserved one is written later.
  std::size_t reserve();
  std::size_t begin(base::Bytes& out) { return begin(out, reserve()); }
  std::size_t begin(base::Bytes& out, std::size_t number);
  // A whole object.
  std::size_t object(base::Bytes& out, std::string_view body) { return object(out, reserve(), body); }
  std::size_t object(base::Bytes& out, std::size_t number, std::string_view body);
  void put(base::Bytes& out, std::string_view text);
  // What somebody else appended.
  void passed(std::uint64_t bytes) { written_ += bytes; }
  // Cross-reference table (7.5.4) and trailer. Every reserved object was written.
  void finish(base::Bytes& out, std::size_t catalogue, std::size_t information);

 private:
  std::uint64_t written_ = 0;
  std::vector<std::uint64_t> offsets_;  // by number, from 1
};

// A text string in UTF-16, as hexadecimal digits (7.9.2.2). `text` is UTF-8; what is no UTF-8 becomes a question mark.
std::string pdf_text(std::string_view text);

}  // namespace armarium::codec
