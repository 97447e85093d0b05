#include "app/check_command.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "check/check.h"
#include "json/writer.h"

namespace armarium::app {
namespace {

namespace fs = std::filesystem;
using check::Finding;
using check::Level;

constexpr std::uintmax_t kLargestFile = std::uintmax_t{256} << 20;

struct Source {
  std::string name;
  check::Checked checked;
};

base::Result<std::string> read_file(const fs::path& path) {
  std::error_code failed;
  if (const auto size = fs::file_size(path, failed); !failed && size > kLargestFile)
    return base::fail(base::ErrorCode::too_large, fmt::format("{} is larger than 256 MB.", path.string()));
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::fail(base::ErrorCode::io, fmt::format("{} cannot be read.", path.string()));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// The JSON files of a folder and of those below it, by name.
std::vector<fs::path> json_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  fs::recursive_directory_iterator walk(folder, fs::directory_options::skip_permission_denied, failed);
  for (; !failed && walk != fs::recursive_directory_iterator(); walk.increment(failed)) {
    const fs::path& path = walk->path();
    if (path.filename().string().starts_with('.')) {
      if (walk->is_directory(failed)) walk.disable_recursion_pending();
      continue;
    }
    const std::string ending = path.extension().string();
    if ((ending == ".json" || ending == ".jsonld") && walk->is_regular_file(failed)) files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  return files;
}

base::Result<std::vector<Source>> check_all(const std::vector<std::string>& names) {
  std::vector<Source> out;
  for (const std::string& name : names) {
    if (name == "-") {
      const std::string text(std::istreambuf_iterator<char>(std::cin), {});
      out.push_back({name, check::check_text(text)});
      continue;
    }
    std::error_code failed;
    const bool folder = fs::is_directory(name, failed);
    for (const fs::path& path : folder ? json_files(name) : std::vector<fs::path>{name}) {
      auto text = read_file(path);
      if (!text) return base::fail(std::move(text.error()));
      out.push_back({path.string(), check::check_text(*text)});
    }
  }
  return out;
}

std::string_view word_of(Level level) { return level == Level::must ? "must" : "should"; }

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

void print_text(const std::vector<Source>& sources, std::ostream& out) {
  for (const Source& source : sources) {
    const check::Report& report = source.checked.report;
    out << fmt::format("{}: {}{}{}: ", source.name, source.checked.kind,
                       source.checked.specification.empty() ? "" : " of ", source.checked.specification);
    if (report.findings().empty()) {
      out << "nothing is wrong\n";
      continue;
    }
    out << counted(report.count(Level::must), "fault") << ", " << counted(report.count(Level::should), "recommendation")
        << '\n';
    for (const Finding& finding : report.findings()) {
      out << fmt::format("  {:6} {}: {} ({})\n", word_of(finding.level),
                         finding.path.empty() ? "document" : finding.path, finding.message, finding.clause);
    }
    if (report.left_out() > 0) out << fmt::format("  and {} more of the same\n", report.left_out());
  }
}

void print_json(const std::vector<Source>& sources, std::ostream& out) {
  json::Writer writer;
  writer.begin_object().key("documents").begin_array();
  for (const Source& source : sources) {
    const check::Report& report = source.checked.report;
    writer.begin_object().member("source", source.name).member("kind", source.checked.kind);
    writer.member("version", source.checked.specification).member("left_out", report.left_out());
    writer.key("findings").begin_array();
    for (const Finding& finding : report.findings()) {
      writer.begin_object().member("level", word_of(finding.level)).member("clause", finding.clause);
      writer.member("path", finding.path).member("message", finding.message).end_object();
    }
    writer.end_array().end_object();
  }
  writer.end_array().end_object();
  out << writer.take() << '\n';
}

}  // namespace

base::Result<bool> run_check(const CheckOptions& options, std::ostream& out) {
  auto sources = check_all(options.sources);
  if (!sources) return base::fail(std::move(sources.error()));
  options.json ? print_json(*sources, out) : print_text(*sources, out);
  return std::all_of(sources->begin(), sources->end(), [&](const Source& source) {
    const check::Report& report = source.checked.report;
    return report.count(Level::must) == 0 && (!options.strict || report.count(Level::should) == 0);
  });
}

}  // namespace armarium::app
