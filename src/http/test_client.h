#pragma once
// A small blocking client for the tests of the server: sends what it is given byte for byte and reads answers. One thread.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/exchange.h"

namespace armarium::http::testing {

struct Answer {
  int status = 0;
  Headers headers;
  std::string body;
};

class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void end() { ::shutdown(socket_, SHUT_WR); }
  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  // More bytes into the buffer; false at the end or when none come in time.
  bool fill(std::chrono::milliseconds timeout = std::chrono::seconds(10)) {
    pollfd wanted{socket_, POLLIN, 0};
    if (::poll(&wanted, 1, static_cast<int>(timeout.count())) != 1) return false;
    char buffer[16384];
    const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    in_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }
  // What has come in and was not read.
  std::string take_all() { return std::exchange(in_, {}); }
  // Everything until the server closes.
  std::string read_all() {
    while (fill()) {
    }
    return std::exchange(in_, {});
  }
  // True when the server closes within the time.
  bool closed(std::chrono::milliseconds timeout = std::chrono::seconds(5)) {
    pollfd wanted{socket_, POLLIN, 0};
    if (::poll(&wanted, 1, static_cast<int>(timeout.count())) != 1) return false;
    char byte = 0;
    return ::recv(socket_, &byte, 1, MSG_PEEK) <= 0;
  }
  // The next answer; `head` when it is one to HEAD. Nothing when it does not come whole.
  std::optional<Answer> read(bool head = false) {
    std::size_t end = 0;
    while ((end = in_.find("\r\n\r\n")) == std::string::npos) {
      if (!fill()) return std::nullopt;
    }
    Answer answer = parse_head(in_.substr(0, end + 2));
    in_.erase(0, end + 4);
    if (head || answer.status < 200 || answer.status == 204 || answer.status == 304) return answer;
    if (answer.headers.get("Transfer-Encoding") == "chunked") return read_chunks(std::move(answer));
    if (!answer.headers.has("Content-Length")) {
      answer.body = read_all();
      return answer;
    }
    const std::size_t length = std::stoul(std::string(answer.headers.get("Content-Length")));
    while (in_.size() < length) {
      if (!fill()) return std::nullopt;
    }
    answer.body = in_.substr(0, length);
    in_.erase(0, length);
    return answer;
  }
  std::optional<Answer> ask(std::string_view request) {
    send(request);
    return read(request.starts_with("HEAD"));
  }

 private:
  static Answer parse_head(std::string_view head) {
    Answer answer;
    answer.status = std::stoi(std::string(head.substr(9, 3)));
    head.remove_prefix(head.find("\r\n") + 2);
    while (!head.empty()) {
      const std::size_t end = head.find("\r\n");
      const std::string_view line = head.substr(0, end);
      const std::size_t colon = line.find(": ");
      answer.headers.add(std::string(line.substr(0, colon)), std::string(line.substr(colon + 2)));
      head.remove_prefix(end + 2);
    }
    return answer;
  }
  std::optional<Answer> read_chunks(Answer answer) {
    for (;;) {
      std::size_t end = 0;
      while ((end = in_.find("\r\n")) == std::string::npos) {
        if (!fill()) return std::nullopt;
      }
      std::size_t size = 0;
      std::from_chars(in_.data(), in_.data() + end, size, 16);
      while (in_.size() < end + 2 + size + 2) {
        if (!fill()) return std::nullopt;
      }
      answer.body += in_.substr(end + 2, size);
      in_.erase(0, end + 2 + size + 2);
      if (size == 0) return answer;
    }
  }

  int socket_;
  bool connected_ = false;
  std::string in_;
};

}  // namespace armarium::http::testing
