#pragma once
// Headers that every answer carries: CORS for everybody without credentials, and what keeps a browser from guessing types. Pure functions; any thread.

#include <string>
#include <string_view>

#include "http/exchange.h"

namespace armarium::http {

void add_cors(Response& response);
void add_security_headers(Response& response);

// True for a preflight (Fetch, 4.8), as opposed to somebody who asks for OPTIONS.
bool is_preflight(const Request& request);
// 204 with what the contract names; `allow` holds the methods of the address, empty where there is none.
Response preflight_response(std::string_view allow);

}  // namespace armarium::http
