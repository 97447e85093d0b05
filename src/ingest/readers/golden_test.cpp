// Records of institutions as they are, against expectations that were written by hand: tests/golden/records/*.txt, of files in tests/fixtures/records. Files that may not be given on lie beside the repository
// (ARMARIUM_TEST_DATA, else ../shared/data); without them their expectations are passed over.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ingest/readers/record_file.h"

namespace armarium::ingest::readers {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = "tests/golden/records";
const fs::path kFiles = "tests/fixtures/records";

std::string text_of_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

// "First@de | Second".
std::string values_of(const iiif::LanguageMap& map) {
  std::string out;
  for (const auto& [language, values] : map.entries()) {
    for (const std::string& value : values)
      out += fmt::format("{}{}{}", out.empty() ? "" : " | ", value, language == "none" ? "" : "@" + language);
  }
  return out;
}

// The lines of an expectation that a description would have.
std::vector<std::string> lines_of(const iiif::Description& shown, const Record& record) {
  std::vector<std::string> out;
  out.push_back("label = " + values_of(shown.label));
  if (!shown.summary.empty()) out.push_back("summary = " + values_of(shown.summary));
  if (!shown.nav_date.empty()) out.push_back("navDate = " + shown.nav_date);
  if (!shown.rights.empty()) out.push_back("rights = " + shown.rights);
  if (shown.nav_place.is_object()) {
    for (const json::Value& feature : shown.nav_place.at("features").get_array())
      out.push_back("place = " + json::to_text(feature.at("geometry")));
  }
  for (const iiif::LabelValue& entry : shown.metadata)
    out.push_back(fmt::format("{}: {}", entry.label.best("en").value, values_of(entry.value)));
  for (const TextProblem& problem : record.problems) out.push_back("problem = " + problem.reason);
  return out;
}

struct Expectation {
  std::string file;
  std::size_t record = 1;
  std::vector<std::string> lines;
};

std::vector<Expectation> read_expectations(const fs::path& path) {
  std::vector<Expectation> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("file ")) {
      out.push_back({.file = line.substr(5)});
    } else if (line.starts_with("record ")) {
      if (!out.back().lines.empty()) out.push_back({.file = out.back().file});
      out.back().record = std::strtoul(line.c_str() + 7, nullptr, 10);
    } else {
      out.back().lines.push_back(line);
    }
  }
  return out;
}

// A line that ends in "…" says how one begins.
bool agrees(const std::string& expected, const std::string& found) {
  constexpr std::string_view kMore = "\u2026";
  if (!expected.ends_with(kMore)) return expected == found;
  return found.starts_with(expected.substr(0, expected.size() - kMore.size()));
}

void compare(const Expectation& expected, const Record& record) {
  const auto found = lines_of(publish(record, *Crosswalk::standard(), "record"), record);
  for (std::size_t i = 0; i < std::max(found.size(), expected.lines.size()); ++i) {
    const std::string left = i < expected.lines.size() ? expected.lines[i] : "(nothing)";
    const std::string right = i < found.size() ? found[i] : "(nothing)";
    if (agrees(left, right)) continue;
    ADD_FAILURE() << expected.file << ", record " << expected.record << "\n  expected " << left << "\n  found    "
                  << right;
  }
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, SaysWhatWasWritten) {
  const char* named = std::getenv("ARMARIUM_TEST_DATA");
  const fs::path shared = named != nullptr ? fs::path(named) : fs::path("../shared/data");
  std::size_t compared = 0;
  for (const Expectation& expected : read_expectations(kFolder / (GetParam() + ".txt"))) {
    const bool own = expected.file.find('/') == std::string::npos;
    const fs::path path = (own ? kFiles : shared) / expected.file;
    if (!fs::exists(path)) {
      ASSERT_FALSE(own) << path;
      continue;
    }
    const auto file = read_record_file(text_of_file(path));
    ASSERT_TRUE(file.has_value()) << path;
    ASSERT_GE(file->records.size(), expected.record) << path;
    compare(expected, file->records[expected.record - 1]);
    ++compared;
  }
  if (compared == 0) GTEST_SKIP() << "None of the files is here.";
}

INSTANTIATE_TEST_SUITE_P(Records, Golden,
                         testing::Values("mods", "marc", "lido", "eac", "pbcore", "tei", "linked_art", "dublin_core"),
                         [](const auto& one) { return one.param; });

}  // namespace
}  // namespace armarium::ingest::readers
