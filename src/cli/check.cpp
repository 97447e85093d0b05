// armarium check FILE|FOLDER|ADDRESS…: says in plain words what is wrong with IIIF documents.

#include <iostream>

#include <CLI/CLI.hpp>

#include "app/check_command.h"
#include "cli/commands.h"

namespace armarium::cli {
namespace {

int check(const app::CheckOptions& options) {
  auto right = app::run_check(options, std::cout);
  if (!right) return complain(right.error().message.c_str(), 1);
  return *right ? 0 : 1;
}

}  // namespace

void add_check(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("check", "Check IIIF documents, and say in plain words what is wrong");
  auto options = std::make_shared<app::CheckOptions>();
  command
      ->add_option("SOURCE", options->sources, "files, folders of JSON files, addresses, or - for the standard input")
      ->required();
  command->add_flag("--json", options->json, "the findings as JSON");
  command->add_flag("--strict", options->strict, "exit status 1 for what should be otherwise, too");
  command->add_flag("--follow", options->follow, "from an address go on to the documents of its host that it leads to");
  command->add_option("--most", options->most, "documents that --follow may ask for")->capture_default_str();
  command->callback([options, &chosen] { chosen = [options] { return check(*options); }; });
}

}  // namespace armarium::cli
