#pragma once
// Files of records, told apart by what they hold and not by their name: root element and namespace, leader, context. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/readers/record.h"
#include "xml/document.h"

namespace armarium::ingest::readers {

struct RecordFile {
  std::vector<Record> records{};
  std::vector<TextProblem> problems{};  // of the file as a whole; those of a record are with it
};

inline constexpr std::size_t kMostRecords = 100'000;

// Nothing where the element is none of these formats: the readers of METS, EAD and texts are asked elsewhere.
std::optional<RecordFile> records_of(const xml::Node& root);

// Whether a file that begins so may be a file of records: cheap, and never wrong in saying no.
bool may_hold_records(std::string_view head);
// All of a file: XML, ISO 2709 or Linked Art. Nothing where it is none of them.
std::optional<RecordFile> read_record_file(std::string_view bytes);

}  // namespace armarium::ingest::readers
