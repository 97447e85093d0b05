#pragma once
// The one map from error codes to HTTP. Pure; any thread.

#include "base/error.h"
#include "http/exchange.h"

namespace armarium::api {

int status_of(base::ErrorCode code) noexcept;

// The answer to a request that failed: a problem document, or a page for a browser. Only `error.message` is shown; `detail` goes to the log, with a
// number that the reader sees where the fault is ours (500).
http::Response error_response(const http::Request& request, const base::Error& error);

}  // namespace armarium::api
