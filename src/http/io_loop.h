#pragma once
// One event loop and the thread that runs it. Private to the server: nothing else may include Asio. Everything that a connection does happens on its
// loop's thread; other threads come in by post() or dispatch(), which refuse what arrives after the loop has ended (the job is then left as it was).

#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace armarium::http {

class IoLoop {
 public:
  IoLoop() : context_(1), guard_(boost::asio::make_work_guard(context_)) {}

  boost::asio::io_context& context() noexcept { return context_; }
  bool here() { return context_.get_executor().running_in_this_thread(); }

  template <class F>
  bool post(F&& job) {
    const std::lock_guard lock(mutex_);
    if (ended_) return false;
    boost::asio::post(context_, std::forward<F>(job));
    return true;
  }
  // At once where the caller is on the loop's thread.
  template <class F>
  bool dispatch(F&& job) {
    if (!here()) return post(std::forward<F>(job));
    std::forward<F>(job)();
    return true;
  }

  void start();
  // Lets the loop end when nothing is open any more, and waits for it.
  void finish();

 private:
  void run();

  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  std::mutex mutex_;
  bool ended_ = false;  // under mutex_
  std::thread thread_;
};

}  // namespace armarium::http
