// armarium: the command line.

#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "app/config.h"
#include "app/version.h"
#include "cli/commands.h"

namespace {

int run(int argc, char** argv) {
  CLI::App app("Armarium serves a collection of pictures on IIIF.", "armarium");
  app.set_version_flag("--version", std::string("armarium ") + armarium::app::kVersion);
  app.require_subcommand(1);
  app.footer("armarium serve --help says more about serving.");
  armarium::cli::Run chosen;
  armarium::cli::add_serve(app, chosen);
  armarium::cli::add_rescan(app, chosen);
  armarium::cli::add_optimize(app, chosen);
  armarium::cli::add_check(app, chosen);
  armarium::cli::add_export(app, chosen);
  armarium::cli::add_user(app, chosen);
  armarium::cli::add_takedown(app, chosen);
  armarium::cli::add_backup(app, chosen);
  bool settings_page = false;
  app.add_subcommand("settings", "Print every setting as a Markdown table")->callback([&settings_page] {
    settings_page = true;
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ExtrasError& e) {
    // An option that is not there: say which one may have been meant.
    for (int i = 1; i < argc; ++i) {
      const std::string_view word = std::string_view(argv[i]).substr(0, std::string_view(argv[i]).find('='));
      if (!word.starts_with("--") || armarium::app::is_setting(word.substr(2))) continue;
      std::fprintf(stderr, "armarium: there is no option %.*s; did you mean --%s?\n", static_cast<int>(word.size()),
                   word.data(), std::string(armarium::app::nearest_key(word.substr(2))).c_str());
      return 2;
    }
    app.exit(e);
    return 2;
  } catch (const CLI::ParseError& e) {
    const int status = app.exit(e);
    return status == 0 ? 0 : 2;
  }
  if (settings_page) {
    std::fputs(armarium::app::settings_as_markdown().c_str(), stdout);
    return 0;
  }
  return chosen ? chosen() : 2;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    return armarium::cli::complain(e.what(), 1);
  }
}
