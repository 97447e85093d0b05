#pragma once
// Files of records, told apart by what they hold and not by their name: root element and namespace, leader, context. Pure; any thread.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/readers/record.h"
#include "xml/document.h"

namespace armarium::ingest::readers {

// Gets the records one after the other; false: enough.
using RecordSink = std::function<bool(Record)>;

// What a file is that could be read: nothing but what is wrong with it as a whole. Those of a record are with it.
using FileProblems = std::vector<TextProblem>;

// Nothing where the bytes are no XML, no ISO 2709 and no Linked Art, or hold none of these formats: the readers of METS, EAD and texts are asked elsewhere. `why` gets what is wrong with XML that
// cannot be read.
std::optional<FileProblems> each_record(std::string_view bytes, const RecordSink& take, FileProblems* why = nullptr);

// What two spellings of a number have in common: letters and digits in small letters, all else one sign. "Ms 7/1" and "ms_7_1" are the same.
std::string simplified_number(std::string_view text);

struct RecordFile {
  std::vector<Record> records{};
  FileProblems problems{};
};
// All at once, of a file or of an element.
std::optional<RecordFile> read_record_file(std::string_view bytes);
std::optional<RecordFile> records_of(const xml::Node& root);

}  // namespace armarium::ingest::readers
