#pragma once
// MARC 21 bibliographic records (https://www.loc.gov/marc/bibliographic/) to fields. Local fields (09X but 099, 59X, 69X, 9XX) and what says of itself that it is private are not read. Pure; any thread.

#include <string>
#include <string_view>

#include "ingest/readers/marc_record.h"
#include "ingest/readers/record.h"

namespace armarium::ingest::readers {

Record marc_record(const MarcRecord& marc);

// Without the punctuation that ISBD puts between elements: "Reading, Mass. :" → "Reading, Mass.", "Addison-Wesley," → "Addison-Wesley", "Computer programming." → "Computer programming".
// `stop`: a full stop may be the punctuation's; else it stays, as in "Solana Beach, Calif.,".
std::string without_punctuation(std::string_view text, bool stop = true);

}  // namespace armarium::ingest::readers
