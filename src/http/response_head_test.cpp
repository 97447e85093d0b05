#include "http/response_head.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace armarium::http {
namespace {

TEST(ResponseHead, ControlCharactersBecomeSpacesWhereverTheyStand) {
  for (std::size_t length = 1; length <= 20; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string value(length, 'x');
        value[at] = static_cast<char>(byte);
        std::string expected = value;
        if ((byte < 0x20 && byte != '\t') || byte == 0x7F) expected[at] = ' ';
        Headers headers;
        headers.add("Name", value);
        ASSERT_EQ(fields_text(headers), fmt::format("Name: {}\r\n", expected)) << length << " " << at << " " << byte;
      }
    }
  }
}

TEST(ResponseHead, PreparedHeadersStandBeforeTheOthers) {
  auto prepared = std::make_shared<PreparedHeaders>();
  prepared->headers.add("ETag", "\"a\"");
  prepared->text = fields_text(prepared->headers);
  Response response;
  response.prepared = prepared;
  response.headers.add("Server-Timing", "total");
  const std::string head = response_head(response, {.content_length = 3});
  EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\nDate: ")) << head;
  EXPECT_TRUE(head.ends_with("\r\nETag: \"a\"\r\nServer-Timing: total\r\nContent-Length: 3\r\n\r\n")) << head;
  const auto fields = response_fields(response, 3);
  ASSERT_EQ(fields.size(), 5U);
  EXPECT_EQ(fields[2], (std::pair<std::string, std::string>("etag", "\"a\"")));
  EXPECT_EQ(fields[3].first, "server-timing");
}

}  // namespace
}  // namespace armarium::http
