#include "codec/worker_pool.h"

#include <cctype>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

#include "base/log.h"

namespace armarium::codec::worker {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using Clock = std::chrono::steady_clock;

constexpr auto kLook = std::chrono::milliseconds(20);
constexpr auto kPatience = std::chrono::seconds(20);  // for a process to get ready, on a busy machine
constexpr unsigned kMaxFailedStarts = 5;
constexpr std::size_t kMaxPoisoned = 10'000;
constexpr const char* kStopped = "The decoder stopped on this file.";

// A sentence with what the library says behind it. Its words may come from a hostile file: one short line of harmless letters, without names of files.
std::string with_reason(std::string_view sentence, std::string_view words) {
  constexpr std::size_t kLongest = 100;
  constexpr std::string_view kFile = "/proc/self/fd/";
  std::string reason;
  while (!words.empty() && words.front() != '\n' && reason.size() < kLongest) {
    if (words.starts_with(kFile)) {
      words.remove_prefix(kFile.size());
      while (!words.empty() && std::isdigit(static_cast<unsigned char>(words.front())) != 0) words.remove_prefix(1);
      if (words.starts_with(": ")) words.remove_prefix(2);
      continue;
    }
    const char c = words.front();
    words.remove_prefix(1);
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 ||
        std::string_view(" .,:;'()_+-").find(c) != std::string_view::npos)
      reason += c;
  }
  while (!reason.empty() && std::string_view(" .,:;").find(reason.back()) != std::string_view::npos) reason.pop_back();
  if (reason.empty()) return std::string(sentence);
  return fmt::format("{}: {}.", sentence.substr(0, sentence.size() - 1), reason);
}

Result<Reply> result_of(const Reply& reply) {
  std::string detail(reply.detail.data(), strnlen(reply.detail.data(), reply.detail.size()));
  switch (reply.outcome) {
    case Outcome::done: return reply;
    case Outcome::corrupt: return fail(ErrorCode::corrupt, with_reason("The file is damaged.", detail), detail);
    case Outcome::unsupported:
      return fail(ErrorCode::unsupported, with_reason("Nothing here can read this kind of file.", detail), detail);
    case Outcome::resource_limit:
      return fail(ErrorCode::resource_limit, "The picture needs more than the server allows.", std::move(detail));
    default: return fail(ErrorCode::internal, "The picture could not be read.", std::move(detail));
  }
}

}  // namespace

Pool::Pool(WorkerOptions options) : options_(std::move(options)), slots_(std::max(1U, options_.count)) {
  keeper_ = std::thread([this] { keep_alive(); });
}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  work_.notify_all();
  free_.notify_all();
  keeper_.join();
}

bool Pool::poisoned(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  return poisoned_.contains(key);
}

std::vector<pid_t> Pool::process_ids() const {
  const std::lock_guard lock(mutex_);
  std::vector<pid_t> ids;
  for (const Slot& slot : slots_) {
    if (slot.process) ids.push_back(slot.process->id());
  }
  return ids;
}

Result<Reply> Pool::run(Job job, const std::string& key, int read_from, int write_to, const base::CancelToken& cancel,
                        std::uint64_t pixels) {
  if (!key.empty() && poisoned(key))
    return fail(ErrorCode::corrupt, kStopped, "it is not asked again until the file changes");
  const std::string work = fmt::format("{}/{}", key, job.page);
  if (pixels != 0) {
    if (auto begins = slow_.may_begin(work, pixels, options_.answer_time, cancel); !begins)
      return fail(std::move(begins.error()));
  }
  auto slot = acquire(key, cancel);
  if (!slot) return fail(std::move(slot.error()));
  {
    const std::lock_guard lock(mutex_);
    job.id = next_id_++;
  }
  std::strncpy(job.key.data(), key.c_str(), job.key.size() - 1);
  job.cpu_seconds = static_cast<std::uint32_t>(options_.job_timeout.count() / 1000 + 2);
  worker::Process& process = *(*slot)->process;
  const auto begin = Clock::now();
  const auto computed = process.cpu_time();
  const auto reply = process.run(job, read_from, write_to, begin + options_.job_timeout, cancel);
  // On a busy machine a deadline says nothing about the file; the time that was computed does. Who sleeps may wait for a slow disk or for ever.
  std::chrono::nanoseconds spent{};
  if (!reply) spent = process.asleep() ? (Clock::now() - begin) / 2 : process.cpu_time() - computed;
  release(**slot, reply.has_value(), key);
  if (reply && reply->outcome == Outcome::done && pixels != 0) slow_.succeeded(work, pixels);
  if (reply) return result_of(*reply);
  return fail(lost(reply.error(), key, work, pixels, spent, cancel));
}

base::Error Pool::lost(Loss loss, const std::string& key, const std::string& work, std::uint64_t pixels,
                       std::chrono::nanoseconds spent, const base::CancelToken& cancel) {
  const bool left = loss == Loss::stopped && cancel.cancelled();  // by its client, which is no fault of the file
  const bool timed = loss != Loss::died && pixels != 0 && !left;
  if (timed) slow_.note(work, pixels, spent);
  if (timed && slow_.hopeless(work, pixels, options_.answer_time)) {
    base::log::warning("armarium-decode took too long on a file and was started again");
    return {ErrorCode::resource_limit, kTooSlow, "the process ran out of time"};
  }
  if (loss == Loss::stopped) {
    if (auto why = cancel.check(); !why) return std::move(why.error());
  }
  poison(key);
  const bool died = loss == Loss::died;
  base::log::warning("armarium-decode {} on a file and was started again", died ? "died" : "took too long");
  return {ErrorCode::corrupt, kStopped, died ? "the process died" : "the process ran out of time"};
}

Result<Pool::Slot*> Pool::acquire(const std::string& key, const base::CancelToken& cancel) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (ending_) return fail(ErrorCode::cancelled, "The server is going down.");
    Slot* found = nullptr;
    for (Slot& slot : slots_) {
      if (!slot.process || slot.busy) continue;
      if (found == nullptr || slot.last_key == key) found = &slot;
    }
    if (found != nullptr) {
      found->busy = true;
      return found;
    }
    if (failed_starts_ >= kMaxFailedStarts)
      return fail(ErrorCode::internal, "The picture could not be read.", "armarium-decode does not start");
    free_.wait_for(lock, kLook);
    if (auto stopped = cancel.check(); !stopped) return fail(std::move(stopped.error()));
  }
}

void Pool::release(Slot& slot, bool alive, const std::string& key) {
  std::optional<Process> dead;
  {
    const std::lock_guard lock(mutex_);
    slot.busy = false;
    slot.last_key = alive ? key : std::string();
    if (!alive) dead = std::exchange(slot.process, std::nullopt);
  }
  dead.reset();  // kills and waits, outside the lock
  alive ? free_.notify_one() : work_.notify_one();
}

void Pool::keep_alive() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    Slot* empty = nullptr;
    for (Slot& slot : slots_) {
      if (!slot.process) empty = &slot;
    }
    if (empty == nullptr) {
      work_.wait(lock);
      continue;
    }
    lock.unlock();
    auto started = Process::start(options_.program, options_.memory, kPatience);
    lock.lock();
    if (started) {
      empty->process = std::move(*started);
      failed_starts_ = 0;
      free_.notify_all();
      continue;
    }
    base::log::error("armarium-decode could not be started: {}", started.error().detail);
    ++failed_starts_;
    free_.notify_all();
    work_.wait_for(lock, std::chrono::seconds(std::min(30U, 1U << std::min(failed_starts_, 5U))),
                   [this] { return ending_; });
  }
}

void Pool::poison(const std::string& key) {
  if (key.empty()) return;
  const std::lock_guard lock(mutex_);
  if (!poisoned_.insert(key).second) return;
  poisoned_order_.push_back(key);
  if (poisoned_order_.size() <= kMaxPoisoned) return;
  poisoned_.erase(poisoned_order_.front());
  poisoned_order_.pop_front();
}

}  // namespace armarium::codec::worker
