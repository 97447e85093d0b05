#include "http/address.h"

#include <gtest/gtest.h>

namespace armarium::http {
namespace {

TEST(Address, NetworksHoldTheirAddresses) {
  EXPECT_TRUE(Network::parse("10.0.0.0/8")->contains("10.255.0.1"));
  EXPECT_FALSE(Network::parse("10.0.0.0/8")->contains("11.0.0.1"));
  EXPECT_TRUE(Network::parse("10.1.2.0/23")->contains("10.1.3.255"));
  EXPECT_FALSE(Network::parse("10.1.2.0/23")->contains("10.1.4.0"));
  EXPECT_TRUE(Network::parse("192.0.2.1")->contains("::ffff:192.0.2.1"));
  EXPECT_FALSE(Network::parse("192.0.2.1")->contains("192.0.2.2"));
  EXPECT_TRUE(Network::parse("fd00::/8")->contains("fd12::1"));
  EXPECT_FALSE(Network::parse("fd00::/8")->contains("10.0.0.1"));
  EXPECT_TRUE(Network::parse("0.0.0.0/0")->contains("1.2.3.4"));
  EXPECT_FALSE(Network::parse("0.0.0.0/0")->contains("2001:db8::1"));
  EXPECT_FALSE(Network::parse("10.0.0.0/8")->contains("ten"));
  for (const char* wrong : {"", "x", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "10.0.0/8"})
    EXPECT_FALSE(Network::parse(wrong)) << wrong;
}

TEST(Address, KnowsLoopback) {
  for (const char* address : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(is_loopback(address)) << address;
  for (const char* address : {"128.0.0.1", "::2", "localhost", ""}) EXPECT_FALSE(is_loopback(address)) << address;
}

TEST(Address, ShortensForTheLog) {
  EXPECT_EQ(shortened("192.0.2.77"), "192.0.2.0");
  EXPECT_EQ(shortened("::ffff:192.0.2.77"), "192.0.2.0");
  EXPECT_EQ(shortened("2001:db8:1:2:3:4:5:6"), "2001:db8:1::");
  EXPECT_EQ(shortened("name"), "-");
}

TEST(Address, ReadsHosts) {
  EXPECT_EQ(parse_host("Example.ORG:8080")->host, "example.org");
  EXPECT_EQ(parse_host("example.org:8080")->port, 8080);
  EXPECT_EQ(parse_host("[::1]:80")->host, "::1");
  EXPECT_EQ(parse_host("a:")->port, std::nullopt);
  for (const char* wrong :
       {"", "a b", "a/b", "a@b", "a:x", "a:0", "a:99999", "[::1", "[x]", "::1", "a\"b", "[::1]x", "ä.example"})
    EXPECT_FALSE(parse_host(wrong)) << wrong;
  EXPECT_EQ(url_authority({"::1", 8080}, "http"), "[::1]:8080");
  EXPECT_EQ(url_authority({"a", 80}, "http"), "a");
  EXPECT_EQ(url_authority({"a", 443}, "https"), "a");
  EXPECT_EQ(url_authority({"a", 443}, "http"), "a:443");
}

}  // namespace
}  // namespace armarium::http
