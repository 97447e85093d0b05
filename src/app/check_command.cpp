#include "app/check_command.h"

#include <ostream>

#include <fmt/format.h>

#include "json/writer.h"

namespace armarium::app {
namespace {

using check::Finding;
using check::Level;

std::string_view word_of(Level level) { return level == Level::must ? "must" : "should"; }

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

void print_text(const CheckedSource& source, std::ostream& out) {
  const check::Report& report = source.checked.report;
  out << fmt::format("{}: {}{}{}: ", source.name, source.checked.kind,
                     source.checked.specification.empty() ? "" : " of ", source.checked.specification);
  if (report.findings().empty()) {
    out << "nothing is wrong\n";
    return;
  }
  out << counted(report.count(Level::must), "fault") << ", " << counted(report.count(Level::should), "recommendation")
      << '\n';
  for (const Finding& finding : report.findings()) {
    out << fmt::format("  {:6} {}: {} ({})\n", word_of(finding.level), finding.path.empty() ? "document" : finding.path,
                       finding.message, finding.clause);
  }
  if (report.left_out() > 0) out << fmt::format("  and {} more of the same\n", report.left_out());
}

void write_json(const CheckedSource& source, json::Writer& writer) {
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

}  // namespace

base::Result<bool> run_check(const CheckOptions& options, std::ostream& out) {
  bool right = true;
  json::Writer writer;
  if (options.json) writer.begin_object().key("documents").begin_array();
  auto done = check_sources(options, [&](const CheckedSource& source) {
    const check::Report& report = source.checked.report;
    right = right && report.count(Level::must) == 0 && (!options.strict || report.count(Level::should) == 0);
    options.json ? write_json(source, writer) : print_text(source, out);
  });
  if (!done) return base::fail(std::move(done.error()));
  if (options.json) out << writer.end_array().end_object().take() << '\n';
  return right;
}

}  // namespace armarium::app
