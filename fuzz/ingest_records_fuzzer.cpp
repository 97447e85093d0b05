// Any text as a file of records, XML or JSON: what is read of it is within the limits, and can be published.

#include <cstdlib>

#include "ingest/readers/record_file.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  namespace readers = armarium::ingest::readers;
  const auto file = readers::read_record_file(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!file) return 0;
  for (const readers::Record& record : file->records) {
    if (record.fields.size() > readers::kMostFields + 1 || record.format.empty()) std::abort();
    const auto shown = readers::publish(record, *armarium::ingest::Crosswalk::standard(), "record.xml");
    if (shown.nav_date.empty() != record.nav_date.empty()) std::abort();
  }
  return 0;
}
