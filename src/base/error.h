#pragma once
// What went wrong, in words that say nothing of HTTP. `message` is one sentence that may be shown to a client and names no path of
// the server's disk; `detail` goes to the log. The map from code to status is one table in api/. Values; any thread.

#include <cstdint>
#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace armarium::base {

enum class ErrorCode {
  invalid_argument,      // the request does not parse or asks for something meaningless
  over_limit,            // parses, but goes past a published limit of the image
  unauthenticated,       // nobody said who asks
  forbidden,             // known, and refused
  not_found,             // no such thing
  gone,                  // was here, deleted
  withheld,              // taken down on legal grounds
  not_acceptable,        // no representation fits
  method_not_allowed,    // this address knows other methods
  conflict,              // somebody else changed it first
  precondition_failed,   // If-Match and its like
  precondition_missing,  // such a condition is needed here
  unsupported_type,      // of the content that was sent
  too_large,             // body, header or address over a limit
  unsupported,           // a feature or format that is not there
  wrong_host,            // this server does not answer for that host
  corrupt,               // a source that cannot be read
  resource_limit,        // a source that would cost more than the limits allow
  not_ready,             // not known yet, ask again
  overloaded,            // no room now, ask again
  budget_spent,          // this client has had its share for now
  deadline_exceeded,     // took longer than its time
  cancelled,             // the client went away
  io,                    // disk or network
  storage_full,          // no space left
  unavailable,           // something that the server needs does not answer, ask again
  internal,              // our own mistake
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  std::string detail;
  std::uint32_t retry_after = 0;  // seconds after which asking again may help; 0: not known
};

template <class T = void>
using Result = tl::expected<T, Error>;

// Shorthand for `return fail(ErrorCode::not_found, "There is no such item.");`
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string detail = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(detail)});
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

// The stable name of a code, as metrics and logs spell it ("invalid_argument").
const char* name_of(ErrorCode code) noexcept;

}  // namespace armarium::base
