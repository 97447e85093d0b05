#pragma once
// The one map from error codes to HTTP. Pure; any thread.

#include "base/error.h"
#include "http/problem.h"

namespace armarium::api {

int status_of(base::ErrorCode code) noexcept;

// The answer to a request that failed: a problem document, or a page for a browser. Only `error.message` is shown; `detail` goes to the log, with a
// number that the reader sees where the fault is ours (500). `page` makes the page for browsers; it may be empty.
http::Response error_response(const http::Request& request, const base::Error& error, const http::ErrorPage& page);

}  // namespace armarium::api
