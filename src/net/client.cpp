#include "net/client.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <thread>

#include <fmt/format.h>

#include "net/exchange.h"

namespace armarium::net {
namespace {

using Clock = base::CancelToken::Clock;
using std::chrono::milliseconds;

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// What may come right by itself.
bool may_pass(const base::Result<Response>& answer) {
  if (!answer)
    return answer.error().code == base::ErrorCode::io || answer.error().code == base::ErrorCode::deadline_exceeded;
  const int status = answer->status;
  return status == 429 || status == 502 || status == 503 || status == 504;
}

milliseconds pause_before(const base::Result<Response>& answer, milliseconds usual) {
  if (!answer) return usual;
  const std::string& after = answer->field("retry-after");
  std::uint32_t seconds = 0;
  const auto [end, fault] = std::from_chars(after.data(), after.data() + after.size(), seconds);
  if (after.empty() || fault != std::errc() || end != after.data() + after.size()) return usual;
  return std::max(usual, milliseconds(std::chrono::seconds(seconds)));
}

base::Result<> wait(milliseconds time, const base::CancelToken& cancel) {
  const auto until = Clock::now() + time;
  while (Clock::now() < until) {
    if (auto stopped = cancel.check(); !stopped) return stopped;
    std::this_thread::sleep_for(std::min(milliseconds(50), std::chrono::ceil<milliseconds>(until - Clock::now())));
  }
  return cancel.check();
}

}  // namespace

const std::string& Response::field(std::string_view name) const noexcept {
  static const std::string kNone;
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& one) { return one.first == name; });
  return found == fields.end() ? kNone : found->second;
}

base::Result<Response> Client::attempt(const Request& request, const base::CancelToken& cancel) const {
  const base::CancelToken limited = cancel.with_deadline(Clock::now() + rules_.whole);
  Hop hop{.address = request.address, .allow_private = rules_.private_addresses != Rules::Private::refused};
  for (int turn = 0; turn <= rules_.redirects; ++turn) {
    auto answer = exchange(hop, request, rules_, limited);
    if (!answer || !is_redirect(answer->status)) {
      if (!answer) return base::fail(std::move(answer.error()));
      return answer;
    }
    const std::string& location = answer->field("location");
    auto next = resolve(hop.address, location);
    if (!next) return base::fail(base::ErrorCode::io, fmt::format("{} redirects to no address.", hop.address));
    hop.address = std::move(*next);
    if (rules_.private_addresses == Rules::Private::first_only) hop.allow_private = answer->was_private;
  }
  return base::fail(base::ErrorCode::io,
                    fmt::format("{} redirects more than {} times.", request.address, rules_.redirects));
}

base::Result<Response> Client::get(const Request& request, const base::CancelToken& cancel) const {
  if (auto own = resolve({}, request.address); !own) return base::fail(std::move(own.error()));
  milliseconds usual = rules_.pause;
  for (int turn = 1;; ++turn) {
    auto answer = attempt(request, cancel);
    if (cancel.stop_requested() && !answer) return answer;
    const milliseconds pause = pause_before(answer, usual);
    if (turn >= rules_.tries || !may_pass(answer) || pause > rules_.longest_pause) return answer;
    if (auto waited = wait(pause, cancel); !waited) return base::fail(std::move(waited.error()));
    usual = std::min(usual * 2, rules_.longest_pause);
  }
}

}  // namespace armarium::net
