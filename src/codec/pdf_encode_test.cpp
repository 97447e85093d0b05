#include <gtest/gtest.h>

#include "codec/testing.h"

namespace armarium::codec {
namespace {

using testing::encoded;
using testing::gradient;

TEST(PdfEncoder, WritesOnePageWithATitle) {
  const base::Bytes pdf =
      encoded(Format::pdf, gradient({300, 200}, image::kRgb8), {.title = "K\xC3\xB6ln \xF0\x9D\x84\x9E"});
  const std::string_view text = base::as_text(pdf);
  EXPECT_EQ(sniff(pdf), Format::pdf);
  EXPECT_NE(text.find("/MediaBox [0 0 300.00 200.00]"), std::string_view::npos);
  EXPECT_NE(text.find("<FEFF004B00F6006C006E0020D834DD1E>"), std::string_view::npos);
  // Each offset of the cross-reference table leads to its object.
  const std::size_t table = std::stoul(std::string(text.substr(text.rfind("startxref") + 10)));
  ASSERT_TRUE(text.substr(table).starts_with("xref\n0 8\n"));
  for (std::size_t i = 1; i < 8; ++i) {
    const std::size_t offset = std::stoul(std::string(text.substr(table + 9 + 20 * i, 10)));
    EXPECT_TRUE(text.substr(offset).starts_with(std::to_string(i) + " 0 obj")) << i;
  }
}

}  // namespace
}  // namespace armarium::codec
