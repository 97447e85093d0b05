#pragma once
// A PDF of pictures, one on each page, written page by page (ISO 32000-1): JPEG files go in as they are. Holds where things lie, not what they are. One thread.

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "codec/pdf_writer.h"
#include "image/geometry.h"

namespace armarium::codec {

class PdfBook {
 public:
  // Pixels of a picture on an inch of its page.
  static constexpr double kResolution = 150;

  explicit PdfBook(std::string title) : title_(std::move(title)) {}

  // Each call appends to `out`; `label` is what readers show as the page's number. corrupt, and nothing written, where `jpeg` is none.
  base::Result<> add_page(base::ByteView jpeg, std::string_view label, base::Bytes& out);
  void add_empty_page(image::Size size, std::string_view label, base::Bytes& out);
  void finish(base::Bytes& out);

 private:
  void begin(base::Bytes& out);
  void page(image::Size size, std::string_view label, const std::string& more, base::Bytes& out);

  std::string title_;
  PdfWriter writer_;
  std::size_t catalogue_ = 0;
  std::size_t tree_ = 0;
  std::vector<std::size_t> pages_;
  std::vector<std::string> labels_;
};

}  // namespace armarium::codec
