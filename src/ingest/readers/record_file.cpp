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

// An answer of OAI-PMH 2.0: records in their envelopes.
FileProblems from_oai(const Node& root, const RecordSink& take) {
  FileProblems problems;
  for (const Node envelope : root.below(kOaiSpace, "record")) {
    const Node metadata = child_of(envelope, "metadata");
    for (const Node inside : metadata.children()) {
      auto record = one(inside);
      if (!record) {
        if (problems.size() < kMostRecordProblems)
          problems.push_back({inside.line(), fmt::format("Records in {} are not read.", inside.name())});
        continue;
      }
      record->identifier(at_path(envelope, "header/identifier").text());
      record->media_type = "application/xml";
      if (!take(std::move(*record))) return problems;
    }
  }
  return problems;
}

// Whether there was one.
bool from_xml(const Node& root, const RecordSink& take, FileProblems& problems) {
  bool any = false;
  const RecordSink counted = [&](Record record) {
    any = true;
    return take(std::move(record));
  };
  if (root.is(kOaiSpace, "OAI-PMH")) {
    problems = from_oai(root, counted);
  } else if (is_collection(root)) {
    for (const Node node : root.children()) {
      auto record = one(node);
      if (record && !counted(std::move(*record))) break;
    }
  } else if (auto record = one(root)) {
    counted(std::move(*record));
  }
  return any;
}

}  // namespace

std::optional<FileProblems> each_record(std::string_view bytes, const RecordSink& take, FileProblems* why) {
  if (is_iso2709(bytes)) {
    each_iso2709(bytes, [&](const MarcRecord& marc) { return take(marc_record(marc)); });
    return FileProblems();
  }
  const std::size_t first = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first != std::string_view::npos && bytes[first] == '{') {
    auto record = linked_art_record(bytes.substr(first));
    if (!record) return std::nullopt;
    take(std::move(*record));
    return FileProblems();
  }
  const auto document = xml::Document::parse(bytes);
  if (!document) {
    if (why != nullptr) why->push_back({document.error().line, document.error().reason});
    return std::nullopt;
  }
  FileProblems problems;
  if (!from_xml(document->root(), take, problems)) return std::nullopt;
  for (const xml::Fault& note : document->notes()) problems.push_back({note.line, note.reason});
  return problems;
}

std::string simplified_number(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (letter) {
      out += c;
    } else if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c + 32);
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
  }
  while (out.ends_with('_')) out.pop_back();
  return out;
}

std::optional<RecordFile> records_of(const Node& root) {
  RecordFile file;
  const RecordSink take = [&](Record record) {
    file.records.push_back(std::move(record));
    return true;
  };
  if (!root || !from_xml(root, take, file.problems)) return std::nullopt;
  return file;
}

std::optional<RecordFile> read_record_file(std::string_view bytes) {
  RecordFile file;
  auto problems = each_record(bytes, [&](Record record) {
    file.records.push_back(std::move(record));
    return true;
  });
  if (!problems) return std::nullopt;
  file.problems = std::move(*problems);
  return file;
}

}  // namespace armarium::ingest::readers
