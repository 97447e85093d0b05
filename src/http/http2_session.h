#pragma once
// nghttp2 behind a small class, so that its header stays in one file: frames in, frames out, and what they mean as calls of Http2Events. Not thread-safe; all calls and events on the
// connection's loop. No event comes from inside another call than receive() and send().

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace armarium::http {

using Http2Fields = std::vector<std::pair<std::string, std::string>>;

class Http2Events {
 public:
  virtual ~Http2Events() = default;
  virtual void on_field(std::int32_t stream, std::string_view name, std::string_view value) = 0;
  // All fields of the head are in; `ended`: no body comes.
  virtual void on_head(std::int32_t stream, bool ended) = 0;
  // A part of the body. The stream's window stays closed by so much until consumed() is called.
  virtual void on_data(std::int32_t stream, std::string_view part) = 0;
  virtual void on_end(std::int32_t stream) = 0;
  // The stream is over; `complete` when nothing went wrong with it.
  virtual void on_closed(std::int32_t stream, bool complete) = 0;

  enum class Piece { some, last, later, broken };
  // Copies the next bytes of an answer's body, at most `most`. `later`: resume() when there are more.
  virtual Piece on_wanted(std::int32_t stream, char* out, std::size_t most, std::size_t& count) = 0;
};

class Http2Session {
 public:
  struct Limits {
    std::uint32_t streams = 128;  // at a time
    std::uint32_t header_bytes = 32U << 10;
  };
  Http2Session(Http2Events& events, Limits limits);
  ~Http2Session();
  Http2Session(const Http2Session&) = delete;
  Http2Session& operator=(const Http2Session&) = delete;

  // False when the client broke the protocol beyond repair; what is left to send says so.
  bool receive(std::string_view bytes);
  // The next bytes to write, appended; nothing when there is nothing to say now. False as above.
  bool send(std::string& out, std::size_t about);
  // Neither side has anything more to say.
  bool over() const;

  // `body`: on_wanted will be asked; else the head is all there is.
  void respond(std::int32_t stream, const Http2Fields& fields, bool body);
  void inform(std::int32_t stream, int status);  // 1xx
  void resume(std::int32_t stream);
  void reset(std::int32_t stream);
  void consumed(std::int32_t stream, std::size_t bytes);
  // Lets the client send so many bytes ahead on this stream.
  void widen(std::int32_t stream, std::int32_t window);
  // No new streams; over() once those that are open have ended.
  void go_away();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace armarium::http
