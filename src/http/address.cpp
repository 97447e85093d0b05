#include "http/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "http/text.h"

namespace armarium::http {
namespace {

using Address = std::array<std::uint8_t, 16>;
constexpr std::size_t kMapped = 12;  // bytes in front of an IPv4 address inside IPv6

struct Parsed {
  Address bytes{};
  bool v4 = false;
};

std::optional<Parsed> parse_address(std::string_view text) {
  const std::string zero_ended(text.substr(0, 64));
  Parsed parsed;
  if (inet_pton(AF_INET, zero_ended.c_str(), parsed.bytes.data() + kMapped) == 1) {
    parsed.bytes[10] = parsed.bytes[11] = 0xFF;
    parsed.v4 = true;
    return parsed;
  }
  if (inet_pton(AF_INET6, zero_ended.c_str(), parsed.bytes.data()) != 1) return std::nullopt;
  parsed.v4 = std::all_of(parsed.bytes.begin(), parsed.bytes.begin() + 10, [](std::uint8_t b) { return b == 0; }) &&
              parsed.bytes[10] == 0xFF && parsed.bytes[11] == 0xFF;
  return parsed;
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

base::Result<Network> Network::parse(std::string_view text) {
  const auto wrong = [&] {
    return base::fail(base::ErrorCode::invalid_argument,
                      fmt::format("{} is no network; write it like 10.0.0.0/8 or fd00::/8.", text));
  };
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return wrong();
  const unsigned longest = text.substr(0, slash).find(':') == std::string_view::npos ? 32 : 128;
  unsigned bits = longest;
  if (slash != std::string_view::npos) {
    const auto given = parse_number<unsigned>(text.substr(slash + 1));
    if (!given || *given > longest) return wrong();
    bits = *given;
  }
  Network network;
  network.bytes_ = address->bytes;
  network.bits_ = longest == 32 ? bits + 96 : bits;
  return network;
}

bool Network::contains(std::string_view address) const {
  const auto parsed = parse_address(address);
  if (!parsed) return false;
  for (unsigned bit = 0; bit < bits_; ++bit) {
    const std::size_t byte = bit / 8;
    const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    if ((parsed->bytes.at(byte) & mask) != (bytes_.at(byte) & mask)) return false;
  }
  return true;
}

bool is_address(std::string_view text) { return parse_address(text).has_value(); }

bool is_loopback(std::string_view address) {
  static const Network v4 = *Network::parse("127.0.0.0/8");
  static const Network v6 = *Network::parse("::1");
  return v4.contains(address) || v6.contains(address);
}

std::string shortened(std::string_view address) {
  const auto parsed = parse_address(address);
  if (!parsed) return "-";
  const auto& b = parsed->bytes;
  if (parsed->v4) return fmt::format("{}.{}.{}.0", b[kMapped], b[kMapped + 1], b[kMapped + 2]);
  Address kept{};
  std::copy_n(b.begin(), 6, kept.begin());
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, kept.data(), text.data(), text.size());
  return text.data();
}

std::optional<HostPort> parse_host(std::string_view text) {
  HostPort out;
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    out.host = lower(text.substr(1, end - 1));
    if (out.host.find(':') == std::string::npos || !is_address(out.host)) return std::nullopt;
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') return std::nullopt;
    has_port = !rest.empty();
    port = has_port ? rest.substr(1) : rest;
  } else {
    const std::size_t colon = text.find(':');
    has_port = colon != std::string_view::npos;
    port = has_port ? text.substr(colon + 1) : std::string_view{};
    out.host = lower(text.substr(0, colon));
    if (out.host.empty() || out.host.size() > 255) return std::nullopt;
    for (const char c : out.host) {
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_')) return std::nullopt;
    }
  }
  if (has_port && !port.empty()) {
    out.port = parse_number<std::uint16_t>(port);
    if (!out.port || *out.port == 0) return std::nullopt;
  }
  return out;
}

std::string url_authority(const HostPort& host, std::string_view scheme) {
  std::string out = host.host.find(':') == std::string::npos ? host.host : fmt::format("[{}]", host.host);
  if (host.port && *host.port != (scheme == "https" ? 443 : 80)) out += ":" + std::to_string(*host.port);
  return out;
}

}  // namespace armarium::http
