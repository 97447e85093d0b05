#pragma once
// Everything between the server and the handlers, in one wrapper: overload, hosts and proxies, answers that last, preconditions, ranges, coding, CORS and security headers, Server-Timing, access
// log, accounts. What the handler answers may come from any thread; large bodies are compressed on the pool. `pool` and `metrics` must outlive the server. A layer that sets the
// principal from the request's headers belongs in front of the handler: what is asked for with Authorization is neither looked up among the answers that last nor kept there.

#include <cstdint>
#include <memory>

#include "base/metrics.h"
#include "base/work_pool.h"
#include "http/access_log.h"
#include "http/accounts.h"
#include "http/compression.h"
#include "http/exchange.h"
#include "http/origin.h"
#include "http/problem.h"

namespace armarium::http {

struct GatewayOptions {
  OriginOptions origin{};
  CompressionOptions compression{};
  AccessLogOptions access_log{};
  std::size_t max_in_flight = 4096;  // exchanges at once; beyond it 503 with Retry-After
  ErrorPage error_page{};
  std::uint64_t repeat_bytes = std::uint64_t{32} << 20;  // for answers that may be given again
  std::shared_ptr<Accounts> accounts{};                  // shared between gateways; its own where there are none
};

// An Error where the options make no sense (public URL, networks). `metrics` may be null.
base::Result<Handler> gateway(GatewayOptions options, Handler inner, base::WorkPool& pool, base::Metrics* metrics);

}  // namespace armarium::http
