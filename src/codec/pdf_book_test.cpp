#include "codec/pdf_book.h"

#include <gtest/gtest.h>

#include "codec/testing.h"

namespace armarium::codec {
namespace {

using testing::encoded;
using testing::gradient;

std::size_t count_of(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

TEST(PdfBook, HasAPageForEachPictureAndForEachGap) {
  const base::Bytes colour = encoded(Format::jpeg, gradient({300, 150}, image::kRgb8), {});
  const base::Bytes grey = encoded(Format::jpeg, gradient({150, 300}, image::kGrey8), {});
  PdfBook book("Two leaves");
  base::Bytes pdf;
  ASSERT_TRUE(book.add_page(colour, "f. 1r", pdf));
  book.add_empty_page({150, 150}, "f. 1v", pdf);
  ASSERT_TRUE(book.add_page(grey, "f. 2r", pdf));
  book.finish(pdf);
  const std::string_view text = base::as_text(pdf);
  EXPECT_EQ(sniff(pdf), Format::pdf);
  EXPECT_NE(text.find("/Count 3"), std::string_view::npos);
  EXPECT_NE(text.find("/MediaBox [0 0 144.00 72.00]"), std::string_view::npos) << "150 pixels an inch";
  EXPECT_EQ(count_of(text, "/DeviceRGB"), 1U);
  EXPECT_EQ(count_of(text, "/DeviceGray"), 1U);
  EXPECT_NE(text.find("1 << /P " + pdf_text("f. 1v") + " >>"), std::string_view::npos);
  EXPECT_NE(text.find(base::as_text(colour)), std::string_view::npos) << "the file as it is";
  // Each offset of the cross-reference table leads to its object.
  const std::size_t table = std::stoul(std::string(text.substr(text.rfind("startxref") + 10)));
  const std::size_t objects = std::stoul(std::string(text.substr(table + 7)));
  ASSERT_EQ(objects, 11U);
  const std::size_t first = text.find('\n', table + 5) + 1;
  for (std::size_t i = 1; i < objects; ++i) {
    const std::size_t offset = std::stoul(std::string(text.substr(first + 20 * i, 10)));
    EXPECT_TRUE(text.substr(offset).starts_with(std::to_string(i) + " 0 obj")) << i;
  }
}

TEST(PdfBook, TakesNothingThatIsNoJpeg) {
  PdfBook book("");
  base::Bytes pdf;
  const base::Bytes wrong{'G', 'I', 'F'};
  EXPECT_FALSE(book.add_page(wrong, "", pdf));
  EXPECT_TRUE(pdf.empty());
  book.finish(pdf);
  EXPECT_EQ(sniff(pdf), Format::pdf);
}

}  // namespace
}  // namespace armarium::codec
