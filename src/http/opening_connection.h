#pragma once
// A connection whose version of HTTP is not known yet: makes the transport ready, looks at what ALPN chose (RFC 7301) or, in the clear, at the first bytes (RFC 9113, 3.3, prior
// knowledge), and hands the link on. Private to the server.

#include <array>
#include <memory>
#include <string>

#include "http/connection.h"

namespace armarium::http {

class OpeningConnection final : public Connection, public std::enable_shared_from_this<OpeningConnection> {
 public:
  // Gets the connection that takes over; called once at most, on the loop's thread. The successor is started by who gets it.
  using Known = std::function<void(Connection* before, std::shared_ptr<Connection> after)>;

  OpeningConnection(Link link, Known known, Closed closed);

  void start() override;
  void drain() override;
  void close() override;
  void check_deadline(Clock::time_point now) override;
  void answer(std::uint64_t number, Response response) override;
  void want_body(std::uint64_t number, std::uint64_t limit, BodyDone done) override;
  void want_some(std::uint64_t number, BodyDone done) override;

 private:
  void on_ready(bool ok) override;
  void on_read(std::size_t bytes, ReadEnd end) override;
  void on_written(std::size_t, bool) override {}
  void on_shut() override {}

  void read_more();
  void hand_on(bool http2);

  Link link_;
  Known known_;
  Closed closed_;
  Clock::time_point deadline_ = Clock::time_point::max();
  std::array<char, 8192> scratch_{};
  std::string received_;
  bool ended_ = false;  // handed on or closed
};

}  // namespace armarium::http
