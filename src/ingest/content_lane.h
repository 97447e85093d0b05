#pragma once
// Reads files whole when there is nothing else to do, and keeps a hash of each: when one has vanished, its bytes are gone, and a move shall be told by all of them.
// Small files have their hash from the scan already. Takes at most half of a disk's time. Belongs to the background thread; `add` may come from any.

#include <functional>
#include <mutex>
#include <set>
#include <string>

#include "catalogue/catalogue.h"
#include "source/source.h"
#include "store/store.h"

namespace armarium::ingest {

// The hash of all bytes; empty when they cannot be read, or `stop` says so between two pieces.
std::string content_hash(const base::ByteSource& file, const std::function<bool()>& stop);

class ContentLane {
 public:
  ContentLane(const source::Source& source, store::Store& store, catalogue::Catalogue& catalogue,
              std::function<bool()> stop)
      : source_(source), store_(store), catalogue_(catalogue), stop_(std::move(stop)) {}

  // Headers were read in this folder.
  void add(const std::string& folder);
  // Whether step() would find work.
  bool has_work() const;
  // One folder, or as much of it as there is time for before `stop`.
  void step();

 private:
  bool read_folder(const std::string& folder);
  void keep(const store::FileRow& read, const std::string& content);
  void next_known();

  const source::Source& source_;
  store::Store& store_;
  catalogue::Catalogue& catalogue_;
  std::function<bool()> stop_;
  mutable std::mutex mutex_;
  std::set<std::string> folders_{""};
  bool all_queued_ = false;  // of an earlier run, too
  std::string cursor_;
};

}  // namespace armarium::ingest
