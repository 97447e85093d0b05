#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/uri.h"
#include "ingest/grammar.h"
#include "ingest/identifiers.h"
#include "ingest/readers/mets.h"
#include "ingest/readers/reader.h"
#include "ingest/readers/record_reader.h"

namespace armarium::ingest::readers {
namespace {

constexpr std::array kReaders = {
    kMetsReader,
    kRecordReader,  // last: some of its formats are known by little
};

constexpr std::array<std::string_view, 17> kExtensions = {"xml", "marcxml", "mets", "mods", "mrc",   "marc",
                                                          "mrx", "mrk",     "dat",  "ead",  "lido",  "dc",
                                                          "rdf", "tei",     "eac",  "json", "jsonld"};

std::string own_id(std::string_view kind, std::string_view name) {
  return std::string(kOwnBase) + '/' + std::string(kind) + '/' + base::encode_segment(name);
}

}  // namespace

std::string part_id(std::string_view kind, std::string_view name) { return own_id(kind, name); }
std::string file_id(std::string_view below) { return own_id("file", below); }
std::string folder_id(std::string_view below) { return own_id("folder", below); }

bool SourceFile::has(std::string_view below) const { return std::binary_search(files.begin(), files.end(), below); }

std::span<const Reader> all_readers() { return kReaders; }

bool may_describe(std::string_view name) {
  const std::string_view last = name_of(name);
  if (is_written_name(last) || kind_of(last) == NameKind::description) return false;
  return std::find(kExtensions.begin(), kExtensions.end(), extension_of(last)) != kExtensions.end();
}

const Reader* reader_of(std::string_view name, std::string_view head) {
  const Head asked{name, head, xml::sniff(base::as_bytes(head))};
  for (const Reader& reader : kReaders) {
    if (reader.claims(asked)) return &reader;
  }
  return nullptr;
}

}  // namespace armarium::ingest::readers
