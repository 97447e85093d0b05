#include "app/control_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"

namespace armarium::app {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t kMostBytes = 64U << 10;
constexpr std::size_t kLongestAnswer = 64U << 20;
constexpr int kClientSeconds = 10;

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

base::Error system_error(const char* what) {
  return {ErrorCode::io, "The control socket of the state folder cannot be used.",
          fmt::format("{}: {}", what, std::strerror(errno))};
}

// A socket's path may hold 107 bytes only; through the folder's descriptor it is always short.
Result<sockaddr_un> address_in(int folder) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = fmt::format("/proc/self/fd/{}/control.sock", folder);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

Result<std::string> read_line(int socket, int seconds, std::size_t longest) {
  std::string line;
  char buffer[4096];
  for (;;) {
    pollfd wait{socket, POLLIN, 0};
    if (::poll(&wait, 1, seconds * 1000) <= 0)
      return base::fail(ErrorCode::deadline_exceeded, "No answer came in time.");
    const ssize_t count = ::read(socket, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return base::fail(ErrorCode::io, "The other side closed the connection.");
    line.append(buffer, static_cast<std::size_t>(count));
    if (const std::size_t end = line.find('\n'); end != std::string::npos) return line.substr(0, end);
    if (line.size() > longest) return base::fail(ErrorCode::too_large, "The request is too long.");
  }
}

bool write_all(int socket, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::string answer(const Result<std::string>& result) {
  json::Object object;
  object["ok"] = result.has_value();
  object["message"] = result ? *result : result.error().message;
  return json::to_text(object) + "\n";
}

}  // namespace

struct ControlSocket::State {
  std::filesystem::path path;
  Descriptor socket;
  Descriptor wake;
  ControlHandler handle;
  std::thread thread;

  void run() {
    for (;;) {
      pollfd wait[2] = {{socket.get(), POLLIN, 0}, {wake.get(), POLLIN, 0}};
      if (::poll(wait, 2, -1) < 0 && errno != EINTR) return;
      if ((wait[1].revents & POLLIN) != 0) return;
      if ((wait[0].revents & POLLIN) == 0) continue;
      const Descriptor client(::accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (client) serve(client.get());
    }
  }

  void serve(int client) {
    auto line = read_line(client, kClientSeconds, kMostBytes);
    if (!line) return;
    auto request = json::parse(*line, {.max_bytes = kMostBytes, .max_depth = 8});
    Result<std::string> result = base::fail(ErrorCode::invalid_argument, "A request is one line with a JSON object.");
    if (request && request->is_object()) result = handle(request->get_object());
    write_all(client, answer(result));
  }
};

ControlSocket::ControlSocket(std::unique_ptr<State> state) : state_(std::move(state)) {}

ControlSocket::~ControlSocket() {
  const std::uint64_t one = 1;
  if (::write(state_->wake.get(), &one, sizeof one) < 0) base::log::warning("the control socket does not wake up");
  state_->thread.join();
  std::error_code ignored;
  std::filesystem::remove(state_->path, ignored);
}

Result<std::unique_ptr<ControlSocket>> ControlSocket::listen(const std::filesystem::path& state,
                                                             ControlHandler handle) {
  auto own = std::make_unique<State>();
  own->path = state / "control.sock";
  own->handle = std::move(handle);
  const Descriptor folder(::open(state.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  own->socket = Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  own->wake = Descriptor(::eventfd(0, EFD_CLOEXEC));
  if (!folder || !own->socket || !own->wake) return base::fail(system_error("open"));
  std::error_code ignored;
  std::filesystem::remove(own->path, ignored);  // the state's lock is ours, so a socket in it is a leftover
  auto address = address_in(folder.get());
  if (!address) return base::fail(address.error());
  const mode_t before = ::umask(0177);
  const int bound = ::bind(own->socket.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address);
  ::umask(before);
  if (bound != 0 || ::listen(own->socket.get(), 16) != 0) return base::fail(system_error("bind"));
  own->thread = std::thread([run = own.get()] { run->run(); });
  return std::make_unique<ControlSocket>(std::move(own));
}

Result<std::string> ask_server(const std::filesystem::path& state, const json::Object& request) {
  const Descriptor folder(::open(state.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return base::fail(system_error("socket"));
  auto address = address_in(folder.get());
  if (!folder || !address ||
      ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
    return base::fail(ErrorCode::not_found, "No server is running on this folder.");
  }
  if (!write_all(socket.get(), json::to_text(request) + "\n")) return base::fail(system_error("write"));
  auto line = read_line(socket.get(), 600, kLongestAnswer);
  if (!line) return line;
  auto reply = json::parse(*line);
  if (!reply || !reply->is_object()) return base::fail(ErrorCode::io, "The server's answer is not understood.");
  const json::Object& object = reply->get_object();
  std::string message(json::text_of(object, "message"));
  const json::Value* ok = object.if_contains("ok");
  if (ok == nullptr || !ok->is_bool() || !ok->get_bool()) return base::fail(ErrorCode::conflict, std::move(message));
  return message;
}

}  // namespace armarium::app
