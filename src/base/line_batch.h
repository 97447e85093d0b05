#pragma once
// Lines for standard error that may wait a moment with their like, so that a busy server does not pay a system call for each. Each thread has its own buffer; a
// thread of the batch writes them every quarter of a second, a full buffer is written at once, flush() and the end of the program write the rest. Thread-safe.

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace armarium::base {

class LineBatch {
 public:
  // The one of this program.
  static LineBatch& instance();
  ~LineBatch();
  LineBatch(const LineBatch&) = delete;
  LineBatch& operator=(const LineBatch&) = delete;

  // Of whole lines, each with its line feed.
  void add(std::string_view lines);
  void flush();

 private:
  struct Buffer {
    std::mutex mutex;
    std::string text;
  };

  LineBatch() = default;
  std::shared_ptr<Buffer> enroll();
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::shared_ptr<Buffer>> buffers_;  // of threads that live, or left something
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace armarium::base
