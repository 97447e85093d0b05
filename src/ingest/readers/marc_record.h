#pragma once
// A MARC 21 record, whatever it was written in: ISO 2709 or MARCXML. Text is UTF-8. Values; any thread.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/info_yml.h"

namespace armarium::ingest::readers {

struct MarcField {
  std::string tag{};    // three signs
  std::string value{};  // of a control field
  char first = ' ';     // indicators
  char second = ' ';
  std::vector<std::pair<char, std::string>> parts{};  // subfields
  int line = 0;

  // The first subfield of that code; empty where there is none.
  std::string_view part(char code) const;
  // Those of the codes, in the order of the field, with `between` between them.
  std::string joined(std::string_view codes, std::string_view between = " ") const;
};

struct MarcRecord {
  std::string leader{};
  std::vector<MarcField> fields{};
  std::vector<TextProblem> problems{};
  int line = 0;  // of MARCXML; of ISO 2709 the number of the record in its file

  std::string_view control(std::string_view tag) const;
  const MarcField* field(std::string_view tag) const;
};

}  // namespace armarium::ingest::readers
