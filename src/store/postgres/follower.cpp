#include "store/postgres/follower.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "base/log.h"

namespace armarium::store::postgres {
namespace {

constexpr int kRestMilliseconds = 1000;
constexpr int kIdleMilliseconds = 30'000;
constexpr auto kLongestQuery = std::chrono::seconds(60);

struct FreeNotify {
  void operator()(PGnotify* notify) const noexcept { PQfreemem(notify); }
};

}  // namespace

Follower::Follower(Pool& pool, std::function<void(Revision)> found)
    : pool_(pool), found_(std::move(found)), stop_(::eventfd(0, EFD_CLOEXEC)), thread_([this] { run(); }) {}

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
  auto connection = pool_.connect(kLongestQuery);
  if (!connection) return;
  if (!(*connection)->execute(fmt::format("LISTEN \"{}\"", (*connection)->schema()))) return;
  auto revision = (*connection)->begin_reading();
  if (!revision) return;
  found_(*revision);
  if (!(*connection)->commit()) return;
  PGconn* handle = (*connection)->handle();
  while (wait(PQsocket(handle), kIdleMilliseconds)) {
    if (PQconsumeInput(handle) != 1) return;
    while (const std::unique_ptr<PGnotify, FreeNotify> notify{PQnotifies(handle)}) {
      Revision number = 0;
      std::from_chars(notify->extra, notify->extra + std::strlen(notify->extra), number);
      found_(number);
    }
  }
}

}  // namespace armarium::store::postgres
