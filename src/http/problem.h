#pragma once
// Problem documents (RFC 9457): what every error answer is, as application/problem+json or, for a browser, as the site's own page. Knows statuses only; which
// Error has which status is decided in api/. Pure functions; any thread.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/exchange.h"

namespace armarium::http {

struct Problem {
  int status = 500;
  std::string detail{};  // one sentence for the client; never a path of the disk
  std::string title{};   // empty: the status' own phrase
  std::optional<std::chrono::seconds> retry_after{};
  std::string incident{};  // the number under which the log explains a 500
};

// Makes the body of an error page for browsers from the request (its language, its base address), status, title and detail (plain text, not yet escaped).
using ErrorPage =
    std::function<std::string(const Request& request, int status, std::string_view title, std::string_view detail)>;

std::string_view reason_phrase(int status) noexcept;
Response problem_response(const Problem& problem);
// As HTML where the request prefers it to JSON, `page` is there and the address is not one of /iiif/.
Response problem_response(const Problem& problem, const Request& request, const ErrorPage& page);
// Logs `what` under a new number and answers 500 with that number.
Response internal_error(std::string_view what);

// `text` as a JSON string with its quotes; bytes that are no UTF-8 become U+FFFD.
std::string json_quoted(std::string_view text);
std::string html_escaped(std::string_view text);

}  // namespace armarium::http
