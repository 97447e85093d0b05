// armarium takedown ID: out of every address, list and derivative. By the running server, or on its state when none runs.

#include <memory>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/takedown_commands.h"
#include "cli/commands.h"

namespace armarium::cli {
namespace {

struct TakedownOptions {
  std::string id;
  std::string reason;
  std::string folder;
  std::string state;
  bool list = false;
  bool lift = false;
};

int takedown(const TakedownOptions& options) {
  if (!options.list && options.id.empty())
    return complain("say what: armarium takedown ID, or armarium takedown --list", 2);
  json::Object request;
  request["command"] = "takedown";
  request["action"] = options.list ? "list" : options.lift ? "lift" : "take";
  request["id"] = options.id;
  request["reason"] = options.reason;
  auto answer = app::send_takedown_command(options.folder, options.state, request);
  if (!answer) return complain(answer.error().message.c_str(), 1);
  fmt::print("{}\n", *answer);
  return 0;
}

}  // namespace

void add_takedown(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("takedown", "Take an item, a Canvas or a file out of everything");
  auto options = std::make_shared<TakedownOptions>();
  command->add_option("ID", options->id, "an identifier, or an address on the server that names it");
  CLI::Option* reason =
      command->add_option("--reason", options->reason, "said to everybody who asks for it (default: nothing)");
  reason->option_text("TEXT");
  CLI::Option* list = command->add_flag("--list", options->list, "list what is taken down")->excludes(reason);
  command->add_flag("--lift", options->lift, "let it be published again")->excludes(list)->excludes(reason);
  command->add_option("--folder", options->folder, "the served folder (default: at or above the current folder)")
      ->option_text("DIR");
  command->add_option("--state", options->state, "the state folder, where it is not found from the folder")
      ->option_text("DIR");
  command->callback([options, &chosen] { chosen = [options] { return takedown(*options); }; });
}

}  // namespace armarium::cli
