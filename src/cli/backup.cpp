// armarium backup|restore|verify FILE: all that a state holds as one file, and back.

#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/backup_commands.h"
#include "cli/commands.h"

namespace armarium::cli {
namespace {

struct BackupOptions {
  std::string file;
  std::string folder;
  std::string state;
};

int say(const base::Result<std::string>& answer) {
  if (!answer) return complain(answer.error().message.c_str(), 1);
  fmt::print("{}\n", *answer);
  return 0;
}

int send(const char* command, const BackupOptions& options) {
  std::error_code failed;
  json::Object request;
  request["command"] = command;
  request["file"] = std::filesystem::absolute(options.file, failed).lexically_normal().string();
  return say(app::send_backup_command(options.folder, options.state, request));
}

void add_one(CLI::App& app, Run& chosen, const char* name, const char* help) {
  CLI::App* command = app.add_subcommand(name, help);
  auto options = std::make_shared<BackupOptions>();
  command->add_option("FILE", options->file, "a tar file on the machine of the server")->required();
  command->add_option("--folder", options->folder, "the served folder (default: at or above the current folder)")
      ->option_text("DIR");
  command->add_option("--state", options->state, "the state folder, where it is not found from the folder")
      ->option_text("DIR");
  command->callback([options, name, &chosen] { chosen = [options, name] { return send(name, *options); }; });
}

}  // namespace

void add_backup(CLI::App& app, Run& chosen) {
  add_one(app, chosen, "backup", "Keep all that the server knows as one file; it goes on meanwhile");
  add_one(app, chosen, "restore", "Put a backup in the place of all that the server knows");
  CLI::App* command = app.add_subcommand("verify", "Read a backup, and restore it for a try");
  auto file = std::make_shared<std::string>();
  command->add_option("FILE", *file, "what armarium backup made")->required();
  command->callback([file, &chosen] { chosen = [file] { return say(app::verify_backup(*file)); }; });
}

}  // namespace armarium::cli
