#pragma once
// MODS (https://www.loc.gov/standards/mods/userguide/), a <mods> element of version 3, to fields. Pure; any thread.

#include "ingest/readers/record.h"
#include "xml/document.h"

namespace armarium::ingest::readers {

inline constexpr std::string_view kModsSpace = "http://www.loc.gov/mods/v3";

bool is_mods(const xml::Node& node);
Record mods_record(const xml::Node& mods);

}  // namespace armarium::ingest::readers
