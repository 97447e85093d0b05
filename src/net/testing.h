#pragma once
// A server for the tests of this module: on loopback, in a thread, it gives the answers that it was told to, one for each connection. Not for anything else.

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace armarium::net {

class ScriptedServer {
 public:
  // Whole answers with their status lines; after the last one connections are closed without a word.
  explicit ScriptedServer(std::vector<std::string> answers) : answers_(std::move(answers)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* generic = reinterpret_cast<sockaddr*>(&own);
    socklen_t size = sizeof own;
    (void)::bind(listener_, generic, size);
    (void)::listen(listener_, 8);
    (void)::getsockname(listener_, generic, &size);
    port_ = ntohs(own.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~ScriptedServer() {
    (void)::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    (void)::close(listener_);
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::string address(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  int port() const { return port_; }
  // The heads of the questions so far.
  std::vector<std::string> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  void serve() {
    for (std::size_t turn = 0;; ++turn) {
      const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (peer < 0) return;
      std::string head;
      char letter = 0;
      while (head.find("\r\n\r\n") == std::string::npos && ::recv(peer, &letter, 1, 0) == 1) head += letter;
      {
        const std::lock_guard lock(mutex_);
        asked_.push_back(head);
      }
      if (turn < answers_.size()) (void)::send(peer, answers_[turn].data(), answers_[turn].size(), MSG_NOSIGNAL);
      (void)::close(peer);
    }
  }

  std::vector<std::string> answers_;
  std::vector<std::string> asked_{};
  mutable std::mutex mutex_{};
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_{};
};

}  // namespace armarium::net
