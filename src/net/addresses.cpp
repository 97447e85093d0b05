#include "net/addresses.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace armarium::net {
namespace {

struct Block4 {
  std::uint32_t first;
  int bits;
};
// The IPv4 special-purpose registry, as far as it is not reachable globally, and multicast.
constexpr std::array<Block4, 15> kNotPublic4 = {{
    {0x00000000, 8},   // this network
    {0x0A000000, 8},   // private
    {0x64400000, 10},  // shared by carriers
    {0x7F000000, 8},   // loopback
    {0xA9FE0000, 16},  // link-local, with the metadata services of clouds
    {0xAC100000, 12},  // private
    {0xC0000000, 24},  // protocol assignments
    {0xC0000200, 24},  // documentation
    {0xC0586300, 24},  // 6to4 relays
    {0xC0A80000, 16},  // private
    {0xC6120000, 15},  // benchmarks
    {0xC6336400, 24},  // documentation
    {0xCB007100, 24},  // documentation
    {0xE0000000, 4},   // multicast
    {0xF0000000, 4},   // reserved, broadcast
}};

bool is_public_4(std::uint32_t address) noexcept {
  return std::none_of(kNotPublic4.begin(), kNotPublic4.end(), [&](const Block4& block) {
    return (address >> (32 - block.bits)) == (block.first >> (32 - block.bits));
  });
}

using Bytes6 = std::array<std::uint8_t, 16>;

std::uint32_t word_at(const Bytes6& bytes, std::size_t at) noexcept {
  return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 | std::uint32_t{bytes[at + 2]} << 8 |
         std::uint32_t{bytes[at + 3]};
}

bool starts(const Bytes6& bytes, std::initializer_list<std::uint8_t> prefix) noexcept {
  return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

bool is_public_6(const Bytes6& bytes) noexcept {
  if (starts(bytes, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF})) return is_public_4(word_at(bytes, 12));
  if (starts(bytes, {0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0})) return is_public_4(word_at(bytes, 12));
  if ((bytes[0] & 0xE0U) != 0x20) return false;                            // only 2000::/3 is global unicast
  if (starts(bytes, {0x20, 0x02})) return is_public_4(word_at(bytes, 2));  // 6to4
  if (starts(bytes, {0x20, 0x01, 0x0D, 0xB8})) return false;               // documentation
  if (starts(bytes, {0x3F, 0xFF}) && bytes[2] < 0x10) return false;        // documentation
  return !(starts(bytes, {0x20, 0x01}) && bytes[2] < 2);                   // protocol assignments, Teredo
}

}  // namespace

bool is_public(const sockaddr& address) noexcept {
  if (address.sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    return is_public_4(ntohl(four.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 six{};
  std::memcpy(&six, &address, sizeof six);
  Bytes6 bytes{};
  std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
  return is_public_6(bytes);
}

bool is_public(std::string_view literal) {
  const std::string text(literal);
  in_addr four{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) return is_public_4(ntohl(four.s_addr));
  Bytes6 bytes{};
  return inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1 && is_public_6(bytes);
}

}  // namespace armarium::net
