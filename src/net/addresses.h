#pragma once
// Which addresses belong to the public internet. A server that is told to fetch an address must not be talked into asking its own network. Pure; any thread.

#include <string>
#include <string_view>

struct sockaddr;

namespace armarium::net {

// False for loopback, private, link-local, shared, documentation, multicast and reserved addresses (the registries of RFC 6890), and for those that carry such an IPv4 address
// inside an IPv6 one (mapped, NAT64, 6to4). False for what is neither IPv4 nor IPv6.
bool is_public(const sockaddr& address) noexcept;
// The same of an address as it is written: "10.0.0.1", "fd00::1". False for what is none.
bool is_public(std::string_view literal);

}  // namespace armarium::net
