#include "http/http2_connection.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "http/http2_session.h"
#include "http/outgoing.h"
#include "http/problem.h"
#include "http/response_head.h"
#include "http/server_exchange.h"
#include "http/text.h"

namespace armarium::http {
namespace {

constexpr std::size_t kReadPiece = 16U << 10;
constexpr std::size_t kWriteAbout = 128U << 10;  // more is made only when this has gone
constexpr std::size_t kMostFields = 100;
// A body must keep coming: at least so many bytes in each header timeout.
constexpr std::size_t kBodyStep = 4096;
// The window of a body that is taken in pieces.
constexpr std::int32_t kReadAhead = 1 << 20;

// One request from its first field to the end of its answer.
struct Stream {
  Request request;
  std::string scheme;
  std::size_t header_bytes = 0;
  int refused = 0;  // the status to answer instead
  std::string_view reason;
  bool handed_over = false;
  bool ended = false;  // the client has sent all of it
  base::CancelToken cancel;
  base::Bytes body;
  std::uint64_t body_limit = 0;
  std::uint64_t came = 0;       // bytes of the body so far
  std::uint64_t body_seen = 0;  // of them when it last counted as moving
  BodyDone body_done;
  bool in_pieces = false;
  std::optional<std::uint64_t> content_length;
  bool expects_continue = false;
  std::shared_ptr<Outgoing> outgoing;
  std::function<void(const Delivery&)> delivered;
  bool asked = false;  // for the next piece
  bool broken = false;
  Connection::Clock::time_point moved = Connection::Clock::now();
  Connection::Clock::time_point paused{};  // since when nobody waits for more of a body in pieces
};

class Http2Connection final : public Connection,
                              public Http2Events,
                              public std::enable_shared_from_this<Http2Connection> {
 public:
  Http2Connection(Link link, std::string received, Closed closed)
      : link_(std::move(link)),
        received_(std::move(received)),
        closed_(std::move(closed)),
        session_(*this, {128, static_cast<std::uint32_t>(link_.context->options.max_header_bytes)}) {}

  void start() override {
    take(std::exchange(received_, {}));
    read_more();
  }

  void drain() override {
    draining_ = true;
    session_.go_away();
    flush();
  }

  void close() override {
    if (gone_) return;
    gone_ = true;
    const auto self = shared_from_this();
    link_.transport->close();
    auto streams = std::exchange(streams_, {});
    for (auto& [number, stream] : streams) end(stream, false);
    closed_(this);
  }

  void check_deadline(Clock::time_point now) override {
    const ServerOptions& options = link_.context->options;
    if (gone_) return;
    if (streams_.empty()) {
      if (now - moved_ > options.idle_timeout) close();
      return;
    }
    bool stuck = false;
    std::vector<std::uint64_t> slow;
    std::vector<std::uint64_t> still;  // nobody takes their bytes
    for (auto& [number, stream] : streams_) {
      if (stream.outgoing && !stream.asked && now - stream.moved > options.write_timeout) still.push_back(number);
      if (!stream.handed_over && now - stream.moved > options.header_timeout) stuck = true;
      if (stream.body_done && now - stream.moved > options.header_timeout) slow.push_back(number);
    }
    if (stuck || (!still.empty() && now - moved_ > options.write_timeout)) return close();
    // Others move: this one waits for a client that does not read it, and gives its place back.
    for (const std::uint64_t number : still) session_.reset(stream_of(number));
    for (const std::uint64_t number : slow) {
      answer(number, refusal({.status = 408, .detail = "The request's body took too long."}));
      if (Stream* stream = find(number))
        deliver(*stream, base::fail(base::ErrorCode::deadline_exceeded, "The request's body took too long."));
    }
    flush();
  }

  void answer(std::uint64_t number, Response response) override {
    Stream* stream = find(number);
    if (stream == nullptr || stream->outgoing) {
      if (response.delivered) response.delivered({});
      return;
    }
    stream->delivered = std::exchange(response.delivered, nullptr);
    stream->moved = Clock::now();
    Outgoing::Wire wire;
    wire.head_only = stream->request.method == "HEAD";
    wire.framed = false;
    stream->outgoing = std::make_shared<Outgoing>(std::move(response), wire, link_.loop, link_.context->pool);
    const Outgoing& outgoing = *stream->outgoing;
    const bool body = !outgoing.head_only() && outgoing.length() != 0U;
    session_.respond(stream_of(number), response_fields(outgoing.response(), outgoing.length()), body);
    flush();
  }

  void want_body(std::uint64_t number, std::uint64_t limit, BodyDone done) override {
    Stream* stream = find(number);
    if (stream == nullptr || stream->outgoing || stream->body_done)
      return done(base::fail(base::ErrorCode::cancelled, "The request was cancelled."));
    stream->body_done = std::move(done);
    stream->body_limit = std::min(limit, link_.context->options.max_body_bytes);
    stream->moved = Clock::now();
    if (stream->content_length && *stream->content_length > stream->body_limit) return too_large(*stream);
    if (stream->expects_continue && !stream->ended && stream->body.empty()) session_.inform(stream_of(number), 100);
    session_.consumed(stream_of(number), stream->body.size());
    continue_body(*stream);
    flush();
  }

  void want_some(std::uint64_t number, BodyDone done) override {
    Stream* stream = find(number);
    if (stream == nullptr || stream->outgoing || stream->body_done)
      return done(base::fail(base::ErrorCode::cancelled, "The request was cancelled."));
    stream->body_done = std::move(done);
    if (stream->in_pieces) {
      stream->moved += Clock::now() - stream->paused;  // while nobody waited for more the client was not slow
    } else {
      stream->moved = Clock::now();
      session_.widen(stream_of(number), kReadAhead);
      if (stream->expects_continue && !stream->ended && stream->body.empty()) session_.inform(stream_of(number), 100);
    }
    stream->in_pieces = true;
    continue_pieces(number);
    flush();
  }

 private:
  static std::int32_t stream_of(std::uint64_t number) { return static_cast<std::int32_t>(number); }

  Stream* find(std::uint64_t number) {
    const auto found = streams_.find(number);
    return found == streams_.end() ? nullptr : &found->second;
  }

  // ---- TransportEvents ----------------------------------------------------------------------------------------------------------

  void on_ready(bool) override {}
  void on_shut() override {}

  void on_read(std::size_t bytes, ReadEnd end) override {
    if (gone_) return;
    if (end != ReadEnd::open) return close();
    take({scratch_.data(), bytes});
    if (!gone_) read_more();
  }

  void on_written(std::size_t bytes, bool ok) override {
    if (gone_) return;
    writing_ = false;
    if (!ok) return close();
    out_.erase(0, bytes);
    flush();
  }

  void read_more() { link_.transport->read_some(scratch_, shared_from_this()); }

  void take(std::string_view bytes) {
    const auto self = shared_from_this();
    moved_ = Clock::now();
    inside_ = true;
    const bool sound = session_.receive(bytes);
    inside_ = false;
    if (!sound) return close();
    flush();
  }

  // Writes what there is to say; one write at a time.
  void flush() {
    if (inside_ || writing_ || gone_) return;
    const auto self = shared_from_this();
    inside_ = true;
    const bool sound = session_.send(out_, kWriteAbout);
    inside_ = false;
    if (!sound) return close();
    if (!out_.empty()) {
      writing_ = true;
      return link_.transport->write_some(out_, {}, self);
    }
    if (session_.over() || (draining_ && streams_.empty())) close();
  }

  // ---- Http2Events --------------------------------------------------------------------------------------------------------------

  void on_field(std::int32_t number, std::string_view name, std::string_view value) override {
    Stream& stream = streams_[static_cast<std::uint64_t>(number)];
    stream.header_bytes += name.size() + value.size() + 32;
    Headers& headers = stream.request.headers;
    if (stream.header_bytes > link_.context->options.max_header_bytes || headers.fields().size() >= kMostFields)
      return refuse(stream, 431, "The request's header is longer than this server reads.");
    if (name == ":method") {
      stream.request.method = value;
    } else if (name == ":path") {
      set_target(stream, value);
    } else if (name == ":authority") {
      headers.set("Host", std::string(value));
    } else if (name == ":scheme") {
      stream.scheme = value;
    } else if (name == "host") {
      if (!headers.has("Host")) headers.add("Host", std::string(value));
    } else if (name == "cookie" && headers.has("Cookie")) {
      headers.set("Cookie", fmt::format("{}; {}", headers.get("Cookie"), value));  // RFC 9113, 8.2.3
    } else {
      headers.add(std::string(name), std::string(value));
    }
  }

  static void refuse(Stream& stream, int status, std::string_view reason) {
    if (stream.refused != 0) return;
    stream.refused = status;
    stream.reason = reason;
  }

  void set_target(Stream& stream, std::string_view target) const {
    if (target.size() > link_.context->options.max_target_bytes)
      return refuse(stream, 414, "The address is longer than this server reads.");
    const bool printable = std::none_of(target.begin(), target.end(), [](char c) {
      return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '#';
    });
    if (!printable) return refuse(stream, 400, "The address holds a character that must be encoded.");
    if (target.empty() || (target.front() != '/' && target != "*"))
      return refuse(stream, 400, "The address must start with a slash.");
    const std::size_t question = target.find('?');
    stream.request.path = target.substr(0, question);
    if (question != std::string_view::npos) stream.request.query = target.substr(question + 1);
  }

  void on_head(std::int32_t number, bool ended) override {
    const auto key = static_cast<std::uint64_t>(number);
    Stream& stream = streams_[key];
    stream.ended = ended;
    stream.handed_over = true;
    if (stream.refused == 0) check_head(stream);
    if (stream.refused != 0)
      return answer(key, refusal({.status = stream.refused, .detail = std::string(stream.reason)}));
    Request request = request_of(link_, stream.request.headers.get("Host"));
    request.method = stream.request.method;
    request.path = std::move(stream.request.path);
    request.query = std::move(stream.request.query);
    request.headers = std::move(stream.request.headers);
    hand_over(*link_.context,
              std::make_shared<ServerExchange>(std::move(request), stream.cancel, key,
                                               std::weak_ptr<Connection>(weak_from_this()), link_.loop));
  }

  void check_head(Stream& stream) const {
    const Headers& headers = stream.request.headers;
    if (headers.get("Host").empty()) return refuse(stream, 400, "The request names no host.");
    if (stream.request.path == "*" && stream.request.method != "OPTIONS")
      return refuse(stream, 400, "The address must start with a slash.");
    const std::string_view expected = headers.get("Expect");
    stream.expects_continue = same_text(expected, "100-continue");
    if (!expected.empty() && !stream.expects_continue)
      return refuse(stream, 417, "The only expectation that this server knows is 100-continue.");
    // nghttp2 has checked that it is a number and that as much comes.
    if (const std::string length(headers.get("Content-Length")); !length.empty())
      stream.content_length = std::strtoull(length.c_str(), nullptr, 10);
  }

  void on_data(std::int32_t number, std::string_view part) override {
    Stream* stream = find(static_cast<std::uint64_t>(number));
    // What comes for an answered request, or before anybody asked, waits behind the stream's window.
    if (stream == nullptr || stream->outgoing) return;
    const base::ByteView bytes = base::as_bytes(part);
    stream->body.insert(stream->body.end(), bytes.begin(), bytes.end());
    stream->came += part.size();
    if (stream->came >= stream->body_seen + kBodyStep) {
      stream->body_seen = stream->came;
      stream->moved = Clock::now();
    }
    if (!stream->body_done) return;
    if (stream->in_pieces) return continue_pieces(static_cast<std::uint64_t>(number));
    session_.consumed(number, part.size());
    continue_body(*stream);
  }

  void on_end(std::int32_t number) override {
    Stream* stream = find(static_cast<std::uint64_t>(number));
    if (stream == nullptr) return;
    stream->ended = true;
    if (!stream->body_done) return;
    if (stream->in_pieces) return continue_pieces(static_cast<std::uint64_t>(number));
    continue_body(*stream);
  }

  void on_closed(std::int32_t number, bool complete) override {
    const auto found = streams_.find(static_cast<std::uint64_t>(number));
    if (found == streams_.end()) return;
    Stream stream = std::move(found->second);
    streams_.erase(found);
    end(stream, complete);
  }

  Piece on_wanted(std::int32_t number, char* out, std::size_t most, std::size_t& count) override {
    const auto key = static_cast<std::uint64_t>(number);
    Stream* stream = find(key);
    if (stream == nullptr || !stream->outgoing) return Piece::broken;
    if (stream->outgoing->empty() && !stream->outgoing->last()) ask(key, *stream);
    if (stream->broken) return Piece::broken;
    if (stream->asked) return Piece::later;
    Outgoing& outgoing = *stream->outgoing;
    count = std::min(most, outgoing.second().size());
    std::memcpy(out, outgoing.second().data(), count);
    outgoing.written(count);
    stream->moved = moved_ = Clock::now();
    return outgoing.empty() && outgoing.last() ? Piece::last : Piece::some;
  }

  // ---- bodies -------------------------------------------------------------------------------------------------------------------

  // Has the next piece made, here or on the pool.
  void ask(std::uint64_t key, Stream& stream) {
    if (stream.asked) return;
    stream.asked = true;
    stream.outgoing->next([weak = weak_from_this(), key](Outgoing::Step step) {
      const auto self = weak.lock();
      Stream* asking = self ? self->find(key) : nullptr;
      if (asking == nullptr || !asking->asked) return;
      asking->asked = false;
      asking->moved = Clock::now();
      asking->broken = step == Outgoing::Step::failed || step == Outgoing::Step::overloaded;
      if (self->inside_) return;  // on_wanted goes on by itself
      self->session_.resume(stream_of(key));
      self->flush();
    });
  }

  // Gives what has come, at once; the window opens again by as much.
  void continue_pieces(std::uint64_t number) {
    Stream* stream = find(number);
    if (stream->body.empty() && !stream->ended) return;
    base::Bytes piece = std::exchange(stream->body, {});
    stream->paused = Clock::now();
    if (!stream->ended) session_.consumed(stream_of(number), piece.size());
    deliver(*stream, std::move(piece));  // may end the stream
  }

  void continue_body(Stream& stream) {
    if (stream.body.size() > stream.body_limit) return too_large(stream);
    if (stream.ended) deliver(stream, std::move(stream.body));
  }

  static void too_large(Stream& stream) {
    deliver(stream,
            base::fail(base::ErrorCode::too_large,
                       fmt::format("The body is larger than the {} bytes that are read here.", stream.body_limit)));
  }

  static void deliver(Stream& stream, base::Result<base::Bytes> result) {
    const BodyDone done = std::exchange(stream.body_done, nullptr);
    if (done) done(std::move(result));
  }

  static void end(Stream& stream, bool complete) {
    stream.cancel.cancel();
    deliver(stream, base::fail(base::ErrorCode::cancelled, "The request was cancelled."));
    if (stream.delivered) stream.delivered({stream.outgoing ? stream.outgoing->body_bytes() : 0, complete});
  }

  Link link_;
  std::string received_;
  Closed closed_;
  std::map<std::uint64_t, Stream> streams_;
  Http2Session session_;
  std::array<char, kReadPiece> scratch_{};
  std::string out_;
  Clock::time_point moved_ = Clock::now();
  bool inside_ = false;  // a call of the session is under way
  bool writing_ = false;
  bool draining_ = false;
  bool gone_ = false;
};

}  // namespace

std::shared_ptr<Connection> http2_connection(Link link, std::string received, Connection::Closed closed) {
  return std::make_shared<Http2Connection>(std::move(link), std::move(received), std::move(closed));
}

}  // namespace armarium::http
