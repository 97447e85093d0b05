#pragma once
// Titles, names, parts and subjects of MODS. Inside the reader of MODS only. Pure; any thread.

#include <string>
#include <string_view>

#include "ingest/readers/record.h"
#include "xml/document.h"

namespace armarium::ingest::readers {

std::string mods_title(const xml::Node& info);  // "The Title: subtitle. Part 1, Name"
std::string mods_part(const xml::Node& part);   // "Volume 3, 1871-05-06"
std::string mods_name_text(const xml::Node& name);
// As `field`, or where it is empty under the role.
void mods_name(const xml::Node& name, std::string_view field, Record& out);
void mods_subject(const xml::Node& subject, Record& out);

}  // namespace armarium::ingest::readers
