#include "ingest/watcher.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/log.h"
#include "ingest/grammar.h"
#include "ingest/identifiers.h"

namespace armarium::ingest {
namespace {

constexpr std::uint32_t kEvents =
    IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

// Our own state and the litter of systems are no news; the ignore file is.
bool is_news(std::string_view name, bool is_folder) {
  return name.empty() || name == ".armariumignore" || !is_passed_over(name, is_folder);
}

}  // namespace

struct Watcher::State {
  ~State() {
    if (events >= 0) ::close(events);
    if (wake >= 0) ::close(wake);
  }
  void run();
  void take(const inotify_event& event);

  std::string root;
  Hooks hooks;
  int events = -1;
  int wake = -1;
  std::atomic<bool> live{true};
  mutable std::mutex mutex;
  std::unordered_map<int, std::string> folders;
  std::unordered_map<std::string, int> watches;
  std::jthread thread;
};

void Watcher::State::take(const inotify_event& event) {
  if ((event.mask & IN_Q_OVERFLOW) != 0) {
    hooks.everything();
    return;
  }
  std::string folder;
  {
    const std::lock_guard lock(mutex);
    const auto found = folders.find(event.wd);
    if (found == folders.end()) return;
    folder = found->second;
    if ((event.mask & (IN_IGNORED | IN_UNMOUNT | IN_MOVE_SELF | IN_DELETE_SELF)) != 0) {
      watches.erase(folder);
      folders.erase(found);
      if ((event.mask & IN_MOVE_SELF) != 0) ::inotify_rm_watch(events, event.wd);
    }
  }
  const bool is_folder = (event.mask & IN_ISDIR) != 0;
  const std::string_view name = event.len > 0 ? std::string_view(event.name) : std::string_view();
  // A file that was just created is still empty: its closing is the news. A link or a folder is complete at once.
  if (is_news(name, is_folder)) hooks.changed(folder);
}

void Watcher::State::run() {
  alignas(inotify_event) std::array<char, 65536> buffer{};
  std::array<pollfd, 2> wait{{{events, POLLIN, 0}, {wake, POLLIN, 0}}};
  for (;;) {
    if (::poll(wait.data(), wait.size(), -1) < 0 && errno != EINTR) return;
    if (wait[1].revents != 0) return;
    const ssize_t got = ::read(events, buffer.data(), buffer.size());
    if (got <= 0) continue;
    for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(got);) {
      const auto* event =
          reinterpret_cast<const inotify_event*>(buffer.data() + at);  // inotify(7): aligned by the kernel
      take(*event);
      at += sizeof(inotify_event) + event->len;
    }
  }
}

Watcher::Watcher(std::unique_ptr<State> state) : state_(std::move(state)) {}

base::Result<std::unique_ptr<Watcher>> Watcher::start(std::string root, Hooks hooks) {
  auto state = std::make_unique<State>();
  state->root = std::move(root);
  state->hooks = std::move(hooks);
  state->events = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  state->wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (state->events < 0 || state->wake < 0) {
    return base::fail(base::ErrorCode::unsupported, "Changes of files are not announced here.", std::strerror(errno));
  }
  state->thread = std::jthread([raw = state.get()] { raw->run(); });
  return std::unique_ptr<Watcher>(new Watcher(std::move(state)));
}

Watcher::~Watcher() {
  const std::uint64_t one = 1;
  (void)!::write(state_->wake, &one, sizeof one);
  if (state_->thread.joinable()) state_->thread.join();
}

void Watcher::add(const std::string& folder) {
  if (!live()) return;
  const std::string path = folder.empty() ? state_->root : state_->root + '/' + folder;
  const std::lock_guard lock(state_->mutex);
  const int watch = ::inotify_add_watch(state_->events, path.c_str(), kEvents);
  if (watch < 0) {
    if (errno != ENOSPC && errno != ENOMEM) return;  // gone meanwhile, or not readable
    base::log::warning(
        "The system's limit of watched folders is reached (fs.inotify.max_user_watches): changes are found by "
        "scanning.");
    state_->live = false;
    return;
  }
  const auto old = state_->folders.find(watch);
  if (old != state_->folders.end() && old->second != folder) state_->watches.erase(old->second);
  state_->folders[watch] = folder;
  state_->watches[folder] = watch;
}

bool Watcher::is_watched(const std::string& folder) const {
  const std::lock_guard lock(state_->mutex);
  return state_->live && state_->watches.contains(folder);
}

bool Watcher::live() const { return state_->live; }

std::size_t Watcher::count() const {
  const std::lock_guard lock(state_->mutex);
  return state_->watches.size();
}

}  // namespace armarium::ingest
