#include "app/user_commands.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/control_socket.h"
#include "app/database.h"
#include "app/state_lookup.h"
#include "auth/users.h"

namespace armarium::app {
namespace {

using auth::Users;
using base::ErrorCode;
using base::Result;

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kMostDays = 36'500;

std::string day_text(std::int64_t seconds) {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

std::string words_or(const std::vector<std::string>& words, std::string_view none) {
  return words.empty() ? std::string(none) : fmt::format("{}", fmt::join(words, ", "));
}

std::string text_of(const json::Object& request, std::string_view key) {
  return std::string(json::text_of(request, key));
}

// Nothing when it is absent.
std::optional<std::string> optional_text(const json::Object& request, std::string_view key) {
  const json::Value* value = request.if_contains(key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

std::optional<std::vector<std::string>> optional_list(const json::Object& request, std::string_view key) {
  const json::Value* value = request.if_contains(key);
  if (value == nullptr || !value->is_array()) return std::nullopt;
  std::vector<std::string> words;
  for (const json::Value& word : value->get_array()) {
    if (word.is_string()) words.emplace_back(word.get_string());
  }
  return words;
}

std::string describe(const store::UserRow& user) {
  return fmt::format("{}: {}{}{}", user.name, words_or(user.roles, "no role"),
                     user.password.empty() ? ", no password" : "", user.disabled ? ", disabled" : "");
}

Result<std::string> add(Users& users, const json::Object& request) {
  auto added = users.add(text_of(request, "name"), optional_text(request, "password"),
                         optional_list(request, "roles").value_or(std::vector<std::string>()));
  if (!added) return base::fail(std::move(added.error()));
  return "Added " + describe(*added) + ".";
}

Result<std::string> change(Users& users, const json::Object& request) {
  auth::UserChange wanted{.password = optional_text(request, "password"), .roles = optional_list(request, "roles")};
  if (const json::Value* disabled = request.if_contains("disabled"); disabled != nullptr && disabled->is_bool())
    wanted.disabled = disabled->get_bool();
  auto changed = users.change(text_of(request, "name"), wanted);
  if (!changed) return base::fail(std::move(changed.error()));
  return "Now " + describe(*changed) + ".";
}

Result<std::string> list(Users& users, const json::Object&) {
  auto rows = users.list();
  if (!rows) return base::fail(std::move(rows.error()));
  if (rows->empty()) return std::string("There is no user yet: armarium user add NAME");
  std::string text;
  for (const store::UserRow& user : *rows)
    text += fmt::format("{}{}, since {}", text.empty() ? "" : "\n", describe(user), day_text(user.created / kSecond));
  return text;
}

Result<std::string> remove(Users& users, const json::Object& request) {
  if (auto removed = users.remove(text_of(request, "name")); !removed) return base::fail(std::move(removed.error()));
  return std::string(
      "Removed, with all keys. What the user wrote stays, under the name; armarium user forget takes the name away, "
      "too.");
}

Result<std::string> forget(Users& users, const json::Object& request) {
  if (auto done = users.forget(text_of(request, "name")); !done) return base::fail(std::move(done.error()));
  return std::string(
      "Forgotten: the user and the keys are gone, and nothing names the user any more. Backups are older than this.");
}

Result<std::string> add_key(Users& users, const json::Object& request) {
  std::int64_t days = 0;
  if (const json::Value* value = request.if_contains("days"); value != nullptr && value->is_int64())
    days = value->get_int64();
  if (days < 0 || days > kMostDays)
    return base::fail(ErrorCode::invalid_argument, fmt::format("A key lives for 1 to {} days.", kMostDays));
  auto key =
      users.add_key(text_of(request, "name"), optional_list(request, "scopes").value_or(std::vector<std::string>()),
                    static_cast<std::uint32_t>(days));
  if (!key) return base::fail(std::move(key.error()));
  return key->text;
}

std::string state_of(const store::KeyRow& key) {
  if (key.revoked != 0) return "revoked " + day_text(key.revoked / kSecond);
  if (key.expires == 0) return "does not expire";
  return "expires " + day_text(key.expires / kSecond);
}

Result<std::string> list_keys(Users& users, const json::Object& request) {
  auto keys = users.keys(text_of(request, "name"));
  if (!keys) return base::fail(std::move(keys.error()));
  if (keys->empty()) return std::string("The user has no key.");
  std::string text;
  for (const store::KeyRow& key : *keys) {
    const std::string used = key.last_day == 0 ? "never used" : "last used " + day_text(key.last_day * kDaySeconds);
    text += fmt::format("{}{}: {}, made {}, {}, {}", text.empty() ? "" : "\n", key.id,
                        words_or(key.scopes, "everything that the user may"), day_text(key.created / kSecond),
                        state_of(key), used);
  }
  return text;
}

Result<std::string> revoke_key(Users& users, const json::Object& request) {
  auto revoked = users.revoke_key(text_of(request, "name"), text_of(request, "id"));
  if (!revoked) return base::fail(std::move(revoked.error()));
  return std::string("Revoked; it opens nothing any more.");
}

struct Action {
  std::string_view name;
  Result<std::string> (*run)(Users&, const json::Object&);
};

constexpr std::array kActions = std::to_array<Action>({{"add", add},
                                                       {"change", change},
                                                       {"list", list},
                                                       {"remove", remove},
                                                       {"forget", forget},
                                                       {"add-key", add_key},
                                                       {"list-keys", list_keys},
                                                       {"revoke-key", revoke_key}});

}  // namespace

Result<std::string> run_user_command(store::Accounts& accounts, const json::Object& request) {
  const std::string name = text_of(request, "action");
  const auto action =
      std::find_if(kActions.begin(), kActions.end(), [&](const Action& one) { return one.name == name; });
  if (action == kActions.end()) return base::fail(ErrorCode::unsupported, "This server does not know that command.");
  Users users(accounts);
  return action->run(users, request);
}

Result<std::string> send_user_command(const UserPlace& place, const json::Object& request) {
  auto state = find_state(place.folder, place.state);
  if (!state) return base::fail(std::move(state.error()));
  auto answer = ask_server(*state, request);
  if (answer || answer.error().code != ErrorCode::not_found) return answer;
  auto own = store::StateFolder::open(place.folder, *state);
  if (!own) return base::fail(std::move(own.error()));
  auto database = database_for_commands(**own);
  if (!database) return base::fail(std::move(database.error()));
  auto accounts = open_accounts(**own, *database);
  if (!accounts) return base::fail(std::move(accounts.error()));
  return run_user_command(**accounts, request);
}

}  // namespace armarium::app
