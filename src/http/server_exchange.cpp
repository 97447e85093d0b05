#include "http/server_exchange.h"

#include "base/log.h"
#include "http/problem.h"

namespace armarium::http {

ServerExchange::ServerExchange(Request request, base::CancelToken cancel, std::uint64_t number,
                               std::weak_ptr<Connection> connection, std::shared_ptr<IoLoop> loop)
    : request_(std::move(request)),
      cancel_(std::move(cancel)),
      number_(number),
      connection_(std::move(connection)),
      loop_(std::move(loop)) {}

ServerExchange::~ServerExchange() {
  if (answered_.exchange(true)) return;
  try {
    // Nobody reads the answer of a client that went, so it is no mistake to give none.
    send(cancel_.cancelled() ? problem_response({.status = 503})
                             : internal_error("a handler released its exchange without an answer"));
  } catch (...) {
    base::log::error("an exchange could not be answered");
  }
}

void ServerExchange::read_body(std::uint64_t limit, std::function<void(base::Result<base::Bytes>)> done) {
  auto job = [connection = connection_, number = number_, limit, done = std::move(done)]() mutable {
    if (const auto target = connection.lock()) return target->want_body(number, limit, std::move(done));
    done(base::fail(base::ErrorCode::cancelled, "The request was cancelled."));
  };
  // After the end of the loop no connection is left, so the job only says so.
  if (!loop_->dispatch(std::move(job))) job();  // NOLINT(bugprone-use-after-move): a refused job is left as it was
}

void ServerExchange::read_some(std::function<void(base::Result<base::Bytes>)> done) {
  auto job = [connection = connection_, number = number_, done = std::move(done)]() mutable {
    if (const auto target = connection.lock()) return target->want_some(number, std::move(done));
    done(base::fail(base::ErrorCode::cancelled, "The request was cancelled."));
  };
  if (!loop_->dispatch(std::move(job))) job();  // NOLINT(bugprone-use-after-move): a refused job is left as it was
}

void ServerExchange::respond(Response response) {
  if (answered_.exchange(true)) {
    base::log::error("a handler answered twice");
    return;
  }
  send(std::move(response));
}

void ServerExchange::send(Response response) {
  auto job = [connection = connection_, number = number_, response = std::move(response)]() mutable {
    if (const auto target = connection.lock()) return target->answer(number, std::move(response));
    if (response.delivered) response.delivered({});
  };
  if (!loop_->dispatch(std::move(job))) job();  // NOLINT(bugprone-use-after-move): a refused job is left as it was
}

}  // namespace armarium::http
