#pragma once
// --write-back: what is written through the API is projected to a file beside the item (written_file.h), and a person's change of that file comes in again as a version of its own. A consumer of the change
// log that remembers its place, never inside of a writer's transaction; what it knows of each file is kept with the edit that came from it. Where both sides changed, neither is touched, and /status
// says so. Thread-safe; the work is done on a thread of its own.

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "catalogue/catalogue.h"
#include "catalogue/change_set.h"
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
  // What is known of the file of an item that moves goes along, in the same write.
  static void follow_moves(const store::Reader& reader, catalogue::ChangeSet& changes);

 private:
  struct Record;
  struct Sides;
  void run();
  bool follow_log();
  void load();
  void keep_folders(std::set<std::string> folders);
  bool is_stopping();
  void check_folders(const std::set<std::string>& folders);
  bool check_folder(const std::string& folder);
  void settle(const store::ItemKey& item, const std::string& named_path);
  base::Result<bool> reconcile(const store::ItemKey& item, const std::string& named_path);
  base::Result<bool> compare(const store::ItemKey& item, Record& record, Sides& now);
  base::Result<bool> read_store(const store::ItemKey& item, const std::string& named_path, Record& record, Sides& now);
  base::Result<bool> read_file(const store::ItemKey& item, Record& record, Sides& now);
  std::string path_of(const store::Reader& reader, const store::ItemRow& item, const Record& record) const;
  base::Result<> project(const Sides& now, const std::string& text) const;
  base::Result<> take_in(const store::ItemKey& item, const Sides& now, Record record);
  base::Result<bool> note(const store::ItemKey& item, const Record& record, const Sides& now,
                          std::vector<catalogue::Problem> problems);

  const Tree& tree_;
  store::Store& store_;
  catalogue::Catalogue& catalogue_;
  ContextCache& contexts_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::set<std::string> folders_;                // looked at
  bool folders_kept_ = false;                    // some are remembered in the store
  std::map<store::ItemKey, std::string> again_;  // could not be settled; with the file that named them
  bool again_changed_ = false;
  bool stopping_ = false;
  std::jthread thread_;
};

}  // namespace armarium::ingest
