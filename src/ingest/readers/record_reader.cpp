#include "ingest/readers/record_reader.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "ingest/grammar.h"
#include "ingest/identifiers.h"
#include "ingest/readers/iso2709.h"
#include "ingest/readers/record_file.h"
#include "ingest/record_table.h"

namespace armarium::ingest::readers {
namespace {

constexpr std::size_t kMostNamed = 20;  // records without a place that are named one by one
constexpr std::size_t kMostRecords = 500'000;

struct Format {
  std::string_view format;
  std::string_view label;
};
constexpr std::array<Format, 8> kFormats = {{{"mods", "MODS"},
                                             {"marc", "MARC 21"},
                                             {"dc", "Dublin Core"},
                                             {"lido", "LIDO"},
                                             {"eac-cpf", "EAC-CPF"},
                                             {"pbcore", "PBCore"},
                                             {"tei", "TEI"},
                                             {"linked-art", "Linked Art"}}};

bool holds(std::string_view bytes, std::string_view text) { return bytes.find(text) != std::string_view::npos; }

// The pictures of the folder by what a record may call them; empty where two would be.
std::map<std::string, std::string> pictures_by_name(const SourceFile& file) {
  std::map<std::string, std::string> out;
  for (const std::string& below : file.files) {
    const NameKind kind = kind_of(name_of(below));
    if (kind != NameKind::picture) continue;
    const std::string stem(stem_of(name_of(below)));
    for (const std::string& name : {simplified_number(stem), simplified_number(name_of(below))}) {
      const auto [found, fresh] = out.emplace(name, stem);
      if (!fresh && found->second != stem) found->second.clear();
    }
  }
  return out;
}

bool is_table(std::string_view name) {
  return std::find(std::begin(kRecordTables), std::end(kRecordTables), name) != std::end(kRecordTables);
}

// Whether a picture stands beside the file under its name, and there are others.
bool is_text_of_a_page(const SourceFile& file) {
  std::size_t pictures = 0;
  bool own = false;
  for (const std::string& below : file.files) {
    if (kind_of(name_of(below)) != NameKind::picture) continue;
    ++pictures;
    own = own || stem_of(name_of(below)) == stem_of(name_of(file.name));
  }
  return own && pictures > 1;
}

// Takes the records as they come: the first may be the only one.
class Placer {
 public:
  Placer(const SourceFile& file, Described& out) : file_(file), out_(out) {}
  bool take(Record record);
  void finish();

 private:
  void describe(const Record& record);
  void place(const Record& record);
  void tell(const Record& record);

  const SourceFile& file_;
  Described& out_;
  std::optional<Record> first_;
  std::map<std::string, std::string> pictures_;
  std::set<std::string> folders_;  // of a table of records: those below
  std::size_t count_ = 0;
  std::size_t left_ = 0;
  std::vector<FileProblem> without_;
};

void Placer::tell(const Record& record) {
  for (const TextProblem& problem : record.problems) {
    if (out_.problems.size() < kMostRecordProblems) out_.problems.push_back({{}, problem.line, problem.reason});
  }
}

// What the file is, by its first record.
void Placer::describe(const Record& record) {
  for (const Format& format : kFormats) {
    if (record.format == format.format) out_.label = iiif::LanguageMap::none(std::string(format.label));
  }
  out_.media_type = record.media_type;
  out_.profile = record.profile;
}

void Placer::place(const Record& record) {
  const auto named = std::find_if(record.identifiers.begin(), record.identifiers.end(), [&](const std::string& number) {
    const auto picture = pictures_.find(simplified_number(number));
    return picture != pictures_.end() && !picture->second.empty();
  });
  if (named != record.identifiers.end()) {
    tell(record);
    out_.of_files.emplace_back(pictures_.find(simplified_number(*named))->second,
                               publish(record, file_.crosswalk, file_.name));
    return;
  }
  const bool of_folder =
      std::any_of(record.identifiers.begin(), record.identifiers.end(),
                  [&](const std::string& number) { return folders_.contains(simplified_number(number)); });
  if (of_folder) return tell(record);  // ingest/record_table.h reads it there
  ++left_;
  if (without_.size() >= kMostNamed) return;
  const std::string number = record.identifiers.empty() ? "without a number" : record.identifiers.front();
  without_.push_back(
      {{}, is_iso2709(file_.bytes) ? 0 : record.line, fmt::format("The record {} has no place.", number)});
}

bool Placer::take(Record record) {
  if (++count_ == 1) {
    describe(record);
    first_ = std::move(record);
    return true;
  }
  if (count_ == 2) {
    pictures_ = pictures_by_name(file_);
    if (is_table(file_.name)) {
      for (const std::string& folder : file_.folders) folders_.insert(simplified_number(folder));
    }
    place(*first_);
  }
  place(record);
  return count_ < kMostRecords;
}

void Placer::finish() {
  if (count_ == 1) {
    tell(*first_);
    if (first_->format != "tei" || !first_->has_text || !is_text_of_a_page(file_))
      out_.record = publish(*first_, file_.crosswalk, file_.name);
  }
  if (count_ >= kMostRecords)
    out_.problems.push_back({{}, 0, fmt::format("Only the first {} records are read.", count_)});
  if (left_ == 0) return;
  out_.problems.push_back(
      {{},
       0,
       fmt::format("{} of {} records belong to no picture here. A record finds its picture by a number of its own that "
                   "is the picture's name, alone in a file that is called like the picture, or alone in the folder of "
                   "its item; in records.xml or records.mrc it finds the folder that is called like its number.",
                   left_, count_)});
  out_.problems.insert(out_.problems.end(), without_.begin(), without_.end());
}

}  // namespace

bool claims_records(const Head& head) {
  if (is_iso2709(head.bytes)) return true;
  if (head.root.name.empty()) {
    const std::size_t first = head.bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    return first != std::string_view::npos && head.bytes[first] == '{' && holds(head.bytes, "linked.art/ns/");
  }
  const std::string_view name = head.root.name;
  const std::string_view space = head.root.space;
  if (name == "mods" || name == "modsCollection") return space.starts_with("http://www.loc.gov/mods") || space.empty();
  if (name == "collection" || name == "record")
    return space == "http://www.loc.gov/MARC21/slim" ||
           (holds(head.bytes, "<leader") && holds(head.bytes, "<controlfield")) ||
           holds(head.bytes, "http://purl.org/dc/");
  if (space == "http://www.lido-schema.org") return name == "lido" || name == "lidoWrap";
  if (name == "eac-cpf" || (name == "eac" && holds(space, "eac"))) return true;
  if (name == "pbcoreDescriptionDocument" || name == "pbcoreCollection") return true;
  if (name == "TEI" || name == "TEI.2" || name == "teiCorpus") return holds(head.bytes, "teiHeader");
  if (name == "OAI-PMH") {
    return holds(head.bytes, "http://www.loc.gov/mods") || holds(head.bytes, "/oai_dc/") ||
           holds(head.bytes, "http://www.loc.gov/MARC21/slim") || holds(head.bytes, "http://www.lido-schema.org") ||
           holds(head.bytes, "http://purl.org/dc/");
  }
  // Any other root that holds Dublin Core. What other readers and readers of texts know is not for this one.
  constexpr std::array<std::string_view, 14> kOthers = {"mets", "ead",  "alto", "PcGts", "html", "svg",     "xmpmeta",
                                                        "rss",  "feed", "kml",  "gpx",   "OPF",  "package", "mdWrap"};
  if (std::find(kOthers.begin(), kOthers.end(), name) != kOthers.end()) return false;
  return holds(head.bytes, "http://purl.org/dc/elements/1.1/") || holds(head.bytes, "http://purl.org/dc/terms/");
}

Described read_records(const SourceFile& file) {
  Described out;
  FileProblems why;
  Placer placer(file, out);
  auto problems = each_record(
      file.bytes, [&](Record record) { return placer.take(std::move(record)); }, &why);
  placer.finish();
  if (problems) why = std::move(*problems);
  for (TextProblem& problem : why) out.problems.push_back({{}, problem.line, std::move(problem.reason)});
  return out;
}

}  // namespace armarium::ingest::readers
