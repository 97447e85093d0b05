#include "http/request_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "http/text.h"

namespace armarium::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;

// What the parser may leave unconsumed inside a chunked body: one chunk's header, or the trailer.
constexpr std::size_t kMaxChunkHeader = 8192;

struct Failure {
  int status = 0;
  std::string_view reason;
};

// Receives what Beast finds. Fields of the trailer are dropped (RFC 9110, 6.5.1 allows it).
class MessageReader final : public beast::http::basic_parser<true> {
 public:
  RequestHead head;
  Failure failure;
  base::Bytes* body = nullptr;
  std::size_t max_fields = 0;
  std::size_t max_target = 0;
  std::size_t hosts = 0;
  bool content_length_seen = false;
  bool transfer_encoding_seen = false;
  bool target_has_host = false;

 private:
  void refuse(int status, std::string_view reason, error_code& ec) {
    failure = {status, reason};
    ec = beast::http::error::bad_field;
  }

  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                       error_code& ec) override {
    head.method.assign(method.data(), method.size());
    head.http_1_0 = version == 10;
    if (target.size() > max_target) return refuse(414, "The address is longer than this server reads.", ec);
    read_target({target.data(), target.size()}, ec);
  }

  // RFC 9112, 3.2: origin-form, absolute-form, and asterisk-form for OPTIONS.
  void read_target(std::string_view target, error_code& ec) {
    for (const char c : target) {
      if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '#')
        return refuse(400, "The address holds a character that must be encoded.", ec);
    }
    if (target == "*" && head.method == "OPTIONS") {
      head.path = "*";
      return;
    }
    if (target.empty()) return refuse(400, "The request has no address.", ec);
    if (target.front() != '/') {
      const std::size_t scheme = target.find("://");
      const std::string name = lower(target.substr(0, scheme));
      if (scheme == std::string_view::npos || (name != "http" && name != "https"))
        return refuse(400, "The address must start with a slash.", ec);
      target.remove_prefix(scheme + 3);
      const std::size_t end = std::min(target.find_first_of("/?"), target.size());
      head.host = std::string(target.substr(0, end));
      target_has_host = true;
      target.remove_prefix(end);
      if (head.host.empty() || head.host.find('@') != std::string::npos)
        return refuse(400, "The address names no host.", ec);
    }
    const std::size_t question = target.find('?');
    head.path = std::string(target.substr(0, question));
    if (head.path.empty()) head.path = "/";
    if (question != std::string_view::npos) head.query = std::string(target.substr(question + 1));
  }

  void on_field_impl(beast::http::field field, beast::string_view name, beast::string_view value,
                     error_code& ec) override {
    if (is_header_done()) return;
    if (head.headers.fields().size() >= max_fields)
      return refuse(431, "The request has more header fields than this server reads.", ec);
    const std::string_view text{value.data(), value.size()};
    switch (field) {
      case beast::http::field::host:
        if (++hosts > 1) return refuse(400, "The request has more than one Host header.", ec);
        if (!target_has_host) head.host = std::string(text);
        break;
      case beast::http::field::content_length:
        if (content_length_seen || text.find(',') != std::string_view::npos)
          return refuse(400, "The request has more than one Content-Length.", ec);
        content_length_seen = true;
        break;
      case beast::http::field::transfer_encoding:
        if (transfer_encoding_seen || head.http_1_0)
          return refuse(400, "The request's Transfer-Encoding is not allowed here.", ec);
        if (!same_text(text, "chunked"))
          return refuse(501, "The only Transfer-Encoding that this server reads is chunked.", ec);
        transfer_encoding_seen = true;
        break;
      default: break;
    }
    head.headers.add(std::string(name.data(), name.size()), std::string(text));
  }

  void on_header_impl(error_code& ec) override {
    if (content_length_seen && transfer_encoding_seen)
      return refuse(400, "The request has both Content-Length and Transfer-Encoding.", ec);
    if (hosts == 0 && !head.http_1_0) return refuse(400, "The request has no Host header.", ec);
    const std::string expect = head.headers.joined("Expect");
    if (!expect.empty() && !same_text(expect, "100-continue"))
      return refuse(417, "The only expectation that this server knows is 100-continue.", ec);
    head.expects_continue = !expect.empty() && !head.http_1_0;
    head.keep_alive = keep_alive();
    if (!chunked()) head.content_length = content_length() ? *content_length() : 0;
  }

  std::size_t take(beast::string_view part) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(part.data());
    body->insert(body->end(), bytes, bytes + part.size());
    return part.size();
  }

  void on_response_impl(int, beast::string_view, int, error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(beast::string_view part, error_code&) override { return take(part); }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view part, error_code&) override { return take(part); }
  void on_finish_impl(error_code&) override {}
};

// What Beast lets pass and RFC 9112 forbids or allows to refuse: folded lines (5.2), NUL and bare CR or LF in the head (2.2, 5.5).
Failure check_lines(std::string_view head) {
  for (std::size_t i = 0; i < head.size(); ++i) {
    const char c = head[i];
    if (c == '\0') return {400, "The request's head holds a NUL byte."};
    if (c == '\r' && (i + 1 >= head.size() || head[i + 1] != '\n'))
      return {400, "A line of the request does not end in CR LF."};
    if (c != '\n') continue;
    if (i == 0 || head[i - 1] != '\r') return {400, "A line of the request does not end in CR LF."};
    if (i + 1 < head.size() && (head[i + 1] == ' ' || head[i + 1] == '\t'))
      return {400, "A header is folded over several lines."};
  }
  return {};
}

Failure describe(const error_code& ec) {
  using beast::http::error;
  if (ec == error::body_limit) return {413, "The body is larger than this server reads."};
  if (ec == error::header_limit) return {431, "The headers are larger than this server reads."};
  if (ec == error::bad_version) return {505, "This server speaks HTTP/1.1 and HTTP/1.0."};
  if (ec == error::bad_content_length || ec == error::multiple_content_length)
    return {400, "The Content-Length is not one number."};
  if (ec == error::bad_transfer_encoding) return {400, "The Transfer-Encoding contradicts the Content-Length."};
  if (ec == error::bad_chunk || ec == error::bad_chunk_extension) return {400, "A chunk of the body is malformed."};
  if (ec == error::bad_target) return {400, "The address holds a character that must be encoded."};
  if (ec == error::bad_method) return {400, "The request's method is malformed."};
  return {400, "The request is malformed."};
}

}  // namespace

struct RequestParser::Impl {
  explicit Impl(ParserLimits limits_in) : limits(limits_in) { reset(); }

  ParserLimits limits;
  std::optional<MessageReader> reader;
  RequestParser::State state = State::head;
  Failure failure;
  std::size_t blanks = 0;    // bytes of empty lines in front of the request
  std::size_t searched = 0;  // bytes of the unfinished head in which its end was looked for

  void reset() {
    reader.emplace();
    reader->header_limit(static_cast<std::uint32_t>(limits.header_bytes + 1));
    reader->body_limit(limits.body_bytes);
    reader->max_fields = limits.fields;
    reader->max_target = limits.target_bytes;
    state = State::head;
    failure = {};
    searched = 0;
    blanks = 0;
  }

  std::size_t fail(Failure why) {
    failure = why;
    state = State::failed;
    return 0;
  }

  // The head is parsed in one piece: Beast's own limit counts from the line at which it paused.
  std::size_t feed_head(std::string_view data) {
    std::size_t blank = 0;
    while (data.substr(blank).starts_with("\r\n")) blank += 2;  // RFC 9112, 2.2: empty lines before the request
    if (blank > 0) {
      blanks += blank;
      if (blanks > 16) return fail({400, "The request is malformed."});
      return blank;
    }
    if (data.empty()) return 0;
    if (!is_token(data.substr(0, 1)) && data != "\r") return fail({400, "The request's method is malformed."});
    const std::size_t from = searched < 3 ? 0 : searched - 3;
    const std::size_t end = data.find("\r\n\r\n", from);
    const std::size_t size = end == std::string_view::npos ? data.size() : end + 4;
    if (size > limits.header_bytes) {
      const bool first_line_open = data.substr(0, limits.header_bytes).find('\n') == std::string_view::npos;
      return fail(first_line_open ? Failure{414, "The address is longer than this server reads."}
                                  : Failure{431, "The headers are larger than this server reads."});
    }
    searched = data.size();
    if (end == std::string_view::npos) {
      if (data.find('\n') == std::string_view::npos && data.size() > limits.target_bytes + 64)
        return fail({414, "The address is longer than this server reads."});
      return 0;
    }
    if (const Failure bad = check_lines(data.substr(0, size)); bad.status != 0) return fail(bad);
    return parse_head(data.substr(0, size));
  }

  std::size_t parse_head(std::string_view head) {
    error_code ec;
    reader->eager(false);
    std::size_t taken = 0;
    while (!reader->is_header_done()) {
      taken += reader->put(boost::asio::buffer(head.data() + taken, head.size() - taken), ec);
      if (ec) return fail(reader->failure.status != 0 ? reader->failure : describe(ec));
    }
    state = reader->is_done() ? State::complete : State::body;
    return taken;
  }

  std::size_t feed_body(std::string_view data, base::Bytes& body) {
    // What ends a chunked body has five bytes at least; Beast 1.81 asserts on fewer when the last chunk is the first.
    if (reader->chunked() && data.size() < 5) return 0;
    error_code ec;
    reader->eager(true);
    reader->body = &body;
    const std::size_t taken = reader->put(boost::asio::buffer(data.data(), data.size()), ec);
    if (ec && ec != beast::http::error::need_more)
      return fail(reader->failure.status != 0 ? reader->failure : describe(ec));
    if (reader->is_done()) {
      state = State::complete;
    } else if (data.size() - taken > kMaxChunkHeader) {
      return fail({400, "A chunk of the body is malformed."});
    }
    return taken;
  }
};

RequestParser::RequestParser(ParserLimits limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestParser::~RequestParser() = default;
RequestParser::State RequestParser::state() const noexcept { return impl_->state; }
RequestHead& RequestParser::head() noexcept { return impl_->reader->head; }
int RequestParser::status() const noexcept { return impl_->failure.status; }
std::string_view RequestParser::reason() const noexcept { return impl_->failure.reason; }
void RequestParser::reset() { impl_->reset(); }

std::size_t RequestParser::feed(std::string_view data, base::Bytes& body) {
  if (data.empty()) return 0;
  switch (impl_->state) {
    case State::head: return impl_->feed_head(data);
    case State::body: return impl_->feed_body(data, body);
    case State::complete:
    case State::failed: break;
  }
  return 0;
}

}  // namespace armarium::http
