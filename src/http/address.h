#pragma once
// Addresses of clients and hosts as text: networks (CIDR), loopback, shortening for logs, the syntax of a Host header. Pure; any thread.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace armarium::http {

// A network like 10.0.0.0/8, fd00::/8 or one address. IPv4 and its mapped IPv6 form are the same.
class Network {
 public:
  static base::Result<Network> parse(std::string_view text);
  // False for what is no address.
  bool contains(std::string_view address) const;

 private:
  std::array<std::uint8_t, 16> bytes_{};
  unsigned bits_ = 0;
};

bool is_address(std::string_view text);
bool is_loopback(std::string_view address);

// For logs: IPv4 to its /24, IPv6 to its /48; "-" for anything else.
std::string shortened(std::string_view address);

struct HostPort {
  std::string host;  // lower case, an IPv6 address without its brackets
  std::optional<std::uint16_t> port;
};
// RFC 9110, 7.2. Nothing for what is no host.
std::optional<HostPort> parse_host(std::string_view text);
// For a URL: brackets around IPv6, the scheme's own port left out.
std::string url_authority(const HostPort& host, std::string_view scheme);

}  // namespace armarium::http
