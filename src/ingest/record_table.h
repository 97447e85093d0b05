#pragma once
// records.xml and records.mrc: many records in one file, each about the folder below that is called like one of its numbers. Only those that find theirs are kept. Immutable once read; any thread.

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "iiif/description.h"
#include "ingest/crosswalk.h"

namespace armarium::ingest {

inline constexpr const char* kRecordTables[] = {"records.xml", "records.mrc"};

class RecordTable {
 public:
  // Adds the records of a file; what it is called is what /status says of the values. What is there stays.
  void read(std::string_view bytes, std::string_view name, const std::set<std::string>& folders,
            const Crosswalk& crosswalk);
  // Of the folder of that name; null where there is none.
  const iiif::Description* find(std::string_view folder) const;
  bool empty() const noexcept { return by_folder_.empty(); }

 private:
  std::unordered_map<std::string, iiif::Description> by_folder_;  // by its name, simplified
};

}  // namespace armarium::ingest
