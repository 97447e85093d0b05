#pragma once
// Rows of a CSV file: RFC 4180, quoted fields with line breaks, "," or ";" or tab (whichever the first line has most of), UTF-8 with or without a byte order
// mark, UTF-16 with one, else Latin 1. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

namespace armarium::ingest {

struct CsvRow {
  int line = 0;  // from 1, where the row begins
  std::vector<std::string> fields;
};

// At most `limit` rows. All fields come out as UTF-8.
std::vector<CsvRow> read_csv(std::string_view bytes, std::size_t limit = 1'000'000);

// The text of a file in UTF-8, whatever it was.
std::string to_utf8(std::string_view bytes);

}  // namespace armarium::ingest
