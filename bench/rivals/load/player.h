#pragma once
// Plays lists of requests against one server and keeps what came back: closed loop (each connection waits for its answer), open loop (requests at a
// fixed rate, their time counted from when they were due, so that a server that stalls cannot hide it), and a second list beside either.
// One thread, so the generator takes at most one core; it counts bodies and keeps none.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "connection.h"

namespace armarium::bench {

// A list: one path to a line, relative to the base address; after a tab, the class that its times are counted in.
struct RequestList {
  std::vector<std::string> paths;
  std::vector<std::size_t> classes;  // index into class_names, for each path
  std::vector<std::string> class_names;
};

// Appends the lines of a file; false when it cannot be read or is empty.
bool read_list(const std::string& file, const std::string& default_class, RequestList& list);

struct Plan {
  std::size_t connections = 8;
  double seconds = 0;        // stop then; 0: after `requests`
  std::size_t requests = 0;  // 0 with seconds 0: one pass over the list
  double rate = 0;           // requests a second; 0: closed loop
  std::size_t warm_passes = 0;
  double timeout = 60;
};

struct ClassTotals {
  std::vector<float> milliseconds;
  std::int64_t bytes = 0;
};

struct Totals {
  double seconds = 0;
  std::map<std::string, ClassTotals> classes;
  std::map<int, long> statuses;
  long faults = 0;    // broken answers and requests that were never answered
  long reopened = 0;  // connections that the server closed
};

class Player {
 public:
  explicit Player(const Target& target);
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;
  ~Player();

  Totals play(const RequestList& list, const Plan& plan);

  // The same, with `beside` on connections of its own in a closed loop for as long as `list` takes.
  Totals play(const RequestList& list, const Plan& plan, const RequestList& beside, std::size_t beside_connections);

 private:
  // A list on its way: its connections, where it stands, when it ends.
  struct Run {
    const RequestList* list = nullptr;
    std::vector<std::unique_ptr<Connection>> connections;
    std::vector<Connection*> idle;
    std::size_t next = 0;
    std::size_t most = 0;  // requests; 0: until `end`
    double begin = 0;
    double end = 0;
    double rate = 0;
    std::size_t busy = 0;
  };

  void prepare(Run& run, std::size_t number, const RequestList& list, std::size_t connections);
  void loop(std::vector<Run*>& runs, double timeout, Totals* totals);
  static bool more(const Run& run, double now);
  static void dispatch(Run& run, double now);
  static double next_due(const Run& run, double now);
  static void record(const Run& run, const Connection& connection, double now, Totals& totals);

  const Target& target_;
  int epoll_ = -1;
};

double monotonic_seconds();

}  // namespace armarium::bench
