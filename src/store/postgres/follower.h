#pragma once
// Hears of the commits of all nodes: a thread with a connection of its own that LISTENs on a channel. `hear` is called on that thread with each thing that was told, and
// with nothing each time it had to connect anew: what was told meanwhile was not heard. Ends with the object.

#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "store/postgres/pool.h"

namespace armarium::store::postgres {

class Follower {
 public:
  Follower(Pool& pool, std::string channel, std::function<void(std::string_view)> hear);
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

 private:
  void run();
  void listen();
  bool wait(int socket, int milliseconds) const;  // false: it is the end

  Pool& pool_;
  std::string channel_;
  std::function<void(std::string_view)> hear_;
  int stop_;  // an eventfd
  std::thread thread_;
};

}  // namespace armarium::store::postgres
