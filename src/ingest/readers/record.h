#pragma once
// One record of a catalogue (MODS, MARC, LIDO …) as its reader gives it: fields by name in the order of the record, and what has a place of its own in a document. Fields get their labels, their
// order and their properties from the crosswalk, not from the reader. Values; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "iiif/description.h"
#include "ingest/crosswalk.h"
#include "ingest/info_yml.h"
#include "json/json.h"

namespace armarium::ingest::readers {

struct RecordField {
  std::string
      name{};  // "title", "role aut", "note provenance": a row of the crosswalk; where there is none, the first word
  std::string value{};  // plain text
  std::string language = "none";
  std::string codes{};  // the list of which `value` is a code: "language", "type"
  std::string label{};  // what the record itself calls it (displayLabel of MODS)
};

struct Record {
  std::string format{};                    // of the crosswalk: "mods"
  std::string profile{};                   // URI of the schema, for seeAlso
  std::string media_type{};                // of the file
  std::vector<std::string> identifiers{};  // by which a folder or an item may be known
  std::vector<RecordField> fields{};
  std::string nav_date{};  // xsd:dateTime; empty where no date is certain
  std::string rights{};    // URI of creativecommons.org or rightsstatements.org
  json::Value nav_place{};
  std::vector<TextProblem> problems{};
  int line = 0;           // where it begins; of ISO 2709 which record of its file
  bool has_text = false;  // of TEI: there is a text below the header

  // Whitespace is collapsed; nothing is added that is empty, that stands there already, or past the limits.
  void add(std::string_view name, std::string_view value, std::string_view language = "none");
  void add(RecordField field);
  // The first certain date of the record is its navDate: call in the order of preference.
  void date(std::string_view text);
  void identifier(std::string_view text);
  // The first of these that is, holds or names a known URI becomes `rights`.
  void rights_from(std::string_view text);
  // A statement about rights with its address: both as above; the words stay a field of that name.
  void rights_statement(std::string_view name, std::string_view text, std::string_view uri = {},
                        std::string_view language = "none");
  // A GeoJSON geometry with what it is called.
  void place(json::Object geometry, std::string_view label = {});
  void problem(int at, std::string reason);
  bool has(std::string_view name) const;
};

inline constexpr std::size_t kMostFields = 1'000;
inline constexpr std::size_t kLongestValue = 64U << 10;
inline constexpr std::size_t kMostRecordProblems = 100;

// Spaces, line ends and tabs between words become one space; NFC; text that is no UTF-8 gets U+FFFD.
std::string collapsed(std::string_view text);

// The record as a description: labels, order and properties of the table. `origin` is what /status calls it: the name of the file.
iiif::Description publish(const Record& record, const Crosswalk& crosswalk, std::string_view origin);

}  // namespace armarium::ingest::readers
