#pragma once
// Looks at one folder: lists it, reads the headers that are not known yet, publishes what changed. Keeps nothing in memory that the store knows. Thread-safe:
// one look at a folder at a time, others wait for it.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <unordered_map>

#include "base/cancel.h"
#include "catalogue/catalogue.h"
#include "catalogue/change_set.h"
#include "ingest/file_facts.h"
#include "ingest/folder_reading.h"
#include "ingest/item_builder.h"
#include "ingest/tree.h"
#include "source/source.h"
#include "store/store.h"

namespace armarium::ingest {

enum class Depth { outline, full };  // names only, or headers too

struct Budget {
  std::size_t most_headers = 2000;  // more that are unknown: not_ready
  std::string wanted;               // where every file is an item, this one alone is read when all are too many
  bool background = false;          // gives way to requests, low priority
  base::CancelToken cancel;
};

struct Outcome {
  bool exists = false;
  bool complete = false;                      // nothing about it is left to be read
  bool unsettled = false;                     // a file is still being written
  bool member_changed = false;                // what it is in its parent's list
  bool inherited_changed = false;             // what the folders below depend on
  std::vector<std::string> folders;           // paths of the folders in it
  std::vector<std::string> new_folders;       // those that the store does not know
  std::vector<std::string> part_folders;      // subfolders that belong to its item
  std::vector<std::string> vanished_folders;  // paths that the store knows and the disk no longer has
  bool items_known = false;  // vanished_items is all of them; else nothing has changed since the last look
  std::vector<store::ItemKey> vanished_items;
  std::vector<std::string> vanished_files;
  std::size_t entries = 0;
};

// Counted by all looks, for /status.
struct Counters {
  std::atomic<std::uint64_t> folders{0};
  std::atomic<std::uint64_t> files{0};
  std::atomic<std::uint64_t> headers{0};
};

class Looker {
 public:
  struct Options {
    codec::Limits limits;
    CrosswalkPtr crosswalk;      // over which those of the folders lie; null: the one that is built in
    std::string root_name;       // the label of the top collection without info.yml
    std::string reader_version;  // what could not be read by another version is tried again
    unsigned threads = 2;        // that read headers
    // Called between files of background work; blocks while a request reads.
    std::function<void()> give_way;
    // Whether background work shall stop after the file at hand: it goes on later.
    std::function<bool()> interrupted;
    // Told of each folder in which headers were read.
    std::function<void(const std::string&)> headers_read;
    // Told of each folder that was published anew.
    std::function<void(const std::string&)> looked;
  };
  Looker(const Tree& tree, const source::Source& source, store::Store& store, catalogue::Catalogue& catalogue,
         Options options);

  // not_ready with progress in the message when there is more to read than the budget allows.
  base::Result<Outcome> look(const std::string& path, Depth depth, const Budget& budget);
  const Counters& counters() const noexcept { return counters_; }
  ContextCache& contexts() noexcept { return contexts_; }

 private:
  friend class Look;
  // Who looks at a folder at the moment.
  struct Busy {
    bool background = false;
    std::size_t waiting = 0;  // others that want the same folder
    std::size_t known = 0;    // of its files
    std::size_t total = 0;
  };
  base::Result<> enter(const std::string& path, const Budget& budget);
  void leave(const std::string& path);
  void progress(const std::string& path, std::size_t known, std::size_t total);
  bool is_wanted(const std::string& path);

  const Tree& tree_;
  const source::Source& source_;
  store::Store& store_;
  catalogue::Catalogue& catalogue_;
  Options options_;
  ContextCache contexts_;
  Counters counters_;
  std::mutex mutex_;
  std::condition_variable left_;
  std::unordered_map<std::string, Busy> busy_;
};

}  // namespace armarium::ingest
