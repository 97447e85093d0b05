#pragma once
// Descriptions inside of a METS file: MODS, Dublin Core and whatever else readers of records know, by their ids. Inside the reader of METS only. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "iiif/description.h"
#include "ingest/readers/mets_file.h"
#include "ingest/readers/record.h"

namespace armarium::ingest::readers {

// The record of dmdSecs, the first that says a thing wins; empty fields when there is nothing.
Record record_of(const MetsFile& mets, const std::vector<std::string_view>& ids);
// Titles, one for each language; empty when there is none.
iiif::LanguageMap title_of(const MetsFile& mets, std::string_view ids);

// xsd:dateTime of the day that a name of an issue holds: "…, 1878-01-03", "01.08.1821", "18210801". Empty: there is none.
std::string day_in(std::string_view text);

// Owner and licence of the DFG profile (dv:rights), the page of the item at its institution (dv:links), the reading order that Google notes.
void administrative(const MetsFile& mets, json::Object& tree);

}  // namespace armarium::ingest::readers
