// The second half of a connection: sending what the handler answered.
#include "http/http1_connection.h"
#include "http/problem.h"

namespace armarium::http {
namespace {

using namespace std::chrono_literals;

// How long a client that still sends may take to read the answer before the connection is reset under it (RFC 9112, 9.6).
constexpr auto kLinger = 2s;

void give_up(Response& response) {
  if (response.delivered) response.delivered({});
}

}  // namespace

void Http1Connection::answer(std::uint64_t number, Response response) {
  if (number != number_ || phase_ != Phase::handling || turn_.waiting) return give_up(response);
  if (writing_continue_) {
    turn_.waiting = std::move(response);
    return;
  }
  send(std::move(response));
}

void Http1Connection::send(Response response) {
  phase_ = Phase::writing;
  set_deadline(link_.context->options.write_timeout);
  // A body that nobody read would be taken for the next request.
  if (parser_.state() != RequestParser::State::complete || draining_) turn_.keep_alive = false;
  turn_.delivered = std::move(response.delivered);
  turn_.outgoing =
      std::make_shared<Outgoing>(std::move(response), Outgoing::Wire{turn_.head_only, turn_.http_1_0, turn_.keep_alive},
                                 link_.loop, link_.context->pool);
  pump();
}

void Http1Connection::pump() {
  if (!turn_.outgoing->empty()) return write_now();
  if (const auto step = turn_.outgoing->next_now()) return on_step(*step);
  deadline_ = Clock::time_point::max();  // while the next piece is made it is not the client that is slow
  const auto outgoing = turn_.outgoing;  // what it reports may end the turn
  outgoing->next([weak = weak_from_this(), number = number_](Outgoing::Step step) {
    const auto self = weak.lock();
    if (self && self->number_ == number && self->phase_ == Phase::writing) self->on_step(step);
  });
}

void Http1Connection::write_now() {
  // Nearly every answer is gone by one call; what is left, or goes wrong, goes the long way.
  if (turn_.outgoing->last()) {
    turn_.outgoing->written(link_.transport->write_now(turn_.outgoing->first(), turn_.outgoing->second()));
    if (turn_.outgoing->empty()) return end_turn(true);
  }
  link_.transport->write_some(turn_.outgoing->first(), turn_.outgoing->second(), shared_from_this());
}

void Http1Connection::on_step(Outgoing::Step step) {
  using Step = Outgoing::Step;
  if (step == Step::finished) return end_turn(true);
  if (step == Step::ready) {
    set_deadline(link_.context->options.write_timeout);
    return pump();
  }
  // Once the head has gone there is no way to say that the rest will not come but to break off.
  if (turn_.outgoing->started()) return close();
  const bool overloaded = step == Step::overloaded;
  Problem problem{.status = overloaded ? 503 : 500};
  if (overloaded) {
    problem.retry_after = 2s;
    problem.detail = "The server has more to do than it can; try again shortly.";
  } else {
    problem.detail = "The answer could not be made.";
  }
  Response response = refusal(problem);
  response.delivered = std::move(turn_.delivered);
  send(std::move(response));
}

void Http1Connection::on_written(std::size_t bytes, bool ok) {
  if (phase_ == Phase::closed) return;
  if (!ok) return close();
  if (writing_continue_) {
    writing_continue_ = false;
    if (turn_.waiting) {
      Response response = std::move(*turn_.waiting);
      turn_.waiting.reset();
      send(std::move(response));
    }
    return;
  }
  if (phase_ != Phase::writing) return;
  turn_.outgoing->written(bytes);
  if (bytes > 0) set_deadline(link_.context->options.write_timeout);
  pump();
}

void Http1Connection::report(bool complete) {
  const auto delivered = std::exchange(turn_.delivered, nullptr);
  if (!delivered) return;
  delivered({turn_.outgoing ? turn_.outgoing->body_bytes() : 0, complete});
}

void Http1Connection::end_turn(bool complete) {
  const auto self = shared_from_this();
  const bool stay = turn_.outgoing->keep_alive() && !draining_;
  report(complete);
  turn_ = Turn{};
  if (!stay) return linger();
  parser_.reset();
  phase_ = Phase::idle;
  set_deadline(link_.context->options.idle_timeout);
  process();
}

// Closes so that the client can still read the answer: no more is sent, what still comes is thrown away for a moment.
void Http1Connection::linger() {
  phase_ = Phase::lingering;
  set_deadline(kLinger);
  in_.clear();
  link_.transport->shut(shared_from_this());
}

void Http1Connection::on_shut() {
  if (phase_ != Phase::lingering) return;
  if (ended_) return close();
  read_more();
}

}  // namespace armarium::http
