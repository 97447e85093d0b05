#pragma once
// The processes of armarium-decode as a pool: hands a job to a free one (best the one that knows the file), kills on cancel, time-out and nonsense, starts
// again in the background, and remembers the files that a process died on. Thread-safe.

#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "codec/slow_work.h"
#include "codec/worker.h"
#include "codec/worker_process.h"

namespace armarium::codec::worker {

class Pool {
 public:
  explicit Pool(WorkerOptions options);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Runs the job (its id is filled in here) and gives the reply of outcome `done`, else an Error: corrupt, unsupported, resource_limit as the process
  // says; corrupt when it died or hung (then `key` is poisoned, unless empty); cancelled or deadline_exceeded when the token says so; resource_limit
  // when a decode of so many `pixels` is known to take longer than there is time.
  base::Result<Reply> run(Job job, const std::string& key, int read_from, int write_to, const base::CancelToken& cancel,
                          std::uint64_t pixels = 0);

  bool poisoned(const std::string& key) const;
  std::vector<pid_t> process_ids() const;  // for tests

 private:
  struct Slot {
    std::optional<Process> process;  // none: being started
    bool busy = false;
    std::string last_key;
  };
  base::Result<Slot*> acquire(const std::string& key, const base::CancelToken& cancel);
  void release(Slot& slot, bool alive, const std::string& key);
  void keep_alive();
  void poison(const std::string& key);
  // The Error of a job that ended without a reply; remembers what the file did.
  base::Error lost(Loss loss, const std::string& key, const std::string& work, std::uint64_t pixels,
                   std::chrono::nanoseconds spent, const base::CancelToken& cancel);

  const WorkerOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable free_;  // a slot became free or the pool broke
  std::condition_variable work_;  // a slot wants a process, or the end
  std::deque<Slot> slots_;
  std::uint64_t next_id_ = 1;
  unsigned failed_starts_ = 0;
  bool ending_ = false;
  std::set<std::string> poisoned_;
  SlowWork slow_;
  std::deque<std::string> poisoned_order_;
  std::thread keeper_;  // starts every process: a process dies with the thread that started it (PR_SET_PDEATHSIG)
};

}  // namespace armarium::codec::worker
