#pragma once
// FOLDER as the server sees it: scanned in the background, watched, and read at once where somebody opens something. Publishes through the catalogue only.
// Thread-safe. ensure_* block on the disk: never call them from an I/O thread; they cost next to nothing where all is known.

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/cancel.h"
#include "base/error.h"
#include "catalogue/catalogue.h"
#include "codec/limits.h"
#include "source/source.h"
#include "store/store.h"

namespace armarium::ingest {

struct LibraryOptions {
  std::filesystem::path root;
  codec::Limits limits;
  std::filesystem::path crosswalk;  // a table that lies over the one that is built in; empty: none
  std::string reader_version;       // of the program and its decoders: what failed under another one is tried again
  std::chrono::seconds scan_interval{300};  // where changes are not announced
  unsigned threads = 2;                     // that read headers
  bool watch = true;
  bool write_back = false;          // what is written is projected to files beside the items
  std::size_t most_headers = 2000;  // that an ensure_* reads before it answers not_ready
};

struct LibraryStatus {
  std::uint64_t folders = 0;  // newly looked at since the start
  std::uint64_t files = 0;    // seen in them
  std::uint64_t headers = 0;  // of files, read since the start
  std::uint64_t pending = 0;  // folders whose headers are still to be read
  bool scanning = false;
  bool first_scan_done = false;                     // since the start
  std::chrono::system_clock::time_point last_scan;  // its end; zero before the first
  double last_scan_seconds = 0;
  bool watching = false;  // else every scan_interval
  std::chrono::seconds scan_interval{0};
  std::uint64_t problems = 0;
  std::string mount_warning;    // empty: all is well
  std::string storage_warning;  // empty: all is well
};

// A file beside pictures that a document links to (described_files.h).
struct GivenFile {
  std::string path;  // below FOLDER
  std::string media_type;
};

class Library {
 public:
  // `root` must exist. `source` serves the same folder.
  static base::Result<std::unique_ptr<Library>> open(LibraryOptions options, const source::Source& source,
                                                     store::Store& store, catalogue::Catalogue& catalogue);
  ~Library();

  void start();  // scanning and watching, in the background; returns at once
  void stop();   // ends within a second

  // Afterwards the catalogue's answer about this identifier is not behind the disk. not_ready (with progress) where it would take too long;
  // otherwise no error says that the item is not there: the catalogue does.
  base::Result<> ensure_item(std::string_view identifier, const base::CancelToken& cancel);
  base::Result<> ensure_asset(std::string_view identifier, const base::CancelToken& cancel);
  // A description, a text or a download in the folder of an item, as long as it may be handed out: it is what it says it is, nobody hides it, and no part of the folder was taken down. Whether
  // the item's document names it is for the caller to know. not_found, withheld.
  base::Result<GivenFile> given_file(const store::ItemKey& item, std::string_view below);
  // Looks again now, in the background, at a path below FOLDER ("" for all). `accept_removals`: what vanished is taken back, however much it is.
  void rescan(std::string_view path, bool accept_removals);
  // Somebody changed a file in this folder, which may be new: as if the watcher had told.
  void changed(std::string_view folder);
  LibraryStatus status() const;

 private:
  struct State;
  explicit Library(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace armarium::ingest
