#include "connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace armarium::bench {
namespace {

constexpr int kMostTries = 3;

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(2);
}

}  // namespace

bool parse_target(std::string_view url, Target& target) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) return false;
  url.remove_prefix(kScheme.size());
  const auto slash = url.find('/');
  target.host = std::string(url.substr(0, slash));
  target.prefix = slash == std::string_view::npos ? "/" : std::string(url.substr(slash));
  const auto colon = target.host.find(':');
  unsigned short port = 80;
  if (colon != std::string::npos) {
    const char* end = target.host.data() + target.host.size();
    if (std::from_chars(target.host.data() + colon + 1, end, port).ptr != end) return false;
  }
  target.address.sin_family = AF_INET;
  target.address.sin_port = htons(port);
  return inet_pton(AF_INET, target.host.substr(0, colon).c_str(), &target.address.sin_addr) == 1;
}

Connection::Connection(const Target& target, int epoll) : target_(target), epoll_(epoll) { open(); }

Connection::~Connection() { close(fd_); }

void Connection::watch(unsigned events, int operation) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = this;
  if (epoll_ctl(epoll_, operation, fd_, &event) != 0) give_up("epoll_ctl");
}

void Connection::open() {
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0) give_up("socket");
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&target_.address), sizeof target_.address) != 0)
    give_up("connect");
  const int one = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  fcntl(fd_, F_SETFL, O_NONBLOCK);
  lost_ = false;
  watch(EPOLLIN, EPOLL_CTL_ADD);
}

void Connection::reopen() {
  close(fd_);
  ++reopened_;
  open();
}

void Connection::flush() {
  while (sent_ < out_.size()) {
    const auto written = ::send(fd_, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (written < 0) {
      if (errno == EAGAIN) return watch(EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
      lost_ = true;
      return;
    }
    sent_ += static_cast<std::size_t>(written);
  }
}

void Connection::send(std::string_view path) {
  out_ = "GET " + target_.prefix + std::string(path) + " HTTP/1.1\r\nHost: " + target_.host + "\r\nAccept: */*\r\n\r\n";
  sent_ = 0;
  tries_ = 0;
  reader_.reset();
  busy_ = true;
  if (lost_) reopen();
  flush();
}

bool Connection::read_answer() {
  static std::array<char, 1 << 18> buffer;
  for (;;) {
    const auto got = read(fd_, buffer.data(), buffer.size());
    if (got > 0) {
      if (busy_) reader_.feed({buffer.data(), static_cast<std::size_t>(got)});
      if (static_cast<std::size_t>(got) < buffer.size()) return false;
    } else {
      return got == 0 || errno != EAGAIN;
    }
  }
}

bool Connection::handle(unsigned events) {
  if (events & EPOLLOUT) {
    watch(EPOLLIN, EPOLL_CTL_MOD);
    flush();
  }
  if (!(events & (EPOLLIN | EPOLLHUP | EPOLLERR))) return false;
  if (read_answer()) lost_ = true;
  if (!busy_) {
    if (lost_) reopen();
    return false;
  }
  if (lost_ && reader_.untouched() && tries_ < kMostTries) {
    ++tries_;
    reopen();
    sent_ = 0;
    flush();
    return false;
  }
  if (lost_) reader_.closed();
  if (!reader_.finished()) return false;
  busy_ = false;
  if (lost_ || reader_.close_after() || !reader_.good()) reopen();
  return true;
}

}  // namespace armarium::bench
