#pragma once
// From a router to one handler: finds the route, names it in the request, and answers what no handler needs to: OPTIONS and preflight, 404, 405 with Allow, 400 for a segment that
// does not decode.

#include <memory>

#include "http/exchange.h"
#include "http/problem.h"
#include "http/router.h"

namespace armarium::http {

// `page` may be empty: then errors are JSON for browsers too.
Handler dispatch(std::shared_ptr<const Router> router, ErrorPage page = {});

}  // namespace armarium::http
