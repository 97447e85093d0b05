// Any bytes as requests on one connection: however the network cuts them, the parser reads the same, and what it accepts keeps the promises of its header.

#include <cstdlib>
#include <string>
#include <vector>

#include "http/request_parser.h"

namespace {

using namespace armarium;

constexpr http::ParserLimits kLimits{.header_bytes = 2048, .target_bytes = 512, .body_bytes = 4096, .fields = 20};

void check(const http::RequestHead& head, const base::Bytes& body) {
  const bool star = head.path == "*" && head.method == "OPTIONS";
  if (!star && !head.path.starts_with('/')) std::abort();
  if (head.path.size() + head.query.size() > kLimits.target_bytes || head.headers.fields().size() > kLimits.fields ||
      body.size() > kLimits.body_bytes)
    std::abort();
  if (head.headers.has("Content-Length") && head.headers.has("Transfer-Encoding")) std::abort();
  if (head.content_length && *head.content_length != body.size()) std::abort();
  for (const auto& [name, value] : head.headers.fields()) {
    if ((name + value).find_first_of(std::string("\0\r\n", 3)) != std::string::npos) std::abort();
  }
}

// What was read, as one text; requests are separated by their state.
std::string read(std::string_view data, std::size_t step) {
  http::RequestParser parser(kLimits);
  base::Bytes body;
  std::string waiting;
  std::string seen;
  while (!data.empty()) {
    waiting += data.substr(0, step);
    data.remove_prefix(std::min(step, data.size()));
    for (;;) {
      const std::size_t taken = parser.feed(waiting, body);
      if (taken > waiting.size()) std::abort();
      waiting.erase(0, taken);
      if (parser.state() == http::RequestParser::State::failed)
        return seen + "failed " + std::to_string(parser.status());
      if (parser.state() == http::RequestParser::State::complete) {
        check(parser.head(), body);
        seen += parser.head().method + " " + parser.head().host + parser.head().path + "?" + parser.head().query + " " +
                std::string(base::as_text(body)) + "\n";
        body.clear();
        parser.reset();
      } else if (taken == 0) {
        break;
      }
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0 || size > 16384) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string whole = read(text, size);
  const std::string cut = read(text, 1 + data[size / 2] % 7);
  // Which limit is met first may depend on the pieces; what was understood may not.
  const auto understood = [](const std::string& seen) { return seen.substr(0, seen.rfind("failed ")); };
  if (understood(whole) != understood(cut)) std::abort();
  return 0;
}
