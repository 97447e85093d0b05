#include "player.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <limits>

namespace armarium::bench {
namespace {

constexpr double kNever = std::numeric_limits<double>::max();
constexpr double kLongestWait = 0.2;

timespec until(double seconds) { return {.tv_sec = 0, .tv_nsec = static_cast<long>(seconds * 1e9)}; }

}  // namespace

double monotonic_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool read_list(const std::string& file, const std::string& default_class, RequestList& list) {
  std::ifstream in(file);
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty() || line.front() == '#') continue;
    const auto tab = line.find('\t');
    const std::string name = tab == std::string::npos ? default_class : line.substr(tab + 1);
    const auto known = std::find(list.class_names.begin(), list.class_names.end(), name);
    list.classes.push_back(static_cast<std::size_t>(known - list.class_names.begin()));
    if (known == list.class_names.end()) list.class_names.push_back(name);
    list.paths.push_back(line.substr(0, tab));
  }
  return !list.paths.empty();
}

Player::Player(const Target& target) : target_(target), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) {
    std::perror("epoll_create1");
    std::exit(2);
  }
}

Player::~Player() { close(epoll_); }

void Player::prepare(Run& run, std::size_t number, const RequestList& list, std::size_t connections) {
  run.list = &list;
  for (std::size_t i = 0; i < connections; ++i) {
    run.connections.push_back(std::make_unique<Connection>(target_, epoll_));
    run.connections.back()->owner = number;
    run.idle.push_back(run.connections.back().get());
  }
}

bool Player::more(const Run& run, double now) { return (run.most == 0 || run.next < run.most) && now < run.end; }

// When the next request of an open loop is due, or never: a closed loop waits for answers only.
double Player::next_due(const Run& run, double now) {
  if (run.rate <= 0 || run.idle.empty() || !more(run, now)) return kNever;
  return run.begin + static_cast<double>(run.next) / run.rate;
}

void Player::dispatch(Run& run, double now) {
  while (!run.idle.empty() && more(run, now)) {
    const double due = run.rate > 0 ? run.begin + static_cast<double>(run.next) / run.rate : now;
    if (due > now) return;
    Connection* connection = run.idle.back();
    run.idle.pop_back();
    connection->request = run.next++ % run.list->paths.size();
    connection->started = run.rate > 0 ? due : monotonic_seconds();
    connection->send(run.list->paths[connection->request]);
    ++run.busy;
  }
}

void Player::record(const Run& run, const Connection& connection, double now, Totals& totals) {
  if (!connection.answer().good()) {
    ++totals.faults;
    return;
  }
  auto& sums = totals.classes[run.list->class_names[run.list->classes[connection.request]]];
  sums.milliseconds.push_back(static_cast<float>((now - connection.started) * 1e3));
  sums.bytes += connection.answer().body_bytes();
  ++totals.statuses[connection.answer().status()];
}

// Runs until the first run is done and answered; the others stop sending then and are not waited for.
void Player::loop(std::vector<Run*>& runs, double timeout, Totals* totals) {
  std::array<epoll_event, 256> events{};
  Run& main = *runs.front();
  double last = monotonic_seconds();
  for (;;) {
    double now = monotonic_seconds();
    double due = kNever;
    for (Run* run : runs) {
      dispatch(*run, now);
      due = std::min(due, next_due(*run, now));
    }
    if (main.busy == 0 && !more(main, now)) return;
    const timespec wait = until(due == kNever ? kLongestWait : std::clamp(due - now, 0.0, kLongestWait));
    const int count = epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &wait, nullptr);
    now = monotonic_seconds();
    if (count > 0) last = now;
    if (now - last > timeout && main.busy > 0) {
      if (totals) totals->faults += static_cast<long>(main.busy);
      return;
    }
    for (int i = 0; i < count; ++i) {
      auto* connection = static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (!connection->handle(events[static_cast<std::size_t>(i)].events)) continue;
      Run& run = *runs[connection->owner];
      if (totals) record(run, *connection, monotonic_seconds(), *totals);
      run.idle.push_back(connection);
      --run.busy;
    }
  }
}

Totals Player::play(const RequestList& list, const Plan& plan) { return play(list, plan, {}, 0); }

Totals Player::play(const RequestList& list, const Plan& plan, const RequestList& beside,
                    std::size_t beside_connections) {
  Run main;
  Run other;
  prepare(main, 0, list, plan.connections);
  std::vector<Run*> runs{&main};
  main.end = kNever;
  if (plan.warm_passes > 0) {
    main.most = list.paths.size() * plan.warm_passes;
    loop(runs, plan.timeout, nullptr);
    main.next = 0;
  }
  if (beside_connections > 0) {
    prepare(other, 1, beside, beside_connections);
    other.end = kNever;
    runs.push_back(&other);
  }
  main.most = plan.requests > 0 ? plan.requests : plan.seconds > 0 ? 0 : list.paths.size();
  main.rate = plan.rate;
  main.begin = monotonic_seconds();
  if (plan.seconds > 0) main.end = main.begin + plan.seconds;
  Totals totals;
  loop(runs, plan.timeout, &totals);
  totals.seconds = monotonic_seconds() - main.begin;
  for (const Run* run : runs) {
    for (const auto& connection : run->connections) totals.reopened += connection->reopened();
  }
  return totals;
}

}  // namespace armarium::bench
