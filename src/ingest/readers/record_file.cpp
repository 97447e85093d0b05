#include "ingest/readers/record_file.h"

#include <utility>

#include <fmt/format.h>

#include "ingest/readers/dublin_core.h"
#include "ingest/readers/eac.h"
#include "ingest/readers/iso2709.h"
#include "ingest/readers/lido.h"
#include "ingest/readers/linked_art.h"
#include "ingest/readers/marc.h"
#include "ingest/readers/marcxml.h"
#include "ingest/readers/mods.h"
#include "ingest/readers/pbcore.h"
#include "ingest/readers/tei_header.h"
#include "ingest/readers/xml_parts.h"

namespace armarium::ingest::readers {
namespace {

using xml::Node;

constexpr std::string_view kOaiSpace = "http://www.openarchives.org/OAI/2.0/";
constexpr std::string_view kRdfSpace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

// One record, by its root.
std::optional<Record> one(const Node& node) {
  if (is_mods(node)) return mods_record(node);
  if (is_marcxml(node)) {
    Record record = marc_record(marcxml_record(node));
    record.media_type = "application/marcxml+xml";
    return record;
  }
  if (is_lido(node)) return lido_record(node);
  if (is_eac(node)) return eac_record(node);
  if (is_pbcore(node)) return pbcore_record(node);
  if (is_tei(node)) return tei_record(node);
  if (is_dublin_core(node)) return dublin_core_record(node);
  return std::nullopt;
}

// Roots that hold records.
bool is_collection(const Node& node) {
  const std::string_view name = node.name();
  return name == "modsCollection" || name == "lidoWrap" || name == "pbcoreCollection" || name == "teiCorpus" ||
         (name == "collection" &&
          (node.space() == "http://www.loc.gov/MARC21/slim" || is_marcxml(*node.children().begin()))) ||
         (name == "RDF" && node.space() == kRdfSpace);
}

void add(RecordFile& file, Record record) {
  if (file.records.size() < kMostRecords) {
    file.records.push_back(std::move(record));
  } else if (file.problems.empty()) {
    file.problems.push_back({record.line, fmt::format("Only the first {} records are read.", kMostRecords)});
  }
}

// An answer of OAI-PMH 2.0: records in their envelopes.
RecordFile from_oai(const Node& root) {
  RecordFile file;
  for (const Node envelope : root.below(kOaiSpace, "record")) {
    const Node metadata = child_of(envelope, "metadata");
    for (const Node inside : metadata.children()) {
      auto record = one(inside);
      if (!record) {
        file.problems.push_back({inside.line(), fmt::format("Records in {} are not read.", inside.name())});
        continue;
      }
      record->identifier(at_path(envelope, "header/identifier").text());
      record->media_type = "application/xml";
      add(file, std::move(*record));
    }
  }
  return file;
}

}  // namespace

std::optional<RecordFile> records_of(const Node& root) {
  if (!root) return std::nullopt;
  if (root.is(kOaiSpace, "OAI-PMH")) {
    RecordFile file = from_oai(root);
    if (file.records.empty()) return std::nullopt;
    return file;
  }
  RecordFile file;
  if (is_collection(root)) {
    for (const Node node : root.children()) {
      if (auto record = one(node)) add(file, std::move(*record));
    }
    if (file.records.empty()) return std::nullopt;
    return file;
  }
  auto record = one(root);
  if (!record) return std::nullopt;
  add(file, std::move(*record));
  return file;
}

bool may_hold_records(std::string_view head) {
  if (is_iso2709(head)) return true;
  const std::size_t first = head.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == std::string_view::npos) return false;
  return head[first] == '<' || head[first] == '{' || head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF");
}

std::optional<RecordFile> read_record_file(std::string_view bytes) {
  if (is_iso2709(bytes)) {
    MarcFile marc = read_iso2709(bytes);
    RecordFile file;
    file.problems = std::move(marc.problems);
    for (const MarcRecord& record : marc.records) add(file, marc_record(record));
    return file;
  }
  const std::size_t first = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first != std::string_view::npos && bytes[first] == '{') {
    auto record = linked_art_record(bytes.substr(first));
    if (!record) return std::nullopt;
    RecordFile file;
    add(file, std::move(*record));
    return file;
  }
  auto document = xml::Document::parse(bytes);
  if (!document) return std::nullopt;
  auto file = records_of(document->root());
  if (!file) return std::nullopt;
  for (const xml::Fault& note : document->notes()) file->problems.push_back({note.line, note.reason});
  return file;
}

}  // namespace armarium::ingest::readers
