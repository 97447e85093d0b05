// Any bytes as a file of MARC 21 in ISO 2709: every record becomes a description, and what is published of it is UTF-8.

#include <cstdlib>

#include <utf8proc.h>

#include "ingest/readers/iso2709.h"
#include "ingest/readers/marc.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  namespace readers = armarium::ingest::readers;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const readers::MarcRecord& marc : readers::read_iso2709(bytes)) {
    const readers::Record record = readers::marc_record(marc);
    for (const readers::RecordField& field : record.fields) {
      const auto* text = reinterpret_cast<const utf8proc_uint8_t*>(field.value.data());
      utf8proc_int32_t point = 0;
      for (std::size_t at = 0; at < field.value.size();) {
        const auto length = utf8proc_iterate(text + at, static_cast<utf8proc_ssize_t>(field.value.size() - at), &point);
        if (length < 1) std::abort();
        at += static_cast<std::size_t>(length);
      }
    }
    readers::publish(record, *armarium::ingest::Crosswalk::standard(), "record.mrc");
  }
  return 0;
}
