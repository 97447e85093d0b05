#pragma once
// One request and its one answer. A handler sees an Exchange, never a connection: HTTP/1.1, TLS and the fake for tests are ends of it. A handler runs on
// an I/O thread and returns at once (work goes to a pool); it keeps the shared_ptr and calls respond() exactly once, from any thread. When the client goes, the token
// is cancelled and the answer is dropped. An exchange that is released without an answer is answered 500.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/byte_source.h"
#include "base/bytes.h"
#include "base/cancel.h"
#include "base/principal.h"
#include "base/timing.h"

namespace armarium::http {

// Names are compared without regard to case; order is kept.
class Headers {
 public:
  void add(std::string name, std::string value) {
    if (fields_.empty()) fields_.reserve(kUsual);
    fields_.emplace_back(std::move(name), std::move(value));
  }
  // Replaces all values of that name.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);
  // Adds tokens to a comma-separated list ("Vary") unless they are there.
  void merge(std::string_view name, std::string_view token);
  // The first value; empty when absent.
  std::string_view get(std::string_view name) const noexcept;
  bool has(std::string_view name) const noexcept;
  // All values of a list header joined by ", ".
  std::string joined(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& fields() const noexcept { return fields_; }

 private:
  static constexpr std::size_t kUsual = 12;
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct Request {
  std::string method;  // "GET"
  std::string path;    // raw: still percent-encoded, public prefix removed, starts with "/"
  std::string query;   // raw, without "?"
  Headers headers;
  std::string client;  // address of the client (from a trusted proxy's header where there is one)
  std::string local;   // address that the connection came in on, without the port
  std::uint16_t local_port = 0;
  bool secure = false;  // came over TLS
  // "https://host[:port][/prefix]" without a slash at the end: what every id in the answer starts with.
  std::string base_url;
  std::string route;  // name of the route that answers, once it is known
  base::Principal principal;
};

// Pulled for more until it gives nothing; runs on a pool thread, never on an I/O thread.
class BodyProducer {
 public:
  virtual ~BodyProducer() = default;
  // Appends the next piece to `out`; false when the body is complete. An Error ends the connection.
  virtual base::Result<bool> pull(std::string& out) = 0;
};

struct FileSlice {
  std::shared_ptr<const base::ByteSource> source;
  base::ByteRange range;
};

using Body = std::variant<std::monostate, std::string, base::SharedBytes, FileSlice, std::unique_ptr<BodyProducer>>;

// What became of an answer, for the access log and metrics.
struct Delivery {
  std::uint64_t body_bytes = 0;
  bool complete = false;  // false: the client went away or the body failed
};

// How long an answer may be given again to the same request: same method, address, tier, and what Vary names. Asked for each such request, by any thread.
class Lasting {
 public:
  virtual ~Lasting() = default;
  virtual bool lasts(std::chrono::steady_clock::time_point now) const = 0;
};

// The headers of an answer that is given often, finished once: as fields, and as HTTP/1.1 writes them ("Name: value" CR LF for each).
struct PreparedHeaders {
  Headers headers;
  std::string text;
};

struct Response {
  int status = 200;
  Headers headers{};
  Body body{};
  // What was done and how long it took; the gateway adds what is missing, writes Server-Timing and keeps the accounts.
  base::Timing timing{};
  // Set by a handler whose answer to this GET lasts: the gateway then gives it again without asking. Only for bodies in memory.
  std::shared_ptr<const Lasting> lasting{};
  // Stand before `headers`. Set by the gateway.
  std::shared_ptr<const PreparedHeaders> prepared{};
  // Called once, on any thread, when the answer went out or never will.
  std::function<void(const Delivery&)> delivered{};
};

class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual const Request& request() const = 0;
  // For the layers in front of the handler (hosts, principals), before it runs.
  virtual Request& mutable_request() = 0;
  virtual const base::CancelToken& cancel() const = 0;
  // Reads the whole body, at most `limit` bytes (too_large), and calls back once.
  virtual void read_body(std::uint64_t limit, std::function<void(base::Result<base::Bytes>)> done) = 0;
  // Reads the body piece by piece, however long it is: calls back once, with what has come (at least one byte) or with nothing at the body's end. What comes faster than it is asked for waits at
  // the client. Ask again when the piece is dealt with, also from inside of `done`; not together with read_body.
  virtual void read_some(std::function<void(base::Result<base::Bytes>)> done) = 0;
  virtual void respond(Response response) = 0;
};

using ExchangePtr = std::shared_ptr<Exchange>;
using Handler = std::function<void(ExchangePtr)>;

}  // namespace armarium::http
