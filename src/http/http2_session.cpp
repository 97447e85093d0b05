#include "http/http2_session.h"

#include <array>
#include <chrono>

#include <nghttp2/nghttp2.h>

namespace armarium::http {
namespace {

// A client that drops more streams in a second is attacking (CVE-2023-44487); a viewer that is dragged about drops a few dozen.
constexpr int kMostDroppedInASecond = 500;
constexpr std::uint32_t kStreamWindow = 64U << 10;
constexpr std::int32_t kConnectionWindow = 1 << 20;

std::string_view text_of(const std::uint8_t* bytes, std::size_t length) {
  return {reinterpret_cast<const char*>(bytes), length};
}

nghttp2_nv field_of(std::string_view name, std::string_view value) {
  const auto bytes = [](std::string_view text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
  };
  return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

}  // namespace

struct Http2Session::State {
  Http2Events& events;
  nghttp2_session* session = nullptr;
  std::chrono::steady_clock::time_point second{};
  int dropped = 0;  // in this second
  bool abused = false;

  explicit State(Http2Events& with) : events(with) {}
  ~State() { nghttp2_session_del(session); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void count_dropped() {
    const auto now = std::chrono::steady_clock::now();
    if (now - second > std::chrono::seconds(1)) {
      second = now;
      dropped = 0;
    }
    abused = abused || ++dropped > kMostDroppedInASecond;
  }

  static State& of(void* user) { return *static_cast<State*>(user); }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_length,
                       const std::uint8_t* value, std::size_t value_length, std::uint8_t, void* user) {
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
      of(user).events.on_field(frame->hd.stream_id, text_of(name, name_length), text_of(value, value_length));
    return 0;
  }

  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    const bool ended = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
      of(user).events.on_head(frame->hd.stream_id, ended);
    } else if (ended && (frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS)) {
      of(user).events.on_end(frame->hd.stream_id);
    }
    return 0;
  }

  static int on_data(nghttp2_session* session, std::uint8_t, std::int32_t stream, const std::uint8_t* data,
                     std::size_t length, void* user) {
    // The connection's window opens again at once, so that a body which nobody reads holds up its own stream only.
    nghttp2_session_consume_connection(session, length);
    of(user).events.on_data(stream, text_of(data, length));
    return 0;
  }

  // RFC 9113, 8.1: an answer that is complete before its request is; what else the client has for it is not wanted.
  static int on_sent(nghttp2_session* session, const nghttp2_frame* frame, void*) {
    const bool of_stream = frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS;
    if (of_stream && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0 &&
        nghttp2_session_get_stream_remote_close(session, frame->hd.stream_id) == 0) {
      nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_NO_ERROR);
    }
    return 0;
  }

  static int on_close(nghttp2_session*, std::int32_t stream, std::uint32_t code, void* user) {
    State& state = of(user);
    if (code == NGHTTP2_CANCEL) state.count_dropped();
    state.events.on_closed(stream, code == NGHTTP2_NO_ERROR);
    return 0;
  }

  static ssize_t on_wanted(nghttp2_session*, std::int32_t stream, std::uint8_t* out, std::size_t most,
                           std::uint32_t* flags, nghttp2_data_source*, void* user) {
    std::size_t count = 0;
    switch (of(user).events.on_wanted(stream, reinterpret_cast<char*>(out), most, count)) {
      case Http2Events::Piece::some: return static_cast<ssize_t>(count);
      case Http2Events::Piece::last: *flags |= NGHTTP2_DATA_FLAG_EOF; return static_cast<ssize_t>(count);
      case Http2Events::Piece::later: return NGHTTP2_ERR_DEFERRED;
      case Http2Events::Piece::broken: break;
    }
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;  // resets the stream
  }

  void open(Limits limits) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_sent);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_option* option = nullptr;
    nghttp2_option_new(&option);
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_session_server_new2(&session, callbacks, this, option);
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    const std::array<nghttp2_settings_entry, 4> settings = {
        {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.streams},
         {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow},
         {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits.header_bytes},
         {NGHTTP2_SETTINGS_ENABLE_PUSH, 0}}};
    nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
    nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, kConnectionWindow);
  }
};

Http2Session::Http2Session(Http2Events& events, Limits limits) : state_(std::make_unique<State>(events)) {
  state_->open(limits);
}

Http2Session::~Http2Session() = default;

bool Http2Session::receive(std::string_view bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const ssize_t taken = nghttp2_session_mem_recv(state_->session, data, bytes.size());
  if (state_->abused) nghttp2_session_terminate_session(state_->session, NGHTTP2_ENHANCE_YOUR_CALM);
  return taken >= 0;
}

bool Http2Session::send(std::string& out, std::size_t about) {
  while (out.size() < about) {
    const std::uint8_t* bytes = nullptr;
    const ssize_t length = nghttp2_session_mem_send(state_->session, &bytes);
    if (length < 0) return false;
    if (length == 0) return true;
    out.append(text_of(bytes, static_cast<std::size_t>(length)));
  }
  return true;
}

bool Http2Session::over() const {
  return nghttp2_session_want_read(state_->session) == 0 && nghttp2_session_want_write(state_->session) == 0;
}

void Http2Session::respond(std::int32_t stream, const Http2Fields& fields, bool body) {
  std::vector<nghttp2_nv> values;
  values.reserve(fields.size());
  for (const auto& [name, value] : fields) values.push_back(field_of(name, value));
  nghttp2_data_provider provider{};
  provider.read_callback = State::on_wanted;
  nghttp2_submit_response(state_->session, stream, values.data(), values.size(), body ? &provider : nullptr);
}

void Http2Session::inform(std::int32_t stream, int status) {
  const std::string text = std::to_string(status);
  const nghttp2_nv field = field_of(":status", text);
  nghttp2_submit_headers(state_->session, NGHTTP2_FLAG_NONE, stream, nullptr, &field, 1, nullptr);
}

void Http2Session::resume(std::int32_t stream) { nghttp2_session_resume_data(state_->session, stream); }

void Http2Session::reset(std::int32_t stream) {
  nghttp2_submit_rst_stream(state_->session, NGHTTP2_FLAG_NONE, stream, NGHTTP2_INTERNAL_ERROR);
}

void Http2Session::consumed(std::int32_t stream, std::size_t bytes) {
  nghttp2_session_consume_stream(state_->session, stream, bytes);
}

void Http2Session::widen(std::int32_t stream, std::int32_t window) {
  nghttp2_session_set_local_window_size(state_->session, NGHTTP2_FLAG_NONE, stream, window);
}

void Http2Session::go_away() {
  nghttp2_submit_goaway(state_->session, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(state_->session),
                        NGHTTP2_NO_ERROR, nullptr, 0);
}

}  // namespace armarium::http
