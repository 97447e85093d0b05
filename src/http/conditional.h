#pragma once
// Conditional requests and byte ranges (RFC 9110, 13 and 14). A handler that can name its ETag before it makes the answer asks evaluate() first and so spares the work; the gateway
// does the rest for every answer. Pure functions; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/exchange.h"

namespace armarium::http {

enum class Precondition { proceed, not_modified, failed };

// What the request's If-Match, If-None-Match and If-Modified-Since say of a representation with this ETag (quoted; empty: none) and time of change in seconds since 1970.
// Tags are compared without W/ and without the coding that we or a proxy appended ("-gzip"): the revision decides. For methods other than GET and HEAD a match of If-None-Match is `failed`.
Precondition evaluate(const Request& request, std::string_view etag,
                      std::optional<std::int64_t> last_modified = std::nullopt);

// The answer that evaluate() stands for: 304 or 412 with this ETag. Caching headers are the handler's to add.
Response not_modified(std::string_view etag);

// Turns a 200 to GET or HEAD into 304 or 412 where its own ETag or Last-Modified say so, and gives every 304 the ETag under which the client knows it.
void apply_preconditions(const Request& request, Response& response);

// Turns a 200 to GET into 206 or 416. Files always have ranges; bytes in memory where the handler said "Accept-Ranges: bytes". Several ranges are answered by the whole.
void apply_range(const Request& request, Response& response);

// `"abc"` for W/"abc", "abc-gzip" and their like.
std::string_view tag_core(std::string_view tag);
// RFC 9110, 5.6.7, all three forms.
std::optional<std::int64_t> parse_http_date(std::string_view text);

}  // namespace armarium::http
