// Any text as a file that was written back: what is taken is written in a form that is taken again, and says the same.

#include <cstdlib>

#include "ingest/written_file.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  namespace ingest = armarium::ingest;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto kind : {armarium::store::Kind::manifest, armarium::store::Kind::collection}) {
    const armarium::store::ItemKey item{kind, "book"};
    const auto read = ingest::read_written(text, item);
    if (!read) {
      if (read.error().reason.empty()) std::abort();
      continue;
    }
    const auto again = ingest::read_written(ingest::written_text(*read), item);
    if (!again || again->document.empty() != read->document.empty()) std::abort();
  }
  return 0;
}
