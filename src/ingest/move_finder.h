#pragma once
// Recognises folders and files that moved: by inode, else where exactly one vanished and fits by size, fingerprint and then all of its bytes (content_lane.h keeps
// their hash; without it there is no telling, and no move). What still exists elsewhere is a copy, never a move. Belongs to one look: reads no further when that shall stop.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ingest/folder_reading.h"
#include "ingest/item_builder.h"
#include "ingest/tree.h"
#include "source/source.h"
#include "store/store.h"

namespace armarium::ingest {

class MoveFinder {
 public:
  MoveFinder(const Tree& tree, const source::Source& source, const store::Reader& reader, std::function<bool()> stop)
      : tree_(tree), source_(source), reader_(reader), stop_(std::move(stop)) {}

  // The vanished folder that this new one was, by its inode and most of its files; without any, of the folders in it.
  std::optional<store::FolderRow> folder_by_inode(const Reading& now) const;
  // By the content of all its files, under the same names.
  std::optional<store::FolderRow> folder_by_content(const Reading& now, const FactsMap& facts);
  // The vanished path that a new file had.
  std::optional<std::string> file(const std::string& path, const Entry& entry, const FileFacts& facts);
  // A file was not read to its end: that nothing was found does not say that nothing moved.
  bool stopped() const noexcept { return stopped_; }

 private:
  bool is_gone(const std::string& path) const { return !tree_.look(path); }
  bool holds_same_folders(const std::string& was, const std::string& now) const;
  std::optional<bool> same_content(const store::FileRow& before, const std::string& path, FileFacts& now);
  const Tree& tree_;
  const source::Source& source_;
  const store::Reader& reader_;
  std::function<bool()> stop_;
  bool stopped_ = false;
};

}  // namespace armarium::ingest
