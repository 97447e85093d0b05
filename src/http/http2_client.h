#pragma once
// A small blocking HTTP/2 client for the tests of the server, over nghttp2. One thread.

#include <map>
#include <string>
#include <vector>

#include <nghttp2/nghttp2.h>

#include "http/test_client.h"

namespace armarium::http::testing {

class Http2Client {
 public:
  struct Stream {
    std::map<std::string, std::string> fields;
    std::string body;
    bool closed = false;
    std::uint32_t code = 0;
  };

  explicit Http2Client(std::uint16_t port) : client_(port) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_client_new(&session_, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, nullptr, 0);
  }
  ~Http2Client() { nghttp2_session_del(session_); }
  Http2Client(const Http2Client&) = delete;
  Http2Client& operator=(const Http2Client&) = delete;

  // Opens a stream; its body, where there is one, follows.
  std::int32_t request(const std::string& path, const std::string& method = "GET", std::string body = {},
                       const std::vector<std::pair<std::string, std::string>>& more = {}) {
    std::vector<std::pair<std::string, std::string>> fields = {
        {":method", method}, {":scheme", "http"}, {":authority", "a"}, {":path", path}};
    fields.insert(fields.end(), more.begin(), more.end());
    std::vector<nghttp2_nv> values;
    values.reserve(fields.size());
    for (auto& [name, value] : fields) {
      values.push_back({reinterpret_cast<std::uint8_t*>(name.data()), reinterpret_cast<std::uint8_t*>(value.data()),
                        name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
    }
    nghttp2_data_provider provider{};
    provider.read_callback = on_wanted;
    const std::int32_t stream = nghttp2_submit_request(session_, nullptr, values.data(), values.size(),
                                                       body.empty() ? nullptr : &provider, nullptr);
    bodies_[stream] = std::move(body);
    send();
    return stream;
  }
  void reset(std::int32_t stream) {
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
    send();
  }
  void send() {
    const std::uint8_t* bytes = nullptr;
    for (ssize_t length = 0; (length = nghttp2_session_mem_send(session_, &bytes)) > 0;)
      client_.send({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length)});
  }
  // Reads until the stream is closed or nothing comes.
  const Stream& read(std::int32_t stream) {
    while (!streams[stream].closed && receive()) {
    }
    return streams[stream];
  }
  // False at the end of the connection.
  bool receive() {
    if (!client_.fill()) return false;
    const std::string bytes = client_.take_all();
    nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    send();
    return true;
  }

  std::map<std::int32_t, Stream> streams;
  bool told_to_go = false;
  std::uint32_t go_away_code = 0;

 private:
  static Http2Client& of(void* user) { return *static_cast<Http2Client*>(user); }
  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_length,
                       const std::uint8_t* value, std::size_t value_length, std::uint8_t, void* user) {
    of(user).streams[frame->hd.stream_id].fields[std::string(reinterpret_cast<const char*>(name), name_length)].assign(
        reinterpret_cast<const char*>(value), value_length);
    return 0;
  }
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* data, std::size_t length,
                     void* user) {
    of(user).streams[stream].body.append(reinterpret_cast<const char*>(data), length);
    return 0;
  }
  static int on_close(nghttp2_session*, std::int32_t stream, std::uint32_t code, void* user) {
    of(user).streams[stream].closed = true;
    of(user).streams[stream].code = code;
    return 0;
  }
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type != NGHTTP2_GOAWAY) return 0;
    of(user).told_to_go = true;
    of(user).go_away_code = frame->goaway.error_code;
    return 0;
  }
  static ssize_t on_wanted(nghttp2_session*, std::int32_t stream, std::uint8_t* out, std::size_t most,
                           std::uint32_t* flags, nghttp2_data_source*, void* user) {
    std::string& body = of(user).bodies_[stream];
    const std::size_t count = std::min(most, body.size());
    std::copy_n(body.begin(), count, out);
    body.erase(0, count);
    if (body.empty()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(count);
  }

  Client client_;
  nghttp2_session* session_ = nullptr;
  std::map<std::int32_t, std::string> bodies_;
};

}  // namespace armarium::http::testing
