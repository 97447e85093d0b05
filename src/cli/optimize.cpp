// armarium optimize PATH…: asks the running server to make delivery derivatives now; the sources stay as they are.

#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/control_socket.h"
#include "app/state_lookup.h"
#include "cli/commands.h"

namespace armarium::cli {
namespace {

struct OptimizeOptions {
  std::vector<std::string> paths;
  std::string state;
};

int optimize(const OptimizeOptions& options) {
  for (const std::string& path : options.paths) {
    auto found = app::find_served_folder(path, options.state);
    if (!found) return complain(found.error().message.c_str(), 1);
    json::Object request;
    request["command"] = "optimize";
    request["path"] = found->path;
    auto answer = app::ask_server(found->state, request);
    if (!answer) return complain(answer.error().message.c_str(), 1);
    fmt::print("{}: {}\n", path, *answer);
  }
  return 0;
}

}  // namespace

void add_optimize(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("optimize", "Have fast copies of slow pictures made in the state");
  auto options = std::make_shared<OptimizeOptions>();
  command->add_option("PATH", options->paths, "folders or files inside the served folder")->required();
  command->add_option("--state", options->state, "the state folder, where it is not found from PATH")
      ->option_text("DIR");
  command->callback([options, &chosen] { chosen = [options] { return optimize(*options); }; });
}

}  // namespace armarium::cli
