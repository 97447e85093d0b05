#pragma once
// MARC 21 in ISO 2709 (MARC 21 Specifications for Record Structure), read forgivingly: what leader and directory say is followed where it is right, else the terminators are. UTF-8 and MARC-8. Pure;
// any thread.

#include <string_view>
#include <vector>

#include "ingest/readers/marc_record.h"

namespace armarium::ingest::readers {

struct MarcFile {
  std::vector<MarcRecord> records{};    // `line` is the number of the record
  std::vector<TextProblem> problems{};  // of the file; those of a record are with it
};

inline constexpr std::size_t kMostMarcRecords = 100'000;

// Whether a file that begins so is ISO 2709: the leader.
bool is_iso2709(std::string_view head);
MarcFile read_iso2709(std::string_view bytes);

}  // namespace armarium::ingest::readers
