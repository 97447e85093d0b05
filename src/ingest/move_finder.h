#pragma once
// Recognises folders and files that moved: by inode, else by content where exactly one vanished and fits. What still exists elsewhere is a copy, never a move.
// Belongs to one look.

#include <optional>
#include <string>
#include <vector>

#include "ingest/folder_reading.h"
#include "ingest/item_builder.h"
#include "ingest/tree.h"
#include "store/store.h"

namespace armarium::ingest {

class MoveFinder {
 public:
  MoveFinder(const Tree& tree, const store::Reader& reader) : tree_(tree), reader_(reader) {}

  // The vanished folder that this new one was, by its inode and most of its files.
  std::optional<store::FolderRow> folder_by_inode(const Reading& now) const;
  // By the content of all its files, under the same names.
  std::optional<store::FolderRow> folder_by_content(const Reading& now, const FactsMap& facts) const;
  // The vanished path that a new file had.
  std::optional<std::string> file(const std::string& path, const Entry& entry, const FileFacts& facts) const;

 private:
  bool is_gone(const std::string& path) const { return !tree_.look(path); }
  const Tree& tree_;
  const store::Reader& reader_;
};

}  // namespace armarium::ingest
