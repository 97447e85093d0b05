#include "response_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace armarium::bench {
namespace {

// Feeds the text in pieces of this size, so that every state is left and entered again between two reads.
ResponseReader read_in_pieces(std::string_view text, std::size_t size) {
  ResponseReader reader;
  for (std::size_t at = 0; at < text.size(); at += size) reader.feed(text.substr(at, size));
  return reader;
}

TEST(ResponseReader, CountsABodyByItsLength) {
  for (std::size_t size : {1, 2, 3, 7, 1000}) {
    const auto reader = read_in_pieces("HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 5\r\n\r\nhello", size);
    EXPECT_TRUE(reader.good()) << size;
    EXPECT_EQ(reader.status(), 200);
    EXPECT_EQ(reader.body_bytes(), 5);
    EXPECT_FALSE(reader.close_after());
  }
}

TEST(ResponseReader, CountsChunksWithExtensionsAndTrailers) {
  const std::string text =
      "HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\nA;x=y\r\n0123456789\r\n0\r\nT: 1\r\n\r\n";
  for (std::size_t size : {1, 2, 5, 1000}) {
    const auto reader = read_in_pieces(text, size);
    EXPECT_TRUE(reader.good()) << size;
    EXPECT_EQ(reader.status(), 404);
    EXPECT_EQ(reader.body_bytes(), 14);
  }
}

TEST(ResponseReader, EndsWithTheConnectionOnlyWhereThereIsNoLength) {
  auto open = read_in_pieces("HTTP/1.1 200 OK\r\n\r\nabc", 4);
  EXPECT_FALSE(open.finished());
  open.closed();
  EXPECT_TRUE(open.good());
  EXPECT_EQ(open.body_bytes(), 3);
  auto cut = read_in_pieces("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", 100);
  cut.closed();
  EXPECT_TRUE(cut.finished());
  EXPECT_FALSE(cut.good());
}

TEST(ResponseReader, NothingFollowsAnEmptyAnswer) {
  EXPECT_TRUE(read_in_pieces("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n", 9).close_after());
  EXPECT_TRUE(read_in_pieces("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 100).good());
  EXPECT_FALSE(read_in_pieces("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore", 100).good());
  EXPECT_FALSE(read_in_pieces("SSH-2.0-OpenSSH_9.2p1\r\n\r\n", 100).good());
}

}  // namespace
}  // namespace armarium::bench
