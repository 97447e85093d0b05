#pragma once
// HTTP/1.1 and 1.0: reads requests, gives each to the handler, writes its answer, then reads the next (so pipelined answers keep their order). Private to the server.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "http/connection.h"
#include "http/outgoing.h"
#include "http/request_parser.h"

namespace armarium::http {

class Http1Connection final : public Connection, public std::enable_shared_from_this<Http1Connection> {
 public:
  // `link` is open; `received` are its first bytes. `closed` is called once, on the loop's thread.
  Http1Connection(Link link, std::string received, Closed closed);
  Http1Connection(const Http1Connection&) = delete;
  Http1Connection& operator=(const Http1Connection&) = delete;

  void start() override;
  void drain() override;
  void close() override;
  void check_deadline(Clock::time_point now) override;
  void answer(std::uint64_t number, Response response) override;
  void want_body(std::uint64_t number, std::uint64_t limit, BodyDone done) override;
  void want_some(std::uint64_t number, BodyDone done) override;

 private:
  enum class Phase { idle, head, handling, writing, lingering, closed };
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
    std::size_t body_seen = 0;  // bytes of the body when the deadline was last moved; in pieces: that came since
    bool in_pieces = false;
    Clock::time_point body_deadline{};  // in pieces: by when enough more must have come
    Clock::time_point body_paused{};    // in pieces: since when nobody waits for more
    BodyDone body_done;
    std::optional<Response> waiting;  // the answer, while "100 Continue" is on its way
    std::shared_ptr<Outgoing> outgoing;
    std::function<void(const Delivery&)> delivered;
  };

  void on_ready(bool ok) override;
  void on_read(std::size_t bytes, ReadEnd end) override;
  void on_written(std::size_t bytes, bool ok) override;
  void on_shut() override;

  // http1_connection.cpp: requests
  void read_more();
  void process();
  bool parse_head();
  void begin_turn();
  Request take_request();
  bool may_have_body(std::uint64_t number) const;
  void say_continue();
  void continue_body();
  bool continue_pieces();
  void feed_body();
  base::Error body_error() const;
  void deliver_body(base::Result<base::Bytes> result);
  void refuse(int status, std::string_view reason);
  void set_deadline(std::chrono::milliseconds from_now);
  // http1_write.cpp: answers
  void send(Response response);
  void pump();
  void write_now();
  void on_step(Outgoing::Step step);
  void end_turn(bool complete);
  void report(bool complete);
  void linger();

  Link link_;
  Closed closed_;

  Phase phase_ = Phase::idle;
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
