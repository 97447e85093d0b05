// armarium rescan [PATH]: asks the running server to look again now.

#include <filesystem>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/control_socket.h"
#include "app/state_lookup.h"
#include "cli/commands.h"

namespace armarium::cli {
namespace {

struct RescanOptions {
  std::string path = ".";
  std::string state;
  bool accept_removals = false;
};

int rescan(const RescanOptions& options) {
  auto found = app::find_served_folder(options.path, options.state);
  if (!found) return complain(found.error().message.c_str(), 1);
  json::Object request;
  request["command"] = "rescan";
  request["path"] = found->path;
  request["accept_removals"] = options.accept_removals;
  auto answer = app::ask_server(found->state, request);
  if (!answer) return complain(answer.error().message.c_str(), 1);
  fmt::print("{}\n", *answer);
  return 0;
}

}  // namespace

void add_rescan(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("rescan", "Ask the running server to look through its folder again");
  auto options = std::make_shared<RescanOptions>();
  command->add_option("PATH", options->path, "a folder or file inside the served folder (default: the current folder)");
  command->add_option("--state", options->state, "the state folder, where it is not found from PATH")
      ->option_text("DIR");
  command->add_flag("--accept-removals", options->accept_removals, "unpublish what has vanished, however much it is");
  command->callback([options, &chosen] { chosen = [options] { return rescan(*options); }; });
}

}  // namespace armarium::cli
