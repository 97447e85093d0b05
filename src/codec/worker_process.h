#pragma once
// One process of armarium-decode and the memory objects that are shared with it. A Process is owned and used by one thread at a time; kill()
// alone may be called from elsewhere. Linux only (memfd, SCM_RIGHTS).

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/cancel.h"
#include "codec/worker_protocol.h"

namespace armarium::codec::worker {

// A file descriptor that is closed.
class Descriptor {
 public:
  explicit Descriptor(int value = -1) noexcept : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();
  int get() const noexcept { return value_; }
  explicit operator bool() const noexcept { return value_ >= 0; }

 private:
  int value_;
};

// Memory that two processes share by descriptor, sealed to `size`; pages that nobody writes cost nothing.
base::Result<Descriptor> shared_memory(std::uint64_t size);
base::Result<> read_all(int descriptor, std::uint64_t offset, std::span<std::uint8_t> out);
base::Result<> write_all(int descriptor, std::uint64_t offset, base::ByteView bytes);

// Why a job ended without a reply.
enum class Loss { died, timed_out, stopped };

class Process {
 public:
  // Starts the program and waits (at most `patience`) until it says that it is ready.
  static base::Result<Process> start(const std::string& program, std::uint64_t memory,
                                     std::chrono::milliseconds patience);
  Process(Process&&) noexcept = default;
  Process& operator=(Process&&) noexcept = default;
  ~Process();

  pid_t id() const noexcept { return id_.value; }
  // What it has computed so far.
  std::chrono::nanoseconds cpu_time() const noexcept;
  // Whether all of its threads wait for something right now.
  bool asleep() const;
  // Sends the job with its descriptors and waits for the reply, looking at `cancel` every 20 ms (and waiting for a
  // quarter of a second more when it stops).
  tl::expected<Reply, Loss> run(const Job& job, int read_from, int write_to,
                                std::chrono::steady_clock::time_point until, const base::CancelToken& cancel);

 private:
  struct Id {
    pid_t value = -1;
    Id() = default;
    explicit Id(pid_t id) : value(id) {}
    Id(Id&& other) noexcept : value(std::exchange(other.value, -1)) {}
    Id& operator=(Id&& other) noexcept {
      std::swap(value, other.value);
      return *this;
    }
  };
  Process(Id id, Descriptor socket) : id_(std::move(id)), socket_(std::move(socket)) {}
  tl::expected<Reply, Loss> receive(std::uint64_t id, std::chrono::steady_clock::time_point until,
                                    const base::CancelToken& cancel);

  Id id_;
  Descriptor socket_;
};

}  // namespace armarium::codec::worker
