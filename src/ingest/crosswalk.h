#pragma once
// The crosswalk: which field of a source (a column of metadata.csv, a field that a picture carries) becomes which property or which label, in which languages. One table is built in
// (crosswalk.csv beside this file); crosswalk.csv in a folder lies over it, row by row, there and below. Immutable; any thread.

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "iiif/description.h"
#include "ingest/info_yml.h"

namespace armarium::ingest {

struct CrosswalkRow {
  std::string format{};    // "csv", "embedded"
  std::string field{};     // in small letters
  std::string property{};  // of IIIF; "metadata": an entry with the label; "none": not published
  iiif::LanguageMap label{};
  int order = 0;  // among the entries of the metadata; 0: where it stands in its source, after those that have one
  bool facet = false;
};

class Crosswalk;
using CrosswalkPtr = std::shared_ptr<const Crosswalk>;

class Crosswalk {
 public:
  static CrosswalkPtr standard();
  // With the rows of another table over it. What cannot be understood is named, and costs its row.
  CrosswalkPtr with(std::string_view csv, std::vector<TextProblem>& problems) const;

  const CrosswalkRow* find(std::string_view format, std::string_view field) const;
  // Entries whose label names the field they come from (field_label), under the labels of the table and in its order; those that it makes properties go into `description`.
  void publish(std::string_view format, std::vector<iiif::LabelValue> entries, iiif::Description& description) const;
  // Of all its rows.
  const std::string& token() const noexcept { return token_; }

 private:
  std::unordered_map<std::string, CrosswalkRow> rows_;  // by format, a space and field
  std::string token_;
};

// What an entry is called until the table names it: facts of files are kept so, that a change of the table needs no file.
iiif::LanguageMap field_label(std::string field);

std::string_view default_crosswalk() noexcept;

}  // namespace armarium::ingest
