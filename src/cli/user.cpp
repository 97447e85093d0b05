// armarium user add|change|list|remove|forget|key: who may sign in. By the running server, or on its state when none runs.

#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/user_commands.h"
#include "cli/commands.h"
#include "cli/password.h"

namespace armarium::cli {
namespace {

struct UserOptions {
  std::string folder;
  std::string state;
  std::string name;
  std::vector<std::string> roles;
  std::vector<std::string> scopes;
  bool password = false;
  bool password_stdin = false;
  bool no_password = false;
  bool disable = false;
  bool enable = false;
  std::uint32_t days = 0;
  bool list = false;
  std::string revoke;
};
using OptionsPtr = std::shared_ptr<UserOptions>;

json::Object command(const char* action, const UserOptions& options) {
  json::Object request;
  request["command"] = "user";
  request["action"] = action;
  request["name"] = options.name;
  return request;
}

json::Array array_of(const std::vector<std::string>& words) {
  json::Array array;
  for (const std::string& word : words) array.emplace_back(word);
  return array;
}

int send(const UserOptions& options, const json::Object& request) {
  auto answer = app::send_user_command({options.folder, options.state}, request);
  if (!answer) return complain(answer.error().message.c_str(), 1);
  fmt::print("{}\n", *answer);
  return 0;
}

int add(const UserOptions& options) {
  json::Object request = command("add", options);
  request["roles"] = array_of(options.roles.empty() ? std::vector<std::string>{"editor"} : options.roles);
  if (!options.no_password) {
    auto password = read_password(options.password_stdin);
    if (!password) return complain(password.error().message.c_str(), 1);
    request["password"] = *password;
  }
  return send(options, request);
}

int change(const UserOptions& options) {
  json::Object request = command("change", options);
  if (!options.roles.empty()) request["roles"] = array_of(options.roles);
  if (options.disable || options.enable) request["disabled"] = options.disable;
  if (options.password || options.password_stdin) {
    auto password = read_password(options.password_stdin);
    if (!password) return complain(password.error().message.c_str(), 1);
    request["password"] = *password;
  }
  return send(options, request);
}

int key(const UserOptions& options) {
  if (options.list) return send(options, command("list-keys", options));
  if (!options.revoke.empty()) {
    json::Object request = command("revoke-key", options);
    request["id"] = options.revoke;
    return send(options, request);
  }
  json::Object request = command("add-key", options);
  request["scopes"] = array_of(options.scopes);
  request["days"] = static_cast<std::int64_t>(options.days);
  const int status = send(options, request);
  if (status == 0) fmt::print(stderr, "This key is shown once: it is kept as a hash only.\n");
  return status;
}

CLI::App* add_part(CLI::App* user, const char* name, const char* help, const OptionsPtr& options, bool named) {
  CLI::App* part = user->add_subcommand(name, help);
  if (named) part->add_option("NAME", options->name, "the name that signs in")->required();
  part->add_option("--folder", options->folder, "the served folder (default: at or above the current folder)")
      ->option_text("DIR");
  part->add_option("--state", options->state, "the state folder, where it is not found from the folder")
      ->option_text("DIR");
  return part;
}

void add_role(CLI::App* part, const OptionsPtr& options, const char* help) {
  part->add_option("--role", options->roles, help)->option_text("ROLE")->expected(1)->take_all();
}

}  // namespace

void add_user(CLI::App& app, Run& chosen) {
  CLI::App* user = app.add_subcommand("user", "Say who may sign in and write");
  user->require_subcommand(1);
  const auto options = std::make_shared<UserOptions>();
  const auto choose = [options, &chosen](CLI::App* part, int (*run)(const UserOptions&)) {
    part->callback([options, run, &chosen] { chosen = [options, run] { return run(*options); }; });
  };

  CLI::App* adding =
      add_part(user, "add", "Add a user; the password is asked for, or read from standard input", options, true);
  add_role(adding, options, "reader, contributor, reviewer, editor (default) or administrator; may be repeated");
  adding->add_flag("--password-stdin", options->password_stdin, "read the password from standard input");
  adding->add_flag("--no-password", options->no_password, "signs in by keys alone");
  choose(adding, add);

  CLI::App* changing =
      add_part(user, "change", "Change roles or password of a user, or shut a user out", options, true);
  add_role(changing, options, "the roles from now on, in place of those before; may be repeated");
  changing->add_flag("--password", options->password, "ask for a new password");
  changing->add_flag("--password-stdin", options->password_stdin, "read a new password from standard input");
  changing->add_flag("--disable", options->disable, "can sign in no more, neither by password nor by key");
  changing->add_flag("--enable", options->enable, "can sign in again")->excludes("--disable");
  choose(changing, change);

  choose(add_part(user, "list", "List the users", options, false),
         [](const UserOptions& o) { return send(o, command("list", o)); });
  choose(add_part(user, "remove", "Remove a user and the keys", options, true),
         [](const UserOptions& o) { return send(o, command("remove", o)); });
  choose(add_part(user, "forget", "Remove a user, and the name from everything that was kept", options, true),
         [](const UserOptions& o) { return send(o, command("forget", o)); });

  CLI::App* keys = add_part(user, "key", "Make a key for programs; it is shown once", options, true);
  keys->add_option("--scope", options->scopes,
                   "read, annotate, review, edit or administer; may be repeated (default: all that the user may)")
      ->option_text("SCOPE")
      ->expected(1)
      ->take_all();
  keys->add_option("--expires", options->days, "days until it ends (default: never)")
      ->option_text("DAYS")
      ->check(CLI::Range(1, 36'500));
  CLI::Option* listing = keys->add_flag("--list", options->list, "list the user's keys");
  keys->add_option("--revoke", options->revoke, "end the key of this id")->option_text("ID")->excludes(listing);
  choose(keys, key);
}

}  // namespace armarium::cli
