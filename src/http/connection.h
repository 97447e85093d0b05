#pragma once
// One connection: reads requests, gives each to the handler, writes its answer, then reads the next (so pipelined answers keep their order). Lives on one loop's thread; only
// its exchanges are touched by others, and these come back through the loop. Private to the server.

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/work_pool.h"
#include "http/exchange.h"
#include "http/io_loop.h"
#include "http/outgoing.h"
#include "http/request_parser.h"
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

class Connection final : public TransportEvents, public std::enable_shared_from_this<Connection> {
 public:
  using Clock = std::chrono::steady_clock;
  struct Ends {
    std::string peer;  // addresses without ports
    std::string local;
    std::uint16_t local_port = 0;
  };

  // `closed` is called once, on the loop's thread.
  Connection(std::shared_ptr<const ConnectionContext> context, std::shared_ptr<IoLoop> loop,
             std::unique_ptr<Transport> transport, Ends ends, std::function<void(Connection*)> closed);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();
  // Finishes the answer that is under way, then closes; at once where there is none.
  void drain();
  void close();
  void check_deadline(Clock::time_point now);

  // From the exchange `number`; dropped when that one is no longer the current one or was answered.
  void answer(std::uint64_t number, Response response);
  void want_body(std::uint64_t number, std::uint64_t limit, BodyDone done);

 private:
  enum class Phase { opening, idle, head, handling, writing, lingering, closed };
  // One request from its head to the end of its answer.
  struct Turn {
    base::CancelToken cancel;
    bool http_1_0 = false;
    bool head_only = false;
    bool keep_alive = true;
    bool expects_continue = false;
    std::optional<std::uint64_t> content_length;
    base::Bytes body;
    std::uint64_t body_limit = 0;
    std::size_t body_seen = 0;  // bytes of the body when the deadline was last moved
    BodyDone body_done;
    std::optional<Response> waiting;  // the answer, while "100 Continue" is on its way
    std::shared_ptr<Outgoing> outgoing;
    std::function<void(const Delivery&)> delivered;
  };

  void on_ready(bool ok) override;
  void on_read(std::size_t bytes, ReadEnd end) override;
  void on_written(std::size_t bytes, bool ok) override;
  void on_shut() override;

  // connection.cpp: requests
  void read_more();
  void process();
  bool parse_head();
  void begin_turn();
  Request take_request();
  void continue_body();
  void deliver_body(base::Result<base::Bytes> result);
  void refuse(int status, std::string_view reason);
  void set_deadline(std::chrono::milliseconds from_now);
  // connection_write.cpp: answers
  void send(Response response);
  void pump();
  void write_now();
  void on_step(Outgoing::Step step);
  void end_turn(bool complete);
  void report(bool complete);
  void linger();

  std::shared_ptr<const ConnectionContext> context_;
  std::shared_ptr<IoLoop> loop_;
  std::unique_ptr<Transport> transport_;
  Ends ends_;
  std::function<void(Connection*)> closed_;

  Phase phase_ = Phase::opening;
  Clock::time_point deadline_ = Clock::time_point::max();
  RequestParser parser_;
  std::array<char, 8192> scratch_{};
  std::string in_;  // received, not yet parsed
  bool reading_ = false;
  bool writing_continue_ = false;
  bool ended_ = false;  // the client sends no more
  bool draining_ = false;
  bool processing_ = false;
  std::uint64_t number_ = 0;  // of the current exchange
  Turn turn_;
};

}  // namespace armarium::http
