#include "codec/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace armarium::codec::worker {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using Clock = std::chrono::steady_clock;

constexpr int kPollMilliseconds = 20;
// A job whose client has gone may finish this long: a new process would have to decode the picture again.
constexpr auto kGrace = std::chrono::milliseconds(250);

tl::unexpected<base::Error> failed(const char* what) {
  return fail(ErrorCode::internal, "The picture could not be read.", fmt::format("{}: {}", what, std::strerror(errno)));
}

// The arguments and the environment of the process: nothing of ours goes in.
struct FileActions {
  posix_spawn_file_actions_t value;
  FileActions() { posix_spawn_file_actions_init(&value); }
  ~FileActions() { posix_spawn_file_actions_destroy(&value); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
};

struct Attributes {
  posix_spawnattr_t value;
  Attributes() {
    posix_spawnattr_init(&value);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&value, &none);
    posix_spawnattr_setsigdefault(&value, &all);
    posix_spawnattr_setflags(&value, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Attributes() { posix_spawnattr_destroy(&value); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
};

Result<pid_t> spawn(const std::string& program, std::uint64_t memory, int socket) {
  FileActions actions;
  // A descriptor that already has the number keeps its close-on-exec flag through dup2, so it takes a detour.
  posix_spawn_file_actions_adddup2(&actions.value, socket, kSocket + 1);
  posix_spawn_file_actions_adddup2(&actions.value, kSocket + 1, kSocket);
  posix_spawn_file_actions_addopen(&actions.value, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions.value, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions.value, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions.value, kSocket + 1);
  const Attributes attributes;
  std::string name = program;
  std::string limit = fmt::format("{}", memory);
  std::string parent = fmt::format("{}", getpid());
  std::array<char*, 4> arguments{name.data(), limit.data(), parent.data(), nullptr};
  std::array<std::string, 8> variables{
      "LANG=C.UTF-8",      "PATH=/usr/bin:/bin",    "HOME=/nonexistent",  "XDG_CACHE_HOME=/nonexistent",
      "OMP_NUM_THREADS=1", "MAGICK_THREAD_LIMIT=1", "VIPS_CONCURRENCY=1", "MALLOC_ARENA_MAX=2"};
  std::array<char*, 9> environment{};
  for (std::size_t i = 0; i < variables.size(); ++i) environment[i] = variables[i].data();
  pid_t id = -1;
  errno = posix_spawn(&id, program.c_str(), &actions.value, &attributes.value, arguments.data(), environment.data());
  if (errno != 0) return failed("armarium-decode does not start");
  return id;
}

// Sends one datagram with two descriptors.
bool send_job(int socket, const Job& job, int read_from, int write_to) {
  Job copy = job;
  iovec part{&copy, sizeof copy};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(2 * sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(2 * sizeof(int));
  const std::array<int, 2> descriptors{read_from, write_to};
  std::memcpy(CMSG_DATA(header), descriptors.data(), sizeof descriptors);
  return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == static_cast<ssize_t>(sizeof copy);
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this == &other) return *this;
  if (value_ >= 0) ::close(value_);
  value_ = std::exchange(other.value_, -1);
  return *this;
}

Descriptor::~Descriptor() {
  if (value_ >= 0) ::close(value_);
}

Result<Descriptor> shared_memory(std::uint64_t size) {
  Descriptor memory(memfd_create("armarium", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory) return failed("memfd_create");
  if (ftruncate(memory.get(), static_cast<off_t>(size)) != 0) return failed("ftruncate");
  if (fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) return failed("F_ADD_SEALS");
  return memory;
}

Result<> read_all(int descriptor, std::uint64_t offset, std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t count = pread(descriptor, out.data(), out.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failed("pread of shared memory");
    out = out.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return {};
}

Result<> write_all(int descriptor, std::uint64_t offset, base::ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failed("pwrite to shared memory");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return {};
}

Result<Process> Process::start(const std::string& program, std::uint64_t memory, std::chrono::milliseconds patience) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) return failed("socketpair");
  Descriptor ours(ends[0]);
  Descriptor theirs(ends[1]);
  auto id = spawn(program, memory, theirs.get());
  if (!id) return fail(std::move(id.error()));
  theirs = Descriptor();  // so that its end shows
  Process process(Id(*id), std::move(ours));
  const auto ready = process.receive(0, Clock::now() + patience, {});
  if (!ready || ready->outcome != Outcome::done) {
    return fail(ErrorCode::internal, "The picture could not be read.", "armarium-decode did not get ready");
  }
  return process;
}

std::chrono::nanoseconds Process::cpu_time() const noexcept {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(id_.value, &clock) != 0 || clock_gettime(clock, &time) != 0) return {};
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// proc(5): the state follows the name of the thread, which stands in brackets and may hold some itself.
bool Process::asleep() const {
  std::error_code error;
  for (auto at = std::filesystem::directory_iterator(fmt::format("/proc/{}/task", id_.value), error);
       !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    std::ifstream file(at->path() / "stat");
    std::string line;
    std::getline(file, line);
    const std::size_t name_end = line.rfind(')');
    if (name_end != std::string::npos && line.size() > name_end + 2 && line[name_end + 2] != 'S') return false;
  }
  return !error;
}

Process::~Process() {
  if (id_.value <= 0) return;
  ::kill(id_.value, SIGKILL);
  int status = 0;
  while (waitpid(id_.value, &status, 0) < 0 && errno == EINTR) {
  }
}

tl::expected<Reply, Loss> Process::receive(std::uint64_t id, Clock::time_point until, const base::CancelToken& cancel) {
  std::optional<Clock::time_point> stopped_since;
  while (true) {
    pollfd event{socket_.get(), POLLIN, 0};
    const int count = poll(&event, 1, kPollMilliseconds);
    if (count > 0) {
      Reply reply;
      const ssize_t length = recv(socket_.get(), &reply, sizeof reply, MSG_DONTWAIT | MSG_TRUNC);
      if (length < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      // Anything but one whole reply to this very job means that the process cannot be trusted any more.
      if (length != static_cast<ssize_t>(sizeof reply) || reply.magic != kMagic || reply.id != id)
        return tl::unexpected(Loss::died);
      reply.detail.back() = 0;
      return reply;
    }
    if (count < 0 && errno != EINTR) return tl::unexpected(Loss::died);
    const auto now = Clock::now();
    if (cancel.stop_requested()) {
      if (!stopped_since) stopped_since = now;
      if (now - *stopped_since >= kGrace) return tl::unexpected(Loss::stopped);
    }
    if (now >= until) return tl::unexpected(Loss::timed_out);
  }
}

tl::expected<Reply, Loss> Process::run(const Job& job, int read_from, int write_to, Clock::time_point until,
                                       const base::CancelToken& cancel) {
  if (!send_job(socket_.get(), job, read_from, write_to)) return tl::unexpected(Loss::died);
  return receive(job.id, until, cancel);
}

}  // namespace armarium::codec::worker
