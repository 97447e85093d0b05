#pragma once
// Asks addresses of others over HTTP. Every answer is hostile: its size and time are limited, private addresses are refused unless allowed (judged by the address that is connected to,
// so no name can change its mind in between), and what may come right by itself is asked again with care. Only http and https; no credentials inside addresses; no proxy.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/cancel.h"
#include "base/error.h"

struct sockaddr;

namespace armarium::net {

struct Rules {
  // Addresses that are not of the public internet: refused, or allowed. `first_only`: where the caller's own address leads, but not where a public host redirects to.
  enum class Private : std::uint8_t { refused, first_only, allowed };
  Private private_addresses = Private::refused;
  std::uint64_t largest = std::uint64_t{64} << 20;  // bytes of a body, after decompression
  std::chrono::milliseconds connect{10'000};
  std::chrono::milliseconds whole{60'000};  // for one attempt, with its redirects
  int redirects = 5;
  int tries = 3;                         // of what timed out, was refused, or answered 429, 502, 503, 504
  std::chrono::milliseconds pause{500};  // before the second try; then twice as long, or what Retry-After says
  std::chrono::milliseconds longest_pause{30'000};
  std::string agent = "Armarium";
  bool (*is_public)(const sockaddr&) noexcept = nullptr;  // for tests: in place of addresses.h
};

struct Request {
  std::string address;
  std::string accept = "*/*";
  std::vector<std::pair<std::string, std::string>> fields{};  // If-None-Match, …
};

struct Response {
  int status = 0;
  std::string address;       // after redirects
  bool was_private = false;  // the address that answered is none of the public internet
  std::string body;
  std::vector<std::pair<std::string, std::string>> fields;  // names in small letters

  // The first field of a name (in small letters); empty when there is none.
  const std::string& field(std::string_view name) const noexcept;
};

// Any thread; each call has a connection of its own.
class Client {
 public:
  explicit Client(Rules rules = {}) : rules_(std::move(rules)) {}

  // Any status is an answer. invalid_argument: no address of http or https. forbidden: a private address. too_large. deadline_exceeded. cancelled. io: everything else.
  base::Result<Response> get(const Request& request, const base::CancelToken& cancel = {}) const;

 private:
  base::Result<Response> attempt(const Request& request, const base::CancelToken& cancel) const;
  Rules rules_;
};

}  // namespace armarium::net
