#pragma once
// Follows one HTTP/1.1 answer through the pieces that a socket gives, and counts its body without keeping it.
// Bodies by Content-Length, in chunks, and until the connection closes. One thread; a malformed answer is reported, never thrown.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace armarium::bench {

class ResponseReader {
 public:
  enum class State { head, body, chunk_size, chunk, chunk_end, trailer, until_close, done, broken };

  void reset();

  // Takes the next bytes. A client that waits for each answer gets no bytes after its end; any there are make the answer broken.
  void feed(std::string_view bytes);

  // The connection was closed: the end of a body that has no length, else a fault.
  void closed();

  [[nodiscard]] bool finished() const { return state_ == State::done || state_ == State::broken; }
  [[nodiscard]] bool good() const { return state_ == State::done; }
  [[nodiscard]] bool untouched() const { return state_ == State::head && line_.empty(); }
  [[nodiscard]] bool close_after() const { return close_after_; }
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] std::int64_t body_bytes() const { return body_bytes_; }

 private:
  void take_head();
  // True when line_ holds a line without its end; what was used is removed from bytes.
  bool take_line(std::string_view& bytes);
  void take_body(std::string_view& bytes, State next);
  void step(std::string_view& bytes);

  State state_ = State::head;
  std::string line_;  // the head so far, or a line between chunks
  std::int64_t left_ = 0;
  std::int64_t body_bytes_ = 0;
  int status_ = 0;
  bool close_after_ = false;
};

}  // namespace armarium::bench
