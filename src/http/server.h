#pragma once
// The HTTP server: HTTP/1.1 with keep-alive and pipelining, HTTP/2, TLS, limits, graceful drain. Accepts on I/O threads (each with its own event loop), hands each request to the
// one handler as an Exchange, and writes what it answers. Ranges, 304, CORS, coding and hosts are the business of the layers that wrap the handler
// (http/gateway.h). start() returns when the port is bound; stop() refuses new connections, lets answers finish until the deadline, then closes.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/work_pool.h"
#include "http/exchange.h"

namespace armarium::base {
class Metrics;
}

namespace armarium::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: a free one
  std::size_t io_threads = 2;
  std::size_t max_connections = 10'000;
  std::size_t max_header_bytes = 32U << 10;  // 431
  std::size_t max_target_bytes = 16U << 10;  // 414
  std::uint64_t max_body_bytes = 64U << 20;  // 413; of bodies that are read whole
  std::chrono::seconds header_timeout{15};   // from first byte to end of headers
  std::chrono::seconds idle_timeout{75};     // between requests
  std::chrono::seconds write_timeout{60};    // without progress
  std::string tls_certificate{};             // PEM files; both or none
  std::string tls_key{};
};

class Server {
 public:
  // `pool` runs producers and reads of files that are not in the page cache.
  Server(ServerOptions options, Handler handler, base::WorkPool& pool);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  base::Result<> start();
  std::uint16_t port() const;
  void stop(std::chrono::milliseconds grace);
  std::size_t connections() const;
  // Shows the number of connections as a gauge of this listener; `metrics` may outlive the server.
  void show_connections(base::Metrics& metrics, const std::string& listener) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace armarium::http
