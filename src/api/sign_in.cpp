// The layer that finds out who asks. What is remembered is answered on the I/O thread; everything else goes to the pool, once for all requests that bring the same credentials at the same time.

#include <algorithm>
#include <exception>
#include <utility>

#include "api/access.h"
#include "api/errors.h"
#include "http/layer.h"
#include "http/text.h"

namespace armarium::api {
namespace {

using base::ErrorCode;
using http::ExchangePtr;
using http::Response;

constexpr std::size_t kMostPasswords = 32;  // that wait for their turn
constexpr std::size_t kMostTogether = 256;  // requests that wait for one answer
constexpr std::size_t kMostFingerprints = 1024;

base::Error busy() {
  return {ErrorCode::overloaded, "Too many sign in at the moment; try again in a few seconds.", {}};
}

// Exactly one header, or an Error.
base::Result<std::string_view> only_header(const http::Request& request) {
  std::string_view found;
  for (const auto& [name, value] : request.headers.fields()) {
    if (!http::same_text(name, "Authorization")) continue;
    if (!found.empty()) return base::fail(ErrorCode::invalid_argument, "There is more than one Authorization header.");
    found = value;
  }
  return found;
}

// RFC 9111, 5.2.2.7: what is the same for everybody says "public"; a cache that others share keeps nothing else.
void make_private(Response& response) {
  const std::string control = http::lower(response.headers.joined("Cache-Control"));
  if (control.find("public") != std::string::npos || control.find("no-store") != std::string::npos) return;
  response.headers.set("Cache-Control", control.empty() ? "private, no-cache" : "private, " + control);
  response.headers.merge("Vary", "Authorization");
  response.lasting = nullptr;
}

}  // namespace

Access::Access(auth::Authenticator& authenticator, base::WorkPool& pool, AccessOptions options)
    : authenticator_(authenticator),
      pool_(pool),
      options_(std::move(options)),
      by_user_(options_.writes_per_minute),
      by_client_(options_.writes_per_minute) {}

http::Handler Access::sign_in(http::Handler inner) {
  return [this, inner = std::move(inner)](const ExchangePtr& exchange) {
    if (exchange->request().headers.get("Authorization").empty()) return inner(exchange);
    check(exchange, inner);
  };
}

void Access::check(const ExchangePtr& exchange, const http::Handler& inner) {
  const http::Request& request = exchange->request();
  if (!is_confidential(request)) {
    return refuse(exchange, {ErrorCode::invalid_argument,
                             "Passwords and keys are taken over TLS only, or on the server's own machine; what was "
                             "just sent may have been read on its way.",
                             {}});
  }
  const auto header = only_header(request);
  if (!header) return refuse(exchange, header.error());
  auto credentials = auth::parse_authorization(*header);
  if (!credentials) return refuse(exchange, credentials.error());
  if (!has_users()) {
    return refuse(exchange,
                  {ErrorCode::unauthenticated, "Nobody can sign in until a user exists: armarium user add NAME", {}});
  }
  const std::string fingerprint = authenticator_.fingerprint(*credentials);
  if (const auto who = authenticator_.known(fingerprint)) return pass(exchange, *who, inner);
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(fingerprint);
    if (found != waiting_.end() && found->second.size() < kMostTogether) {
      found->second.push_back({exchange, inner});
      return;
    }
    if (found == waiting_.end() && waiting_.size() < kMostFingerprints) {
      waiting_[fingerprint].push_back({exchange, inner});
    } else {
      credentials = base::fail(busy());
    }
  }
  if (!credentials) return refuse(exchange, credentials.error());
  verify_later(fingerprint, std::move(*credentials), request.client);
}

void Access::verify_later(const std::string& fingerprint, auth::Credentials credentials, std::string client) {
  const bool slow = credentials.kind == auth::Credentials::Kind::basic;
  std::function<void()> job = [this, fingerprint, credentials = std::move(credentials), client = std::move(client)] {
    verify(fingerprint, credentials, client);
  };
  bool accepted = false;
  if (slow) {
    {
      const std::lock_guard lock(mutex_);
      accepted = passwords_.size() < kMostPasswords;
      if (accepted) passwords_.push_back(std::move(job));
    }
    if (accepted) start_passwords();
  } else {
    accepted = pool_.submit(base::Lane::tile, std::move(job));
  }
  if (!accepted) settle(fingerprint, base::fail(busy()));
}

// As many as there may be at once; each starts the next when it ends.
void Access::start_passwords() {
  for (;;) {
    std::function<void()> job;
    {
      const std::lock_guard lock(mutex_);
      if (passwords_.empty() || running_ >= std::max<std::size_t>(1, options_.passwords_at_once)) return;
      job = std::move(passwords_.front());
      passwords_.pop_front();
      ++running_;
    }
    const bool accepted = pool_.resume(base::Lane::tile, [this, job = std::move(job)] {
      job();
      {
        const std::lock_guard lock(mutex_);
        --running_;
      }
      start_passwords();
    });
    if (accepted) continue;
    decltype(waiting_) left;  // the pool ends, and with it whoever waits
    const std::lock_guard lock(mutex_);
    --running_;
    passwords_.clear();
    left.swap(waiting_);
    return;
  }
}

void Access::verify(const std::string& fingerprint, const auth::Credentials& credentials, const std::string& client) {
  Outcome outcome = base::fail(ErrorCode::internal, "Signing in failed.");
  try {
    outcome = authenticator_.verify(credentials, client);
  } catch (const std::exception& e) {
    outcome = base::fail(ErrorCode::internal, "Signing in failed.", e.what());
  }
  count(credentials, outcome);
  settle(fingerprint, outcome);
}

void Access::count(const auth::Credentials& credentials, const Outcome& outcome) const {
  if (options_.metrics == nullptr) return;
  std::string what = "failed";
  if (outcome) what = "right";
  if (!outcome && outcome.error().code == ErrorCode::unauthenticated) what = "wrong";
  if (!outcome && outcome.error().code == ErrorCode::budget_spent) what = "waiting";
  options_.metrics
      ->counter("armarium_sign_ins_total", "Passwords and keys that were checked, by what came of it.",
                {{"by", credentials.kind == auth::Credentials::Kind::basic ? "password" : "key"}, {"outcome", what}})
      .add();
}

void Access::settle(const std::string& fingerprint, const Outcome& outcome) {
  std::vector<Waiting> ready;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(fingerprint);
    if (found == waiting_.end()) return;
    ready = std::move(found->second);
    waiting_.erase(found);
  }
  for (const Waiting& one : ready) {
    if (!outcome) {
      refuse(one.exchange, outcome.error());
      continue;
    }
    try {
      pass(one.exchange, *outcome, one.inner);
    } catch (const std::exception& e) {
      one.exchange->respond(http::internal_error(e.what()));
    } catch (...) {
      one.exchange->respond(http::internal_error("an unknown exception in a handler"));
    }
  }
}

void Access::pass(const ExchangePtr& exchange, const base::Principal& who, const http::Handler& inner) const {
  exchange->mutable_request().principal = who;
  inner(http::with_finish(exchange, [](const ExchangePtr& outer, Response response) {
    make_private(response);
    outer->respond(std::move(response));
  }));
}

void Access::refuse(const ExchangePtr& exchange, const base::Error& error) const {
  exchange->respond(error_response(exchange->request(), error, options_.error_page));
}

}  // namespace armarium::api
