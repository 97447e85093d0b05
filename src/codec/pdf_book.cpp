#include "codec/pdf_book.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/byte_source.h"
#include "codec/jpeg_header.h"

namespace armarium::codec {
namespace {

struct Box {
  double width = 0;
  double height = 0;
};

Box box_of(image::Size size) {
  const double scale =
      std::min(72 / PdfBook::kResolution, kMostPdfPoints / std::max({size.width, size.height, std::uint32_t{1}}));
  return {size.width * scale, size.height * scale};
}

std::string_view colour_space(const JpegHeader& header) {
  return header.components == 1 ? "DeviceGray" : header.components == 4 ? "DeviceCMYK" : "DeviceRGB";
}

}  // namespace

void PdfBook::begin(base::Bytes& out) {
  if (catalogue_ != 0) return;
  writer_.put(out, kPdfHead);
  catalogue_ = writer_.reserve();
  tree_ = writer_.reserve();
}

void PdfBook::page(image::Size size, std::string_view label, const std::string& more, base::Bytes& out) {
  const Box box = box_of(size);
  pages_.push_back(writer_.object(out, fmt::format("<< /Type /Page /Parent {} 0 R /MediaBox [0 0 {:.2f} {:.2f}] {} >>",
                                                   tree_, box.width, box.height, more)));
  labels_.emplace_back(label);
}

base::Result<> PdfBook::add_page(base::ByteView jpeg, std::string_view label, base::Bytes& out) {
  const base::MemorySource file(base::Bytes(jpeg.begin(), jpeg.end()));
  auto header = read_jpeg_header(file, {});
  if (!header) return base::fail(std::move(header.error()));
  begin(out);
  const image::Size size{header->width, header->height};
  const std::size_t picture = writer_.begin(out);
  writer_.put(out,
              fmt::format("<< /Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /{} "
                          "/BitsPerComponent 8 /Filter /DCTDecode{} /Length {} >>\nstream\n",
                          size.width, size.height, colour_space(*header),
                          header->components == 4 && header->adobe ? " /Decode [1 0 1 0 1 0 1 0]" : "", jpeg.size()));
  writer_.put(out, base::as_text(jpeg));
  writer_.put(out, "\nendstream\nendobj\n");
  const Box box = box_of(size);
  const std::string draw = fmt::format("q {:.2f} 0 0 {:.2f} 0 0 cm /Im0 Do Q", box.width, box.height);
  const std::size_t content =
      writer_.object(out, fmt::format("<< /Length {} >>\nstream\n{}\nendstream", draw.size(), draw));
  page(size, label, fmt::format("/Contents {} 0 R /Resources << /XObject << /Im0 {} 0 R >> >>", content, picture), out);
  return {};
}

void PdfBook::add_empty_page(image::Size size, std::string_view label, base::Bytes& out) {
  begin(out);
  page(size, label, "/Resources << >>", out);
}

void PdfBook::finish(base::Bytes& out) {
  begin(out);
  std::string kids;
  for (const std::size_t number : pages_) kids += fmt::format("{} 0 R ", number);
  writer_.object(out, tree_, fmt::format("<< /Type /Pages /Kids [{}] /Count {} >>", kids, pages_.size()));
  // Each page is a range of its own, whose label is a prefix without a number (12.4.2).
  std::string labels;
  for (std::size_t i = 0; i < labels_.size(); ++i) labels += fmt::format("{} << /P {} >> ", i, pdf_text(labels_[i]));
  writer_.object(out, catalogue_,
                 fmt::format("<< /Type /Catalog /Pages {} 0 R /PageLabels << /Nums [{}] >> "
                             "/ViewerPreferences << /DisplayDocTitle true >> >>",
                             tree_, labels));
  const std::size_t information =
      writer_.object(out, fmt::format("<< /Title {} /Producer (Armarium) >>", pdf_text(title_)));
  writer_.finish(out, catalogue_, information);
}

}  // namespace armarium::codec
