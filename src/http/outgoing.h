#pragma once
// The bytes of one answer on their way out: the head, then the body in pieces, each made only when the one before was taken (back-pressure). Files are read on the I/O thread as far as
// they are in the page cache, else by the pool; producers run on the pool. Belongs to its connection's loop, but for the job that makes a piece. Private to the server.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/work_pool.h"
#include "http/exchange.h"
#include "http/io_loop.h"

namespace armarium::http {

class Outgoing : public std::enable_shared_from_this<Outgoing> {
 public:
  enum class Step { ready, finished, failed, overloaded };
  struct Wire {
    bool head_only = false;
    bool http_1_0 = false;
    bool keep_alive = true;
    bool framed = true;  // false: pieces of the body only, without head and chunks (HTTP/2 has its own frames)
  };

  Outgoing(Response response, Wire wire, std::shared_ptr<IoLoop> loop, base::WorkPool& pool);

  // Makes the next bytes and reports on the loop's thread, for quick bodies from inside the call. Only when nothing is left to write, and not again before the report.
  void next(std::function<void(Step)> done);
  // The same where it needs no report: bodies in memory.
  std::optional<Step> next_now();
  // What to write now: `first`, and `second` behind it.
  std::string_view first() const noexcept { return std::string_view(first_).substr(first_written_); }
  std::string_view second() const noexcept { return second_; }
  void written(std::size_t bytes);

  bool empty() const noexcept { return first_written_ == first_.size() && second_.empty(); }
  bool started() const noexcept { return started_; }  // something was made that may have been sent
  bool keep_alive() const noexcept { return keep_alive_; }
  std::uint64_t body_bytes() const noexcept { return body_bytes_; }
  // Nothing comes behind what is left to write now.
  bool last() const noexcept { return complete_; }
  const Response& response() const noexcept { return response_; }
  std::optional<std::uint64_t> length() const noexcept { return length_; }
  bool head_only() const noexcept { return wire_.head_only; }

 private:
  enum class Made { more, last, failed };

  Step begin_memory(std::string_view body);
  void next_of_file(std::function<void(Step)> done);
  void next_of_producer(std::function<void(Step)> done);
  bool read_cached(const FileSlice& slice);
  Made read_blocking(const FileSlice& slice);
  Made pull(BodyProducer& producer);
  void run_on_pool(base::Lane lane, std::function<Made()> make, std::function<void(Step)> done);
  Step accept(Made made);
  void put_head();

  Response response_;
  Wire wire_;
  std::shared_ptr<IoLoop> loop_;
  base::WorkPool& pool_;
  std::string first_;
  std::size_t first_written_ = 0;
  std::string_view second_;
  std::string chunk_;  // what second_ shows, unless the body is in memory
  std::uint64_t file_done_ = 0;
  std::optional<std::uint64_t> length_;
  bool chunked_ = false;
  bool keep_alive_ = true;
  bool started_ = false;
  bool complete_ = false;  // every byte of the body was made
  std::uint64_t body_bytes_ = 0;
};

}  // namespace armarium::http
