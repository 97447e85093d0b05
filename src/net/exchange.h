#pragma once
// One question and its answer, without redirects: the only file that knows libcurl is exchange.cpp. Inside net/ only.

#include <string>

#include "net/client.h"

namespace armarium::net {

struct Hop {
  std::string address;
  bool allow_private = false;
};

struct Answer {
  Response response;
  bool was_private = false;  // the address that was connected to
};

base::Result<Answer> exchange(const Hop& hop, const Request& request, const Rules& rules,
                              const base::CancelToken& cancel);

// An address of http or https as it is asked for: absolute, or relative to `base`; without user, password and fragment. invalid_argument for anything else.
base::Result<std::string> resolve(const std::string& base, const std::string& address);

}  // namespace armarium::net
