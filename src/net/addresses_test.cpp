#include "net/addresses.h"

#include <netinet/in.h>

#include <gtest/gtest.h>

namespace armarium::net {
namespace {

TEST(Addresses, WhatIsOfThePublicInternet) {
  for (const char* address : {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.0.1",
                              "172.32.0.1", "192.167.255.255", "198.20.0.1", "223.255.255.255", "2001:4860:4860::8888",
                              "2a00:1450::1", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1"})
    EXPECT_TRUE(is_public(address)) << address;
}

TEST(Addresses, WhatIsNot) {
  for (const char* address : {"0.0.0.0",
                              "10.0.0.1",
                              "100.64.0.1",
                              "127.0.0.1",
                              "127.255.255.254",
                              "169.254.169.254",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.0.0.1",
                              "192.0.2.1",
                              "192.168.1.1",
                              "198.18.0.1",
                              "198.51.100.1",
                              "203.0.113.1",
                              "224.0.0.1",
                              "240.0.0.1",
                              "255.255.255.255",
                              "::",
                              "::1",
                              "fe80::1",
                              "fc00::1",
                              "fd12::1",
                              "ff02::1",
                              "2001:db8::1",
                              "::ffff:10.0.0.1",
                              "::ffff:7f00:1",
                              "64:ff9b::a00:1",
                              "2002:a00:1::1",
                              "2001:0:1::1",
                              "::127.0.0.1",
                              "3fff::1",
                              "",
                              "localhost",
                              "0x7f000001",
                              "127.0.0.1 ",
                              "1.1.1"})
    EXPECT_FALSE(is_public(std::string_view(address))) << address;
}

TEST(Addresses, OtherFamiliesAreNotPublic) {
  sockaddr address{};
  address.sa_family = AF_UNIX;
  EXPECT_FALSE(is_public(address));
}

}  // namespace
}  // namespace armarium::net
