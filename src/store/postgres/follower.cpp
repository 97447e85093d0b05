#include "store/postgres/follower.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include <fmt/format.h>

#include "base/log.h"

namespace armarium::store::postgres {
namespace {

constexpr int kRestMilliseconds = 1000;
constexpr int kIdleMilliseconds = 30'000;

struct FreeNotify {
  void operator()(PGnotify* notify) const noexcept { PQfreemem(notify); }
};

}  // namespace

Follower::Follower(Pool& pool, std::string channel, std::function<void(std::string_view)> hear)
    : pool_(pool),
      channel_(std::move(channel)),
      hear_(std::move(hear)),
      stop_(::eventfd(0, EFD_CLOEXEC)),
      thread_([this] { run(); }) {}

Follower::~Follower() {
  const std::uint64_t one = 1;
  if (::write(stop_, &one, sizeof one) < 0) base::log::warning("the follower of the database does not wake up");
  thread_.join();
  ::close(stop_);
}

bool Follower::wait(int socket, int milliseconds) const {
  pollfd wait[2] = {{stop_, POLLIN, 0}, {socket, POLLIN, 0}};  // a negative descriptor is passed over
  if (::poll(wait, 2, milliseconds) < 0 && errno != EINTR) return false;
  return (wait[0].revents & POLLIN) == 0;
}

void Follower::run() {
  bool said = false;
  do {
    listen();
    if (!said) base::log::debug("the database's announcements are not heard; trying again");
    said = true;
  } while (wait(-1, kRestMilliseconds));
}

void Follower::listen() {
  auto connection = pool_.connect(std::chrono::seconds(60));
  if (!connection) return;
  if (!(*connection)->execute(fmt::format("LISTEN \"{}\"", channel_))) return;
  hear_({});
  PGconn* handle = (*connection)->handle();
  while (wait(PQsocket(handle), kIdleMilliseconds)) {
    if (PQconsumeInput(handle) != 1) return;
    while (const std::unique_ptr<PGnotify, FreeNotify> notify{PQnotifies(handle)}) hear_(notify->extra);
  }
}

}  // namespace armarium::store::postgres
