#pragma once
// Reads the headers of many files on a few threads of its own. Blocks until all are read, or a stop is asked for.

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ingest/file_facts.h"
#include "source/source.h"

namespace armarium::ingest {

struct HeaderJob {
  std::string path;  // below FOLDER
  ReadingRules rules;
};

struct HeaderOptions {
  unsigned threads = 2;
  bool low_priority = false;
  codec::Limits limits;
  std::function<bool()> stop;      // asked before each file
  std::function<void()> give_way;  // called before each file
  std::function<void()> done_one;
};

// In the order of `jobs`; an entry without value was not reached.
std::vector<std::optional<FileFacts>> read_headers(const source::Source& source, std::span<const HeaderJob> jobs,
                                                   const HeaderOptions& options);

}  // namespace armarium::ingest
