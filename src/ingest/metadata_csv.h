#pragma once
// metadata.csv: one row for each path below its folder, columns by IIIF names and those that the crosswalk knows. Read as RFC 4180 with what spreadsheets make of it: a byte order
// mark, UTF-16, Latin 1, semicolons or tabs. Pure; a table is immutable and may be shared.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "iiif/description.h"
#include "ingest/crosswalk.h"
#include "ingest/info_yml.h"

namespace armarium::ingest {

struct MetadataRow {
  int line = 0;
  std::string path;  // as written, "/" between names
  std::string id;
  iiif::Description description;  // cleaned; origin "metadata.csv"
};

struct MetadataTable {
  std::vector<MetadataRow> rows;
  std::unordered_map<std::string, std::size_t>
      by_path;  // by path and, where no other row has it, by path without extension
  std::vector<TextProblem> problems;

  const MetadataRow* find(std::string_view path) const;
};

MetadataTable read_metadata_csv(std::string_view bytes, const Crosswalk& crosswalk = *Crosswalk::standard());

}  // namespace armarium::ingest
