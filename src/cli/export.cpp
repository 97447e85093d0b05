// armarium export FOLDER: the folder as a static site for any web server (--to), and its records in open formats (--records).

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <mutex>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/export_command.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/settings.h"

namespace armarium::cli {
namespace {

constexpr const char* kUsualPlace = "http://localhost:8000";

struct ExportArguments {
  std::string folder;
  app::ExportOptions options;
  SettingsGiven given;
};

int say(const app::ExportReport& report, const app::Config& config, bool named) {
  if (report.records) {
    fmt::print("{} items, {} versions and {} changes are in the records\n", report.records->items,
               report.records->versions, report.records->changes);
  }
  if (!report.site) return 0;
  for (const std::string& problem : report.site->problems) fmt::print(stderr, "armarium: left out: {}\n", problem);
  if (report.kept_earlier)
    return complain("the earlier site stays, since the new one is not whole; --incomplete puts it in its place", 1);
  fmt::print("{} documents, {} images and {} pages in {} files, {} MB\n", report.site->documents, report.site->images,
             report.site->pages, report.files, (report.bytes + 500'000) / 1'000'000);
  fmt::print("The site is made for {}/{}\n", config.public_url, named ? "" : "; --public-url says where it will be");
  return report.site->problems.empty() ? 0 : 1;
}

int run(ExportArguments arguments) {
  if (arguments.options.to.empty() && arguments.options.records.empty())
    return complain("export writes a site (--to DIR), records (--records DIR), or both", 2);
  auto config = load_settings(arguments.given);
  if (!config) return complain(config.error().message.c_str(), 2);
  const bool named = !config->public_url.empty();
  if (!named) config->public_url = kUsualPlace;
  config->folder = arguments.folder;
  base::log::configure(config->log_level, config->log_format);

  std::mutex mutex;
  const bool shows = ::isatty(STDERR_FILENO) != 0;
  if (shows) {
    arguments.options.progress = [&mutex](const std::string& line) {
      const std::lock_guard lock(mutex);
      fmt::print(stderr, "\r\033[K{}", line);
      std::fflush(stderr);
    };
  }
  std::error_code failed;
  auto report = app::run_export(*config, arguments.options, std::filesystem::read_symlink("/proc/self/exe", failed));
  if (shows) fmt::print(stderr, "\r\033[K");
  if (!report) return complain(report.error().message.c_str(), 1);
  return say(*report, *config, named);
}

}  // namespace

void add_export(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("export", "Make a static site of a folder, or write out its records");
  auto arguments = std::make_shared<ExportArguments>();
  command->add_option("FOLDER", arguments->folder, "the folder")->required();
  command->add_option("--to", arguments->options.to, "where the static site is written to")->option_text("DIR");
  command
      ->add_option("--records", arguments->options.records,
                   "where items, history and change log are written to, as JSON Lines and CSV")
      ->option_text("DIR");
  command->add_flag("--replace", arguments->options.replace, "put them in the place of an earlier export");
  command->add_flag("--incomplete", arguments->options.incomplete,
                    "with --replace: also where something had to be left out");
  add_settings(*command, arguments->given);
  command->callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace armarium::cli
