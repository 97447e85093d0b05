#pragma once
// --write-back: what is written through the API is projected to a file beside the item (written_file.h), and a person's change of that file comes in again as a version of its own. A consumer of the change
// log that remembers its place, never inside of a writer's transaction; what it knows of each file is kept with the edit that came from it. Where both sides changed, neither is touched, and /status
// says so. Thread-safe; the work is done on a thread of its own.

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "catalogue/catalogue.h"
#include "ingest/folder_context.h"
#include "ingest/tree.h"
#include "store/store.h"

namespace armarium::ingest {

class WriteBack {
 public:
  WriteBack(const Tree& tree, store::Store& store, catalogue::Catalogue& catalogue, ContextCache& contexts);
  ~WriteBack();
  void start();
  void stop();
  // A folder was looked at: its files may have changed.
  void looked(const std::string& folder);

 private:
  struct Record;
  struct Side;
  void run();
  bool follow_log();
  void check_folder(const std::string& folder);
  void settle(const store::ItemKey& item, const std::string& named_path);
  base::Result<bool> reconcile(const store::ItemKey& item, const std::string& named_path);
  std::string path_of(const store::Reader& reader, const store::ItemRow& item) const;
  base::Result<> project(const Record& record, const std::string& path, const std::string& text) const;
  base::Result<> take_in(const store::ItemKey& item, const std::string& path, const Side& file, Record record,
                         std::optional<store::Revision> seen);
  base::Result<> note(const store::ItemKey& item, const Record& record, const std::string& path,
                      std::vector<catalogue::Problem> problems);

  const Tree& tree_;
  store::Store& store_;
  catalogue::Catalogue& catalogue_;
  ContextCache& contexts_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::set<std::string> folders_;   // looked at
  std::set<store::ItemKey> again_;  // could not be settled
  bool again_changed_ = false;
  bool stopping_ = false;
  std::jthread thread_;
};

}  // namespace armarium::ingest
