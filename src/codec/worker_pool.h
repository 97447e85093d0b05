#pragma once
// The processes of armarium-decode as a pool: hands a job to a free one (best the one that knows the file), kills on cancel, time-out and nonsense, starts
// again in the background, and remembers the files that a process died on. Thread-safe.

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>

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
  // says; corrupt when it died or ran out of time (then `key` is poisoned, unless empty); cancelled or deadline_exceeded when the token says so.
  base::Result<Reply> run(Job job, const std::string& key, int read_from, int write_to,
                          const base::CancelToken& cancel);

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
  bool slow_again(const std::string& key);  // whether its deadline passed so often that the file is to blame

  const WorkerOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable free_;  // a slot became free or the pool broke
  std::condition_variable work_;  // a slot wants a process, or the end
  std::deque<Slot> slots_;
  std::uint64_t next_id_ = 1;
  unsigned failed_starts_ = 0;
  bool ending_ = false;
  std::set<std::string> poisoned_;
  std::map<std::string, unsigned> slow_;
  std::deque<std::string> poisoned_order_;
  std::thread keeper_;  // starts every process: a process dies with the thread that started it (PR_SET_PDEATHSIG)
};

}  // namespace armarium::codec::worker
