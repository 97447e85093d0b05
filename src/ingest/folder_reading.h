#pragma once
// One folder as it is now: its names, what the grammar makes of them, what its texts say. Touches the disk, not the store. Values; any thread.

#include <map>
#include <string>
#include <vector>

#include "ingest/folder_context.h"
#include "ingest/grammar.h"
#include "ingest/tree.h"

namespace armarium::ingest {

struct Reading {
  std::string path;
  ContextPtr context;
  std::uint64_t inode = 0;
  FolderPlan plan;
  std::map<std::string, Entry> files;  // pictures and companions of the plan, by path below the folder
  std::string token;                   // of everything that was looked at
  bool unsettled = false;              // a file is still being written and was left out: look again soon
  bool growing_document = false;       // it is one that describes the folder
  std::vector<std::string>
      descriptions;         // names of files that may describe it (readers/reader.h), and no single picture
  std::size_t entries = 0;  // names on the disk, whatever they are
  std::vector<catalogue::Problem> problems;
  std::vector<std::string> orders;  // the rules' order, for mixed lists
};

// Errors as Tree::list.
base::Result<Reading> read_folder(const Tree& tree, ContextCache& contexts, std::string_view path);

}  // namespace armarium::ingest
