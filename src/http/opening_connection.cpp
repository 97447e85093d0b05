#include "http/opening_connection.h"

#include <string_view>

#include "http/http1_connection.h"
#include "http/http2_connection.h"

namespace armarium::http {
namespace {

// RFC 9113, 3.4: no request of HTTP/1.1 begins like this.
constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

}  // namespace

OpeningConnection::OpeningConnection(Link link, Known known, Closed closed)
    : link_(std::move(link)), known_(std::move(known)), closed_(std::move(closed)) {}

void OpeningConnection::start() {
  deadline_ = Clock::now() + link_.context->options.header_timeout;
  link_.transport->open(shared_from_this());
}

void OpeningConnection::on_ready(bool ok) {
  if (ended_) return;
  if (!ok) return close();
  if (link_.context->secure) return hand_on(link_.transport->protocol() == "h2");
  deadline_ = Clock::now() + link_.context->options.idle_timeout;
  read_more();
}

void OpeningConnection::read_more() { link_.transport->read_some(scratch_, shared_from_this()); }

void OpeningConnection::on_read(std::size_t bytes, ReadEnd end) {
  if (ended_) return;
  if (end != ReadEnd::open) return close();
  if (received_.empty()) deadline_ = Clock::now() + link_.context->options.header_timeout;
  received_.append(scratch_.data(), bytes);
  if (received_.starts_with(kPreface)) return hand_on(true);
  if (!kPreface.starts_with(received_)) return hand_on(false);
  read_more();
}

void OpeningConnection::hand_on(bool http2) {
  ended_ = true;
  const auto self = shared_from_this();
  Closed closed = std::move(closed_);
  std::shared_ptr<Connection> after;
  if (http2)
    after = http2_connection(std::move(link_), std::move(received_), std::move(closed));
  else
    after = std::make_shared<Http1Connection>(std::move(link_), std::move(received_), std::move(closed));
  known_(this, std::move(after));
}

// Nobody waits for an answer yet.
void OpeningConnection::drain() { close(); }

void OpeningConnection::close() {
  if (ended_) return;
  ended_ = true;
  const auto self = shared_from_this();
  link_.transport->close();
  closed_(this);
}

void OpeningConnection::check_deadline(Clock::time_point now) {
  if (now >= deadline_) close();
}

void OpeningConnection::answer(std::uint64_t, Response response) {
  if (response.delivered) response.delivered({});
}

void OpeningConnection::want_body(std::uint64_t, std::uint64_t, BodyDone done) {
  done(base::fail(base::ErrorCode::cancelled, "The request was cancelled."));
}

void OpeningConnection::want_some(std::uint64_t, BodyDone done) {
  done(base::fail(base::ErrorCode::cancelled, "The request was cancelled."));
}

}  // namespace armarium::http
