#include "http/request_parser.h"

#include <gtest/gtest.h>

namespace armarium::http {
namespace {

struct Outcome {
  RequestParser::State state;
  int status;
  RequestHead head;
  std::string body;
  std::string rest;
};

// Feeds `text` in pieces of `step` bytes, as a slow network would.
Outcome parse(std::string_view text, std::size_t step = 1 << 20, ParserLimits limits = {}) {
  RequestParser parser(limits);
  base::Bytes body;
  std::string waiting;
  while (!text.empty() || !waiting.empty()) {
    const std::string_view piece = text.substr(0, step);
    waiting += piece;
    text.remove_prefix(piece.size());
    for (;;) {
      const std::size_t taken = parser.feed(waiting, body);
      waiting.erase(0, taken);
      if (taken == 0) break;
    }
    if (piece.empty()) break;
  }
  return {parser.state(), parser.status(), parser.head(), std::string(base::as_text(body)), waiting};
}

constexpr auto kComplete = RequestParser::State::complete;
constexpr auto kFailed = RequestParser::State::failed;

TEST(RequestParser, ReadsWholeAndByteByByte) {
  const std::string text =
      "\r\nPOST /a%2Fb?x=1&y=%20 HTTP/1.1\r\nHost: h:8080\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 5\r\n\r\nhelloGET";
  for (const std::size_t step : {1UL, 2UL, 7UL, 1000UL}) {
    const Outcome out = parse(text, step);
    ASSERT_EQ(out.state, kComplete) << step;
    EXPECT_EQ(out.head.method, "POST");
    EXPECT_EQ(out.head.path, "/a%2Fb");
    EXPECT_EQ(out.head.query, "x=1&y=%20");
    EXPECT_EQ(out.head.host, "h:8080");
    EXPECT_EQ(out.head.headers.joined("X-A"), "1, 2");
    EXPECT_EQ(out.body, "hello");
    EXPECT_EQ(out.rest, "GET");
    EXPECT_TRUE(out.head.keep_alive);
  }
}

TEST(RequestParser, ReadsChunkedBodies) {
  const std::string text =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n4\r\nWiki\r\nA;e=\"v\"\r\n0123456789\r\n0\r\nX: "
      "y\r\n\r\nrest";
  for (const std::size_t step : {1UL, 3UL, 1000UL}) {
    const Outcome out = parse(text, step);
    ASSERT_EQ(out.state, kComplete) << step;
    EXPECT_EQ(out.body, "Wiki0123456789");
    EXPECT_EQ(out.rest, "rest");
    EXPECT_FALSE(out.head.headers.has("X")) << "trailers are not headers";
    EXPECT_FALSE(out.head.content_length);
  }
}

TEST(RequestParser, ReadsAnEmptyChunkedBodyInAnyPieces) {
  const std::string text = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nrest";
  for (std::size_t step = 1; step < 9; ++step) {
    const Outcome out = parse(text, step);
    EXPECT_EQ(out.state, kComplete) << step;
    EXPECT_EQ(out.body, "");
    EXPECT_EQ(out.rest, "rest");
  }
}

TEST(RequestParser, KnowsTheFormsOfTargets) {
  EXPECT_EQ(parse("GET http://other:81/p?q HTTP/1.1\r\nHost: a\r\n\r\n").head.host, "other:81");
  EXPECT_EQ(parse("GET http://other:81/p?q HTTP/1.1\r\nHost: a\r\n\r\n").head.path, "/p");
  EXPECT_EQ(parse("GET http://other HTTP/1.1\r\nHost: a\r\n\r\n").head.path, "/");
  EXPECT_EQ(parse("GET http://other?q HTTP/1.1\r\nHost: a\r\n\r\n").head.query, "q");
  EXPECT_EQ(parse("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").head.path, "*");
  for (const char* target : {"*", "x", "ftp://a/", "http:///p", "http://u@h/", "/a#b", "/a\x7F", "//\x01"}) {
    EXPECT_EQ(parse(std::string("GET ") + target + " HTTP/1.1\r\nHost: a\r\n\r\n").status, 400) << target;
  }
}

TEST(RequestParser, RefusesWhatCouldBeSmuggled) {
  const auto status = [](const std::string& fields, const std::string& rest = {}) {
    return parse("POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + rest).status;
  };
  EXPECT_EQ(status("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400);
  EXPECT_EQ(status("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400);
  EXPECT_EQ(status("Content-Length: 5\r\nContent-Length: 5\r\n"), 400);
  EXPECT_EQ(status("Content-Length: 5, 5\r\n"), 400);
  EXPECT_EQ(status("Content-Length: 5\r\nContent-Length: 6\r\n"), 400);
  EXPECT_EQ(status("Content-Length: +5\r\n"), 400);
  EXPECT_EQ(status("Content-Length: 0x5\r\n"), 400);
  EXPECT_EQ(status("Content-Length: -1\r\n"), 400);
  EXPECT_EQ(status("Content-Length: 99999999999999999999999\r\n"), 400);
  EXPECT_EQ(status("Transfer-Encoding: gzip, chunked\r\n"), 501);
  EXPECT_EQ(status("Transfer-Encoding: chunked, identity\r\n"), 501);
  EXPECT_EQ(status("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400);
  EXPECT_EQ(status("Transfer-Encoding:\x0b"
                   "chunked\r\n"),
            400);
  EXPECT_EQ(status("X: a\r\n b\r\n"), 400);
  EXPECT_EQ(status("X: a\r\n\tb\r\n"), 400);
  EXPECT_EQ(status("X : a\r\n"), 400);
  EXPECT_EQ(status(std::string("X: a\0b\r\n", 8)), 400);
  EXPECT_EQ(status("X: a\rb\r\n"), 400);
  EXPECT_EQ(status("X: a\nContent-Length: 3\r\n"), 400);
  EXPECT_EQ(status("Host: b\r\n"), 400);
  EXPECT_EQ(status("no colon\r\n"), 400);
  EXPECT_EQ(status("Transfer-Encoding: chunked\r\n", "zz\r\n\r\n"), 400);
  EXPECT_EQ(status("Transfer-Encoding: chunked\r\n", "3\r\nabcd\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(status("Transfer-Encoding: chunked\r\n", "0\r\nContent-Length: 7\r\n\r\n"), 400);
  EXPECT_EQ(parse("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n").status, 400);
  EXPECT_EQ(parse("GET / HTTP/1.1\r\n\r\n").status, 400) << "no Host";
  EXPECT_EQ(parse("GET / HTTP/1.1 \r\nHost: a\r\n\r\n").state, kFailed);
  EXPECT_EQ(parse("GET  / HTTP/1.1\r\nHost: a\r\n\r\n").state, kFailed);
  EXPECT_EQ(parse("GET / HTTP/1.1\nHost: a\n\r\n\r\n").status, 400);
  EXPECT_EQ(parse("PRI * HTTP/2.0\r\n\r\n").state, kFailed);
  EXPECT_EQ(parse("GET /\r\n\r\n").state, kFailed) << "HTTP/0.9";
}

TEST(RequestParser, HoldsLimits) {
  const ParserLimits limits{.header_bytes = 1000, .target_bytes = 100, .body_bytes = 10, .fields = 5};
  const auto status = [&](const std::string& text, std::size_t step = 1 << 20) {
    return parse(text, step, limits).status;
  };
  EXPECT_EQ(status("GET /" + std::string(100, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"), 414);
  EXPECT_EQ(status("GET /" + std::string(5000, 'a')), 414);
  EXPECT_EQ(status("GET /" + std::string(5000, 'a'), 10), 414);
  EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(1000, 'a') + "\r\n\r\n"), 431);
  EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(1000, 'a') + "\r\n\r\n", 10), 431);
  EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nA: 1\r\nA: 1\r\nA: 1\r\nA: 1\r\n\r\n"), 431);
  EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n"), 413);
  EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\nabcdef\r\n"),
            413);
  EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6;" + std::string(20'000, 'x')),
            400);
  EXPECT_EQ(
      status("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(20'000, 'x')),
      400);
}

TEST(RequestParser, KnowsConnectionAndExpect) {
  EXPECT_FALSE(parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: foo, Close\r\n\r\n").head.keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.0\r\n\r\n").head.keep_alive);
  EXPECT_TRUE(parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").head.keep_alive);
  EXPECT_TRUE(
      parse("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n").head.expects_continue);
  EXPECT_EQ(parse("PUT / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n").status, 417);
}

TEST(RequestParser, StartsAgain) {
  RequestParser parser({});
  base::Bytes body;
  const std::string text = "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: b\r\n\r\n";
  const std::size_t taken = parser.feed(text, body);
  ASSERT_EQ(parser.state(), kComplete);
  EXPECT_EQ(parser.head().path, "/a");
  EXPECT_EQ(parser.feed("x", body), 0U);
  parser.reset();
  parser.feed(std::string_view(text).substr(taken), body);
  EXPECT_EQ(parser.head().path, "/b");
  EXPECT_EQ(parser.head().host, "b");
}

}  // namespace
}  // namespace armarium::http
