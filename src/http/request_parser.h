#pragma once
// Reads one HTTP/1.1 or 1.0 request after the other from bytes, strictly: what two readers could understand differently is refused (RFC 9112, 11.2), so that
// nothing can be smuggled past a proxy. No socket, no Boost in sight; the fuzzer drives it. Not shared between threads.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "http/exchange.h"

namespace armarium::http {

struct ParserLimits {
  std::size_t header_bytes = 32U << 10;
  std::size_t target_bytes = 16U << 10;
  std::uint64_t body_bytes = 64U << 20;
  std::size_t fields = 100;
};

struct RequestHead {
  std::string method;
  std::string path;  // starts with "/", or is "*" for OPTIONS
  std::string query;
  std::string host;  // of the absolute target where there is one (RFC 9112, 3.2.2), else the Host header
  Headers headers;
  bool http_1_0 = false;
  bool keep_alive = true;
  bool expects_continue = false;
  std::optional<std::uint64_t> content_length;  // absent for a chunked body
};

class RequestParser {
 public:
  enum class State { head, body, complete, failed };

  explicit RequestParser(ParserLimits limits);
  ~RequestParser();

  // Takes bytes from the front of `data` and says how many; what was not taken must be offered again with more behind it. Stops after the head, so that the caller can
  // look at it, and at the end of the request. What is taken of the body is appended to `body`.
  std::size_t feed(std::string_view data, base::Bytes& body);
  State state() const noexcept;
  // Complete from State::body on; may be moved from.
  RequestHead& head() noexcept;
  // When failed: the status to answer and one sentence.
  int status() const noexcept;
  std::string_view reason() const noexcept;
  // Ready for the next request.
  void reset();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace armarium::http
