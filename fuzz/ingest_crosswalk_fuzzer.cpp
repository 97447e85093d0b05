// Any text as a crosswalk table, and as a metadata.csv that is read by it; after a NUL byte the second begins.

#include <cstdlib>

#include "ingest/crosswalk.h"
#include "ingest/metadata_csv.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  namespace ingest = armarium::ingest;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t divide = std::min(text.find('\0'), text.size());
  std::vector<ingest::TextProblem> problems;
  const ingest::CrosswalkPtr table = ingest::Crosswalk::standard()->with(text.substr(0, divide), problems);
  if (table == nullptr || table->find("csv", "creator") == nullptr) std::abort();
  const ingest::MetadataTable read =
      ingest::read_metadata_csv(divide < text.size() ? text.substr(divide + 1) : text, *table);
  for (const auto& [path, place] : read.by_path) {
    if (place >= read.rows.size()) std::abort();
  }
  return 0;
}
