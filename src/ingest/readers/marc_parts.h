#pragma once
// Titles, names and subjects of MARC 21 records. Inside the reader of MARC only. Pure; any thread.

#include <string>
#include <string_view>

#include "ingest/readers/marc_record.h"
#include "ingest/readers/record.h"

namespace armarium::ingest::readers {

// 245: "The pragmatic programmer: from journeyman to master".
std::string marc_title(const MarcField& field);

bool is_marc_name(std::string_view tag);     // 1XX, 70X, 71X, 720
bool is_marc_subject(std::string_view tag);  // 6XX with a heading
void marc_name(const MarcField& field, std::string_view tag, Record& out);
void marc_subject(const MarcField& field, std::string_view tag, Record& out);

}  // namespace armarium::ingest::readers
