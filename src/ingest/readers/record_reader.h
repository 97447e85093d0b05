#pragma once
// The reader of files of records (record_file.h) behind the contract of all readers: one record describes the item or the picture beside which it lies, of several each the picture that one of its
// numbers names. Pure; any thread.

#include "ingest/readers/reader.h"

namespace armarium::ingest::readers {

bool claims_records(const Head& head);
Described read_records(const SourceFile& file);

inline constexpr Reader kRecordReader{.name = "record", .claims = claims_records, .read = read_records};

}  // namespace armarium::ingest::readers
