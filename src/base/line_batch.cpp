#include "base/line_batch.h"

#include <chrono>
#include <cstdio>
#include <utility>

namespace armarium::base {
namespace {

constexpr std::size_t kFull = 32U << 10;
constexpr auto kLongestWait = std::chrono::milliseconds(250);

// By stdio, whose lock also keeps the lines of other writers whole.
void write_out(const std::string& text) { (void)std::fwrite(text.data(), 1, text.size(), stderr); }

}  // namespace

LineBatch& LineBatch::instance() {
  static LineBatch batch;
  return batch;
}

LineBatch::~LineBatch() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  flush();
}

std::shared_ptr<LineBatch::Buffer> LineBatch::enroll() {
  auto buffer = std::make_shared<Buffer>();
  buffer->text.reserve(kFull + 4096);
  const std::lock_guard lock(mutex_);
  buffers_.push_back(buffer);
  if (!thread_.joinable() && !ending_) thread_ = std::thread([this] { run(); });
  return buffer;
}

void LineBatch::add(std::string_view lines) {
  thread_local const std::shared_ptr<Buffer> buffer = enroll();
  const std::lock_guard lock(buffer->mutex);
  buffer->text += lines;
  if (buffer->text.size() < kFull) return;
  write_out(buffer->text);
  buffer->text.clear();
}

void LineBatch::flush() {
  std::vector<std::shared_ptr<Buffer>> all;
  {
    const std::lock_guard lock(mutex_);
    // A buffer that nobody else holds belonged to a thread that has ended.
    all = buffers_;
    std::erase_if(buffers_, [](const auto& buffer) { return buffer.use_count() == 2; });
  }
  for (const auto& buffer : all) {
    const std::lock_guard lock(buffer->mutex);
    if (!buffer->text.empty()) write_out(buffer->text);
    buffer->text.clear();
  }
}

void LineBatch::run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kLongestWait, [this] { return ending_; })) {
    lock.unlock();
    flush();
    lock.lock();
  }
}

}  // namespace armarium::base
