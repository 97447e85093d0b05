#include "http/io_loop.h"

#include <exception>

#include "base/log.h"
#include "http/io_thread.h"

namespace armarium::http {
namespace {
thread_local bool is_io_thread = false;
}

bool on_io_thread() noexcept { return is_io_thread; }

void IoLoop::start() {
  thread_ = std::thread([this] {
    is_io_thread = true;
    run();
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    // What came in between the last job and the line above.
    context_.restart();
    run();
  });
}

void IoLoop::run() {
  for (;;) {
    try {
      context_.run();
      return;
    } catch (const std::exception& e) {
      base::log::error("an I/O job ended by an exception: {}", e.what());
    } catch (...) {
      base::log::error("an I/O job ended by an unknown exception");
    }
  }
}

void IoLoop::finish() {
  guard_.reset();
  if (thread_.joinable()) thread_.join();
}

}  // namespace armarium::http
