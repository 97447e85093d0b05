#pragma once
// MARC 21 in ISO 2709 (MARC 21 Specifications for Record Structure), read forgivingly: what leader and directory say is followed where it is right, else the terminators are. UTF-8 and MARC-8. Pure;
// any thread.

#include <functional>
#include <string_view>
#include <vector>

#include "ingest/readers/marc_record.h"

namespace armarium::ingest::readers {

// Whether a file that begins so is ISO 2709: the leader.
bool is_iso2709(std::string_view head);
// One after the other, `line` is the number of the record. Ends early when `take` says false.
void each_iso2709(std::string_view bytes, const std::function<bool(MarcRecord)>& take);
std::vector<MarcRecord> read_iso2709(std::string_view bytes);

}  // namespace armarium::ingest::readers
