#include "net/client.h"

#include <netinet/in.h>

#include <cstring>

#include <gtest/gtest.h>

#include "net/exchange.h"
#include "net/testing.h"

namespace armarium::net {
namespace {

using base::ErrorCode;

std::string answer(const std::string& head, const std::string& body = {}) {
  return "HTTP/1.1 " + head + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" +
         body;
}

Rules quick(Rules::Private privates = Rules::Private::allowed) {
  Rules rules;
  rules.private_addresses = privates;
  rules.pause = std::chrono::milliseconds(1);
  rules.longest_pause = std::chrono::milliseconds(20);
  rules.whole = std::chrono::milliseconds(4'000);
  return rules;
}

TEST(Client, GetsWhatIsThere) {
  const ScriptedServer server({answer("200 OK\r\nContent-Type: application/json\r\nETag: \"a\"", "{}")});
  const auto got = Client(quick()).get(
      {.address = server.address("/a?b=c#d"), .accept = "application/json", .fields = {{"If-None-Match", "\"b\""}}});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "{}");
  EXPECT_EQ(got->field("content-type"), "application/json");
  EXPECT_EQ(got->field("etag"), "\"a\"");
  EXPECT_EQ(got->field("link"), "");
  EXPECT_EQ(got->address, server.address("/a?b=c"));
  const std::string head = server.asked().at(0);
  EXPECT_TRUE(head.starts_with("GET /a?b=c HTTP/1.1\r\n")) << head;
  EXPECT_NE(head.find("Accept: application/json\r\n"), std::string::npos);
  EXPECT_NE(head.find("If-None-Match: \"b\"\r\n"), std::string::npos);
}

TEST(Client, AnyStatusIsAnAnswer) {
  const ScriptedServer server({answer("404 Not Found", "no")});
  const auto got = Client(quick()).get({.address = server.address()});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 404);
  EXPECT_EQ(server.asked().size(), 1U);
}

TEST(Client, RefusesPrivateAddresses) {
  const ScriptedServer server({answer("200 OK", "secret")});
  const Client client(quick(Rules::Private::refused));
  const auto got = client.get({.address = server.address()});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::forbidden);
  std::string by_name = server.address();
  by_name.replace(by_name.find("127.0.0.1"), 9, "localhost");
  ASSERT_FALSE(client.get({.address = by_name}));
  EXPECT_EQ(client.get({.address = by_name}).error().code, ErrorCode::forbidden);
  EXPECT_TRUE(server.asked().empty());
}

TEST(Client, FollowsRedirectsWithinLimits) {
  const ScriptedServer server(
      {answer("302 Found\r\nLocation: b"), answer("301 Moved\r\nLocation: /c"), answer("200 OK", "there")});
  const auto got = Client(quick(Rules::Private::first_only)).get({.address = server.address("/x/a")});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->body, "there");
  EXPECT_EQ(got->address, server.address("/c"));
  EXPECT_TRUE(server.asked().at(1).starts_with("GET /x/b "));
  const ScriptedServer endless(std::vector<std::string>(10, answer("302 Found\r\nLocation: /")));
  Rules rules = quick();
  rules.tries = 1;
  const auto lost = Client(rules).get({.address = endless.address()});
  ASSERT_FALSE(lost);
  EXPECT_EQ(endless.asked().size(), 6U);
}

// The server that counts as public here: tests have no other than loopback.
int public_port = 0;
bool has_public_port(const sockaddr& address) noexcept {
  sockaddr_in four{};
  std::memcpy(&four, &address, sizeof four);
  return ntohs(four.sin_port) == public_port;
}

TEST(Client, APublicHostDoesNotLeadIntoAPrivateNetwork) {
  const ScriptedServer inner({answer("200 OK", "secret"), answer("200 OK", "mine")});
  const ScriptedServer outer({answer("302 Found\r\nLocation: " + inner.address()), answer("200 OK", "page")});
  public_port = outer.port();
  Rules rules = quick(Rules::Private::first_only);
  rules.is_public = has_public_port;
  const Client client(rules);
  const auto led = client.get({.address = outer.address()});
  ASSERT_FALSE(led);
  EXPECT_EQ(led.error().code, ErrorCode::forbidden);
  EXPECT_TRUE(inner.asked().empty());
  EXPECT_FALSE(client.get({.address = outer.address()})->was_private);
  const auto named = client.get({.address = inner.address()});  // by the caller
  ASSERT_TRUE(named);
  EXPECT_TRUE(named->was_private);
}

TEST(Client, RedirectsLeadToHttpOnly) {
  for (const char* target :
       {"file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "http://user:word@127.0.0.1/", ""}) {
    const ScriptedServer server(std::vector<std::string>(3, answer("302 Found\r\nLocation: " + std::string(target))));
    EXPECT_FALSE(Client(quick()).get({.address = server.address()})) << target;
  }
}

TEST(Client, LimitsTheBody) {
  Rules rules = quick();
  rules.largest = 10;
  const ScriptedServer server({answer("200 OK", "0123456789"), answer("200 OK", "0123456789a")});
  EXPECT_TRUE(Client(rules).get({.address = server.address()}));
  const auto over = Client(rules).get({.address = server.address()});
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, ErrorCode::too_large);
  EXPECT_EQ(server.asked().size(), 2U);  // and does not ask again
}

TEST(Client, AsksAgainWithCare) {
  const ScriptedServer server({answer("503 Busy"), "", answer("200 OK", "now")});
  const auto got = Client(quick()).get({.address = server.address()});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->body, "now");
  EXPECT_EQ(server.asked().size(), 3U);
  const ScriptedServer never(std::vector<std::string>(9, answer("503 Busy")));
  const auto busy = Client(quick()).get({.address = never.address()});
  ASSERT_TRUE(busy);
  EXPECT_EQ(busy->status, 503);
  EXPECT_EQ(never.asked().size(), 3U);
  const ScriptedServer late({answer("503 Busy\r\nRetry-After: 3600"), answer("200 OK")});
  EXPECT_EQ(Client(quick()).get({.address = late.address()})->status, 503);  // longer than it waits
}

TEST(Client, StopsWhenItIsTold) {
  const base::CancelToken cancel;
  cancel.cancel();
  const ScriptedServer server({});
  const auto got = Client(quick()).get({.address = server.address()}, cancel);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::cancelled);
}

TEST(Client, WhatIsNoAddress) {
  for (const char* address : {"", "manifest.json", "file:///etc/passwd", "ftp://example.org/", "http://",
                              "http://user:word@example.org/", "http://a b/"}) {
    const auto got = Client().get({.address = address});
    ASSERT_FALSE(got) << address;
    EXPECT_EQ(got.error().code, ErrorCode::invalid_argument) << address;
  }
}

TEST(Client, OneLineForEachField) {
  const ScriptedServer server({answer("200 OK")});
  ASSERT_TRUE(Client(quick()).get({.address = server.address(), .fields = {{"X-One", "1\r\nX-Two: 2"}}}));
  EXPECT_EQ(server.asked().at(0).find("X-Two"), std::string::npos);
}

}  // namespace
}  // namespace armarium::net
