#pragma once
// Hears of commits: a thread with a connection of its own that LISTENs on the schema's channel, and asks for the revision each time it had to connect anew.
// `found` is called on that thread with each revision it learns. Ends with the object.

#include <functional>
#include <string>
#include <thread>

#include "store/postgres/pool.h"
#include "store/rows.h"

namespace armarium::store::postgres {

class Follower {
 public:
  Follower(Pool& pool, std::function<void(Revision)> found);
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

 private:
  void run();
  void listen();
  bool wait(int socket, int milliseconds) const;  // false: it is the end

  Pool& pool_;
  std::function<void(Revision)> found_;
  int stop_;  // an eventfd
  std::thread thread_;
};

}  // namespace armarium::store::postgres
