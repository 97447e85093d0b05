#pragma once
// originInfo of MODS: places, publishers, dates. Inside the reader of MODS only. Pure; any thread.

#include <string>

#include "ingest/readers/record.h"
#include "xml/document.h"

namespace armarium::ingest::readers {

// The dates that may become the navDate, best first.
struct ModsDates {
  std::string key{};      // with keyDate
  std::string created{};  // dateCreated
  std::string issued{};   // dateIssued
};
void mods_origin(const xml::Node& origin, Record& out, ModsDates& dates);

}  // namespace armarium::ingest::readers
