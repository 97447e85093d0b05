#pragma once
// Writes the head of an answer. Whatever a handler put into its headers, nothing that leaves here can split an answer: names that are no tokens are left out, control characters
// in values become spaces. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/exchange.h"

namespace armarium::http {

struct Framing {
  bool keep_alive = true;
  bool http_1_0 = false;  // of the request: keep-alive must be said
  bool chunked = false;
  std::optional<std::uint64_t> content_length;  // none: chunked, or the end of the connection
};

// RFC 9110, 6.4.1: answers that have no body whatever their headers say.
bool has_no_body(int status) noexcept;

// Headers as lines, without those that belong to the framing.
std::string fields_text(const Headers& headers);

std::string response_head(const Response& response, const Framing& framing);

// The fields of an answer as HTTP/2 has them, ":status" first: names in lower case, nothing of a connection (RFC 9113, 8.2.2).
std::vector<std::pair<std::string, std::string>> response_fields(const Response& response,
                                                                 std::optional<std::uint64_t> content_length);

// RFC 9110, 5.6.7 IMF-fixdate, of now or of `seconds` since 1970.
std::string http_date(std::int64_t seconds);

}  // namespace armarium::http
