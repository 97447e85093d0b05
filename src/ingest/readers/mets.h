#pragma once
// METS (https://www.loc.gov/standards/mets/), versions 1 and 2: pages, structure and descriptions of a digitised thing. Pure but for the siblings that it asks for; any thread.

#include "ingest/readers/reader.h"

namespace armarium::ingest::readers {

bool claims_mets(const Head& head);
Described read_mets(const SourceFile& file);
std::vector<PartFolder> mets_parts(std::string_view bytes);

inline constexpr Reader kMetsReader{.name = "METS", .claims = claims_mets, .read = read_mets, .parts = mets_parts};

}  // namespace armarium::ingest::readers
