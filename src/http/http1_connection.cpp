#include "http/http1_connection.h"

#include <algorithm>
#include <ctime>
#include <exception>
#include <limits>

#include <fmt/format.h>

#include "http/problem.h"
#include "http/server_exchange.h"

namespace armarium::http {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
// A body must keep coming: at least so many bytes in each header timeout.
constexpr std::size_t kBodyStep = 4096;
// What is read ahead of one who takes a body in pieces.
constexpr std::size_t kReadAhead = 256U << 10;

// The steady clock to the kernel's tick of some milliseconds: deadlines are set three times for each request and count in seconds.
Connection::Clock::time_point about_now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return Connection::Clock::time_point(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

ParserLimits limits_of(const ServerOptions& options) {
  ParserLimits limits;
  limits.header_bytes = options.max_header_bytes;
  limits.target_bytes = options.max_target_bytes;
  limits.body_bytes = std::numeric_limits<std::uint64_t>::max();  // who reads a body says how much
  return limits;
}

}  // namespace

Http1Connection::Http1Connection(Link link, std::string received, Closed closed)
    : link_(std::move(link)),
      closed_(std::move(closed)),
      parser_(limits_of(link_.context->options)),
      in_(std::move(received)) {}

void Http1Connection::set_deadline(std::chrono::milliseconds from_now) { deadline_ = about_now() + from_now; }

void Http1Connection::start() {
  set_deadline(link_.context->options.idle_timeout);
  process();
}

void Http1Connection::on_ready(bool) {}

// A read is always under way while there is room, also while an answer is made: it is how the end of the client shows.
void Http1Connection::read_more() {
  if (reading_ || ended_ || phase_ == Phase::closed) return;
  const std::size_t most = turn_.in_pieces ? kReadAhead : link_.context->options.max_header_bytes;
  if (phase_ != Phase::lingering && in_.size() > most + scratch_.size()) return;
  reading_ = true;
  link_.transport->read_some(scratch_, shared_from_this());
}

void Http1Connection::on_read(std::size_t bytes, ReadEnd end) {
  reading_ = false;
  if (phase_ == Phase::closed) return;
  if (end == ReadEnd::broken) return close();
  if (end == ReadEnd::end) {
    ended_ = true;
    // It may have closed one direction only, so what is answered all the same is still sent.
    if (phase_ == Phase::handling || phase_ == Phase::writing) turn_.cancel.cancel();
  }
  if (phase_ == Phase::lingering) return ended_ ? close() : read_more();
  in_.append(scratch_.data(), bytes);
  process();
}

void Http1Connection::process() {
  if (processing_) return;
  processing_ = true;
  const auto self = shared_from_this();
  while ((phase_ == Phase::idle || phase_ == Phase::head) && parse_head()) begin_turn();
  if (phase_ == Phase::handling && turn_.body_done && !turn_.in_pieces) continue_body();
  // A reader of pieces may ask for the next from inside of the last.
  while (phase_ == Phase::handling && turn_.body_done && turn_.in_pieces && continue_pieces()) {
  }
  processing_ = false;
  read_more();
}

// True when a head is complete; otherwise everything that follows from its absence was done.
bool Http1Connection::parse_head() {
  while (!in_.empty()) {
    base::Bytes none;
    const std::size_t taken = parser_.feed(in_, none);
    in_.erase(0, taken);
    if (parser_.state() == RequestParser::State::failed) {
      refuse(parser_.status(), parser_.reason());
      return false;
    }
    if (parser_.state() != RequestParser::State::head) return true;
    if (taken == 0) break;
  }
  if (ended_ || (draining_ && in_.empty())) {
    close();
  } else if (phase_ == Phase::idle && !in_.empty()) {
    phase_ = Phase::head;
    set_deadline(link_.context->options.header_timeout);
  }
  return false;
}

Request Http1Connection::take_request() {
  RequestHead& head = parser_.head();
  Request request = request_of(link_, head.host);
  request.method = std::move(head.method);
  request.path = std::move(head.path);
  request.query = std::move(head.query);
  request.headers = std::move(head.headers);
  // One place to look for the host, also where the target named it (RFC 9112, 3.2.2).
  if (!head.host.empty() && request.headers.get("Host") != head.host) request.headers.set("Host", head.host);
  return request;
}

void Http1Connection::begin_turn() {
  const RequestHead& head = parser_.head();  // turn_ is as new: whatever ended the last one left it so
  turn_.http_1_0 = head.http_1_0;
  turn_.head_only = head.method == "HEAD";
  turn_.keep_alive = head.keep_alive;
  turn_.expects_continue = head.expects_continue;
  turn_.content_length = head.content_length;
  phase_ = Phase::handling;
  deadline_ = Clock::time_point::max();
  const auto exchange =
      std::make_shared<ServerExchange>(take_request(), turn_.cancel, ++number_, weak_from_this(), link_.loop);
  hand_over(*link_.context, exchange);
}

bool Http1Connection::may_have_body(std::uint64_t number) const {
  return number == number_ && phase_ == Phase::handling && !turn_.body_done;
}

void Http1Connection::want_body(std::uint64_t number, std::uint64_t limit, BodyDone done) {
  if (!may_have_body(number)) return done(base::fail(base::ErrorCode::cancelled, "The request was cancelled."));
  turn_.body_done = std::move(done);
  turn_.body_limit = std::min(limit, link_.context->options.max_body_bytes);
  if (turn_.content_length && *turn_.content_length > turn_.body_limit) {
    return deliver_body(
        base::fail(base::ErrorCode::too_large,
                   fmt::format("The body is larger than the {} bytes that are read here.", turn_.body_limit)));
  }
  set_deadline(link_.context->options.header_timeout);
  say_continue();
  process();
}

void Http1Connection::want_some(std::uint64_t number, BodyDone done) {
  if (!may_have_body(number)) return done(base::fail(base::ErrorCode::cancelled, "The request was cancelled."));
  turn_.body_done = std::move(done);
  const Clock::time_point now = about_now();
  if (!turn_.in_pieces || turn_.body_seen >= kBodyStep) {
    turn_.body_seen = 0;
    turn_.body_deadline = now + link_.context->options.header_timeout;
  } else {
    turn_.body_deadline += now - turn_.body_paused;
  }
  turn_.in_pieces = true;
  deadline_ = turn_.body_deadline;
  say_continue();
  process();
}

void Http1Connection::say_continue() {
  if (turn_.expects_continue && in_.empty() && parser_.state() == RequestParser::State::body) {
    writing_continue_ = true;
    link_.transport->write_some(kContinue, {}, shared_from_this());
  }
  turn_.expects_continue = false;
}

void Http1Connection::feed_body() {
  while (!in_.empty() && parser_.state() == RequestParser::State::body) {
    const std::size_t taken = parser_.feed(in_, turn_.body);
    in_.erase(0, taken);
    if (taken == 0) break;
  }
}

base::Error Http1Connection::body_error() const {
  return {base::ErrorCode::invalid_argument, std::string(parser_.reason()), {}};
}

// Gives what has come; false where nothing has.
bool Http1Connection::continue_pieces() {
  turn_.body_paused = about_now();
  feed_body();
  if (!turn_.body.empty()) {
    turn_.body_seen += turn_.body.size();
    deliver_body(std::exchange(turn_.body, {}));
  } else if (parser_.state() == RequestParser::State::complete) {
    deliver_body(base::Bytes{});
  } else if (parser_.state() == RequestParser::State::failed) {
    deliver_body(base::fail(body_error()));
  } else if (ended_) {
    deliver_body(base::fail(base::ErrorCode::cancelled, "The request ended before its body did."));
    close();
  } else {
    return false;
  }
  return true;
}

void Http1Connection::continue_body() {
  feed_body();
  if (turn_.body.size() >= turn_.body_seen + kBodyStep) {
    turn_.body_seen = turn_.body.size();
    set_deadline(link_.context->options.header_timeout);
  }
  if (turn_.body.size() > turn_.body_limit) {
    deliver_body(base::fail(base::ErrorCode::too_large,
                            fmt::format("The body is larger than the {} bytes that are read here.", turn_.body_limit)));
  } else if (parser_.state() == RequestParser::State::complete) {
    deliver_body(std::move(turn_.body));
  } else if (parser_.state() == RequestParser::State::failed) {
    deliver_body(base::fail(body_error()));
  } else if (ended_) {
    deliver_body(base::fail(base::ErrorCode::cancelled, "The request ended before its body did."));
    close();
  }
}

void Http1Connection::deliver_body(base::Result<base::Bytes> result) {
  deadline_ = Clock::time_point::max();
  const BodyDone done = std::exchange(turn_.body_done, nullptr);
  const std::uint64_t number = number_;
  try {
    done(std::move(result));
  } catch (const std::exception& e) {
    answer(number, internal_error(e.what()));
  } catch (...) {
    answer(number, internal_error("an unknown exception in a handler"));
  }
}

// Answers what is no request that a handler could see, and ends the connection.
void Http1Connection::refuse(int status, std::string_view reason) {
  turn_ = Turn{};
  turn_.keep_alive = false;
  ++number_;
  send(refusal({.status = status, .detail = std::string(reason)}));
}

void Http1Connection::check_deadline(Clock::time_point now) {
  if (now < deadline_ || phase_ == Phase::closed) return;
  deadline_ = Clock::time_point::max();
  if (phase_ == Phase::head) return refuse(408, "The request's head took too long.");
  if (phase_ == Phase::handling && turn_.body_done) {
    const auto self = shared_from_this();
    turn_.keep_alive = false;
    const BodyDone done = std::exchange(turn_.body_done, nullptr);
    answer(number_, refusal({.status = 408, .detail = "The request's body took too long."}));
    return done(base::fail(base::ErrorCode::deadline_exceeded, "The request's body took too long."));
  }
  close();
}

void Http1Connection::drain() {
  draining_ = true;
  if (phase_ == Phase::idle && in_.empty()) close();
}

void Http1Connection::close() {
  if (phase_ == Phase::closed) return;
  const auto self = shared_from_this();
  phase_ = Phase::closed;
  turn_.cancel.cancel();
  link_.transport->close();
  report(false);
  if (turn_.waiting && turn_.waiting->delivered) turn_.waiting->delivered({});
  if (const BodyDone done = std::exchange(turn_.body_done, nullptr))
    done(base::fail(base::ErrorCode::cancelled, "The request was cancelled."));
  turn_.outgoing.reset();
  turn_.waiting.reset();
  closed_(this);
}

}  // namespace armarium::http
