#pragma once
// One question and its answer, without redirects: the only file that knows libcurl is exchange.cpp. Inside net/ only.

#include <string>

#include "net/client.h"

namespace armarium::net {

struct Hop {
  std::string address;
  bool allow_private = false;
};

base::Result<Response> exchange(const Hop& hop, const Request& request, const Rules& rules,
                                const base::CancelToken& cancel);

// An address of http or https as it is asked for: absolute, or relative to `base`; without user, password and fragment. invalid_argument for anything else.
base::Result<std::string> resolve(const std::string& base, const std::string& address);

}  // namespace armarium::net
