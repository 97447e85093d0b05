#pragma once
// One connection as the server and its exchanges see it, whichever version of HTTP it speaks. Lives on one loop's thread; only its exchanges are touched by others, and these come back
// through the loop. Private to the server.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/work_pool.h"
#include "http/exchange.h"
#include "http/io_loop.h"
#include "http/problem.h"
#include "http/server.h"
#include "http/transport.h"

namespace armarium::http {

// What all connections of a server share; immutable.
struct ConnectionContext {
  ServerOptions options;
  Handler handler;
  base::WorkPool& pool;
  bool secure = false;
};

using BodyDone = std::function<void(base::Result<base::Bytes>)>;

class Connection : public TransportEvents {
 public:
  using Clock = std::chrono::steady_clock;
  using Closed = std::function<void(Connection*)>;

  virtual void start() = 0;
  // Finishes the answers that are under way, then closes; at once where there are none.
  virtual void drain() = 0;
  virtual void close() = 0;
  virtual void check_deadline(Clock::time_point now) = 0;

  // From the exchange `number`; dropped when that one is no longer open or was answered.
  virtual void answer(std::uint64_t number, Response response) = 0;
  virtual void want_body(std::uint64_t number, std::uint64_t limit, BodyDone done) = 0;
  virtual void want_some(std::uint64_t number, BodyDone done) = 0;
};

// The two ends, and the way between them; handed on once the version of HTTP is known.
struct Link {
  struct Ends {
    std::string peer;  // addresses without ports
    std::string local;
    std::uint16_t local_port = 0;
  };
  std::shared_ptr<const ConnectionContext> context;
  std::shared_ptr<IoLoop> loop;
  std::unique_ptr<Transport> transport;
  Ends ends;
};

// The request as a handler gets it, without what the head says.
Request request_of(const Link& link, std::string_view host);
// The answer to what no handler sees, with what the gateway adds to every other: CORS and Server-Timing.
Response refusal(const Problem& problem);
// Gives `exchange` to the handler; what that throws becomes a 500.
void hand_over(const ConnectionContext& context, const ExchangePtr& exchange);

}  // namespace armarium::http
