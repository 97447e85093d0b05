#pragma once
// Who asks, and what they may do: a layer before the handlers that turns Authorization into the request's Principal, and the questions that handlers ask of it. Made once for a server, before its pool
// ends; thread-safe. A request without the header passes through at the cost of looking for it.
//
//   if (auto go = services.access.require(request, auth::Permission::edit); !go) return refuse(services, exchange, go.error());
//   if (auto go = services.access.spend_write(request); !go) ...                   // 429 with Retry-After
//   ... request.principal.name is who did it

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "auth/authenticator.h"
#include "auth/permissions.h"
#include "auth/rate_limit.h"
#include "base/metrics.h"
#include "base/work_pool.h"
#include "http/exchange.h"
#include "http/problem.h"

namespace armarium::api {

struct AccessOptions {
  // Listens on loopback alone, or knows its public address.
  bool takes_writing = false;
  std::uint64_t writes_per_minute = 0;  // of one user, and of one client's network; 0: no limit
  std::size_t passwords_at_once = 1;    // 64 MiB each
  base::Metrics* metrics = nullptr;     // counts what became of those who signed in
  http::ErrorPage error_page{};
};

class Access {
 public:
  // Both must outlive it.
  Access(auth::Authenticator& authenticator, base::WorkPool& pool, AccessOptions options);

  // `inner` with the principal set, or an answer in its place: 400 where the header is malformed or came in the clear, 401 where it is wrong, 429 after too many attempts. `inner` may be called on a
  // pool thread. Answers to those who are signed in are private unless they say that they are public.
  http::Handler sign_in(http::Handler inner);

  // For everything that writes: unauthenticated, or forbidden with the reason. Also where there is no user yet, where the server must be told its public address first, and for the form of another site.
  base::Result<> require(const http::Request& request, auth::Permission permission) const;
  // The same without what concerns writing alone.
  base::Result<> allow(const http::Request& request, auth::Permission permission) const;
  // One change by this user from this client; budget_spent with retry_after where there were too many.
  base::Result<> spend_write(const http::Request& request);

  bool has_users() const noexcept { return authenticator_.has_users(); }
  std::uint64_t count_users() const noexcept { return authenticator_.count_users(); }

 private:
  using Outcome = base::Result<base::Principal>;
  struct Waiting {
    http::ExchangePtr exchange;
    http::Handler inner;
  };

  void check(const http::ExchangePtr& exchange, const http::Handler& inner);
  void verify_later(const std::string& fingerprint, auth::Credentials credentials, std::string client);
  void start_passwords();
  void verify(const std::string& fingerprint, const auth::Credentials& credentials, const std::string& client);
  void settle(const std::string& fingerprint, const Outcome& outcome);
  void refuse(const http::ExchangePtr& exchange, const base::Error& error) const;
  void count(const auth::Credentials& credentials, const Outcome& outcome) const;
  void pass(const http::ExchangePtr& exchange, const base::Principal& who, const http::Handler& inner) const;

  auth::Authenticator& authenticator_;
  base::WorkPool& pool_;
  AccessOptions options_;
  auth::RateLimit by_user_;
  auth::RateLimit by_client_;

  std::mutex mutex_;
  std::unordered_map<std::string, std::vector<Waiting>> waiting_;  // for one answer together, by fingerprint
  std::deque<std::function<void()>> passwords_;                    // to be checked
  std::size_t running_ = 0;
};

// Whether what is sent with the request cannot be read on its way: it came over TLS, or from this machine to this machine.
bool is_confidential(const http::Request& request);

}  // namespace armarium::api
