#pragma once
// One keep-alive connection of the load generator: sends a request, follows its answer, opens itself again when the server closes it.
// Owns its socket and its place in the epoll set. One thread. A server that cannot be reached ends the program: there is nothing to measure.
#include <netinet/in.h>

#include <string>
#include <string_view>

#include "response_reader.h"

namespace armarium::bench {

struct Target {
  sockaddr_in address{};
  std::string host;    // host:port, for the Host field
  std::string prefix;  // the path that each line of a list is appended to
};

// Reads http://ADDRESS:PORT/PREFIX with a numeric address; false when it is anything else.
bool parse_target(std::string_view url, Target& target);

class Connection {
 public:
  Connection(const Target& target, int epoll);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  void send(std::string_view path);

  // After epoll reported these events. True when an answer has just ended, well or not.
  bool handle(unsigned events);

  [[nodiscard]] bool busy() const { return busy_; }
  [[nodiscard]] const ResponseReader& answer() const { return reader_; }
  [[nodiscard]] long reopened() const { return reopened_; }

  std::size_t owner = 0;    // for the owner: which of its lists this connection plays
  std::size_t request = 0;  // for the owner: which request this is
  double started = 0;       // for the owner: when its time began to count

 private:
  void open();
  void reopen();
  void watch(unsigned events, int operation);
  void flush();
  bool read_answer();

  const Target& target_;
  int epoll_;
  int fd_ = -1;
  std::string out_;
  std::size_t sent_ = 0;
  ResponseReader reader_;
  bool busy_ = false;
  bool lost_ = false;  // the socket was closed or failed
  int tries_ = 0;      // how often this request was sent again because an idle connection had been closed
  long reopened_ = 0;
};

}  // namespace armarium::bench
