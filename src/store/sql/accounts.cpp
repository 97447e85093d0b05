#include "store/sql/accounts.h"

#include <algorithm>
#include <array>

#include "store/sql/rows.h"

namespace armarium::store::sql {
namespace {

using base::ErrorCode;
using base::Result;

#define USER_COLUMNS "id, name, password, roles, created, disabled"
#define KEY_COLUMNS "id, hash, owner, scopes, created, expires, last_day, revoked"

// What removes the user of the name ?1.
constexpr std::array<std::string_view, 2> kRemove = {
    "DELETE FROM api_key WHERE owner IN (SELECT id FROM account WHERE name = ?1)",
    "DELETE FROM account WHERE name = ?1",
};

// What else forgets the name ?1: a table that holds names adds its line, here and below.
constexpr std::array<std::string_view, 4> kForget = {
    "UPDATE version SET who = '' WHERE who = ?1",
    "UPDATE content_state SET who = '' WHERE who = ?1",
    "UPDATE takedown SET who = '' WHERE who = ?1",
    "UPDATE sent_file SET who = '' WHERE who = ?1",
};

// Whom the database names: the same tables.
constexpr std::string_view kNames =
    "SELECT name FROM account UNION SELECT who FROM version WHERE who <> '' UNION SELECT who FROM content_state WHERE "
    "who <> '' UNION SELECT who FROM takedown WHERE who <> '' UNION SELECT who FROM sent_file WHERE who <> '' ORDER "
    "BY 1";

const std::string kConstant = upsert("account_constant", "name", "value");
const std::string kFailure = upsert("failed_attempt", "subject", "count, last");
const std::string kVersion = upsert("state", "key", "value");

// Lists of plain words, separated by spaces.
std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) (text += text.empty() ? "" : " ") += word;
  return text;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find(' ', from), text.size());
    words.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return words;
}

UserRow user_at(const Statement& row) {
  return {.id = row.text_at(0),
          .name = row.text_at(1),
          .password = row.text_at(2),
          .roles = split(row.text_at(3)),
          .created = static_cast<std::int64_t>(row.number_at(4)),
          .disabled = row.number_at(5) != 0};
}

KeyRow key_at(const Statement& row) {
  return {.id = row.text_at(0),
          .hash = row.text_at(1),
          .owner = row.text_at(2),
          .scopes = split(row.text_at(3)),
          .created = static_cast<std::int64_t>(row.number_at(4)),
          .expires = static_cast<std::int64_t>(row.number_at(5)),
          .last_day = static_cast<std::int64_t>(row.number_at(6)),
          .revoked = static_cast<std::int64_t>(row.number_at(7))};
}

FailureRow failure_at(const Statement& row) {
  return {.count = row.number_at(0), .last = static_cast<std::int64_t>(row.number_at(1))};
}

using Bind = std::function<void(Statement&)>;

Result<> run(Connection& connection, std::string_view sql, const Bind& bind) {
  auto statement = connection.prepare(sql);
  if (!statement) return base::fail(std::move(statement.error()));
  bind(*statement);
  return statement->run();
}

Result<> run_each(Connection& connection, std::span<const std::string_view> list, std::string_view name) {
  for (const std::string_view sql : list) {
    if (auto done = run(connection, sql, [&](Statement& s) { s.text(name); }); !done) return done;
  }
  return {};
}

Result<bool> exists(Connection& connection, std::string_view sql, std::string_view text) {
  auto found = rows(
      connection, sql, [&](Statement& s) { s.text(text); }, [](const Statement&) { return true; });
  if (!found) return base::fail(std::move(found.error()));
  return !found->empty();
}

Result<std::uint64_t> number_of(Connection& connection, std::string_view sql) {
  auto found = rows(
      connection, sql, [](Statement&) {}, [](const Statement& s) { return s.number_at(0); });
  if (!found) return base::fail(std::move(found.error()));
  return found->empty() ? 0 : found->front();
}

constexpr std::string_view kUserByName = "SELECT " USER_COLUMNS " FROM account WHERE name = ?1";
constexpr std::string_view kUserById = "SELECT " USER_COLUMNS " FROM account WHERE id = ?1";
constexpr std::string_view kKeyById = "SELECT " KEY_COLUMNS " FROM api_key WHERE id = ?1";
constexpr std::string_view kIsName = "SELECT 1 FROM account WHERE name = ?1";
constexpr std::string_view kIsUser = "SELECT 1 FROM account WHERE id = ?1";

template <class Make>
auto one(Connection& connection, std::string_view sql, std::string_view text, Make&& make) {
  return first(rows(
      connection, sql, [&](Statement& s) { s.text(text); }, std::forward<Make>(make)));
}

Result<FailureRow> failure_of(Connection& connection, std::string_view subject) {
  auto found = one(connection, "SELECT count, last FROM failed_attempt WHERE subject = ?1", subject, failure_at);
  if (!found) return base::fail(std::move(found.error()));
  return found->value_or(FailureRow{});
}

}  // namespace

// What `ask` gives, on a connection for reading.
template <class Ask>
auto SqlAccounts::ask(Ask&& ask) const -> decltype(ask(std::declval<Connection&>())) {
  decltype(ask(std::declval<Connection&>())) answer{};
  auto done = reading([&](Connection& connection) -> Result<> {
    answer = ask(connection);
    if (!answer) return base::fail(answer.error());
    return {};
  });
  if (!done) return base::fail(std::move(done.error()));
  return answer;
}

Result<> SqlAccounts::refresh() {
  return reading([&](Connection& connection) -> Result<> {
    auto version = number_of(connection, "SELECT value FROM state WHERE key = 'accounts'");
    if (!version) return base::fail(std::move(version.error()));
    auto users = number_of(connection, "SELECT count(*) FROM account");
    if (!users) return base::fail(std::move(users.error()));
    const std::lock_guard lock(known_);
    if (*version < version_.load()) return {};  // read before a change that is known already
    users_.store(*users);
    version_.store(*version);
    return {};
  });
}

Result<> SqlAccounts::change(const Body& body) {
  std::uint64_t version = 0;
  std::uint64_t users = 0;
  auto done = writing([&](Connection& connection) -> Result<> {
    if (auto changed = body(connection); !changed) return changed;
    auto before = number_of(connection, "SELECT value FROM state WHERE key = 'accounts'");
    if (!before) return base::fail(std::move(before.error()));
    version = std::max(*before, version_.load()) + 1;
    auto counted = number_of(connection, "SELECT count(*) FROM account");
    if (!counted) return base::fail(std::move(counted.error()));
    users = *counted;
    return run(connection, kVersion, [&](Statement& s) { s.text("accounts").number(version); });
  });
  if (!done) return done;
  // Two writers may come here in either order; the later version is the true one.
  const std::lock_guard lock(known_);
  if (version > version_.load()) {
    users_.store(users);
    version_.store(version);
  }
  return {};
}

Result<std::optional<UserRow>> SqlAccounts::user(std::string_view name) const {
  return ask([&](Connection& connection) { return one(connection, kUserByName, name, user_at); });
}

Result<std::optional<UserRow>> SqlAccounts::user_by_id(std::string_view id) const {
  return ask([&](Connection& connection) { return one(connection, kUserById, id, user_at); });
}

Result<std::vector<UserRow>> SqlAccounts::list_users() const {
  return ask([&](Connection& connection) {
    return rows(
        connection, "SELECT " USER_COLUMNS " FROM account ORDER BY name", [](Statement&) {}, user_at);
  });
}

Result<> SqlAccounts::add_user(const UserRow& row) {
  const std::string roles = joined(row.roles);
  return change([&](Connection& connection) -> Result<> {
    auto by_name = exists(connection, kIsName, row.name);
    if (!by_name) return base::fail(std::move(by_name.error()));
    auto by_id = exists(connection, kIsUser, row.id);
    if (!by_id) return base::fail(std::move(by_id.error()));
    if (*by_name || *by_id) return base::fail(ErrorCode::conflict, "There is a user of that name already.");
    return run(connection, "INSERT INTO account(" USER_COLUMNS ") VALUES(?1, ?2, ?3, ?4, ?5, ?6)", [&](Statement& s) {
      s.text(row.id).text(row.name).text(row.password).text(roles).signed_number(row.created).number(row.disabled);
    });
  });
}

Result<> SqlAccounts::change_user(const UserRow& row) {
  const std::string roles = joined(row.roles);
  return change([&](Connection& connection) -> Result<> {
    auto there = exists(connection, kIsUser, row.id);
    if (!there) return base::fail(std::move(there.error()));
    if (!*there) return base::fail(ErrorCode::not_found, "There is no such user.");
    auto named = one(connection, kUserByName, row.name, user_at);
    if (!named) return base::fail(std::move(named.error()));
    if (*named && (*named)->id != row.id)
      return base::fail(ErrorCode::conflict, "There is a user of that name already.");
    return run(
        connection, "UPDATE account SET name = ?2, password = ?3, roles = ?4, disabled = ?5 WHERE id = ?1",
        [&](Statement& s) { s.text(row.id).text(row.name).text(row.password).text(roles).number(row.disabled); });
  });
}

Result<> SqlAccounts::remove_user(std::string_view name) {
  return change([&](Connection& connection) -> Result<> {
    auto there = exists(connection, kIsName, name);
    if (!there) return base::fail(std::move(there.error()));
    if (!*there) return base::fail(ErrorCode::not_found, "There is no such user.");
    return run_each(connection, kRemove, name);
  });
}

Result<> SqlAccounts::forget_user(std::string_view name) {
  auto done = change([&](Connection& connection) -> Result<> {
    if (auto removed = run_each(connection, kRemove, name); !removed) return removed;
    return run_each(connection, kForget, name);
  });
  if (!done) return done;
  return reading([](Connection& connection) -> Result<> {
    connection.forget_log();
    return {};
  });
}

Result<std::vector<std::string>> SqlAccounts::names() const {
  return ask([](Connection& connection) {
    return rows(
        connection, kNames, [](Statement&) {}, [](const Statement& s) { return s.text_at(0); });
  });
}

Result<std::optional<KeyRow>> SqlAccounts::key(std::string_view id) const {
  return ask([&](Connection& connection) { return one(connection, kKeyById, id, key_at); });
}

Result<std::vector<KeyRow>> SqlAccounts::keys_of(std::string_view owner) const {
  return ask([&](Connection& connection) {
    return rows(
        connection, "SELECT " KEY_COLUMNS " FROM api_key WHERE owner = ?1 ORDER BY created, id",
        [&](Statement& s) { s.text(owner); }, key_at);
  });
}

Result<> SqlAccounts::add_key(const KeyRow& row) {
  const std::string scopes = joined(row.scopes);
  return change([&](Connection& connection) -> Result<> {
    auto owner = exists(connection, kIsUser, row.owner);
    if (!owner) return base::fail(std::move(owner.error()));
    if (!*owner) return base::fail(ErrorCode::not_found, "There is no such user.");
    auto taken = exists(connection, "SELECT 1 FROM api_key WHERE id = ?1", row.id);
    if (!taken) return base::fail(std::move(taken.error()));
    if (*taken) return base::fail(ErrorCode::conflict, "There is a key of that id already.");
    return run(connection, "INSERT INTO api_key(" KEY_COLUMNS ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
               [&](Statement& s) {
                 s.text(row.id).text(row.hash).text(row.owner).text(scopes).signed_number(row.created);
                 s.signed_number(row.expires).signed_number(row.last_day).signed_number(row.revoked);
               });
  });
}

Result<> SqlAccounts::revoke_key(std::string_view owner, std::string_view id, std::int64_t now) {
  return change([&](Connection& connection) -> Result<> {
    auto found = one(connection, kKeyById, id, key_at);
    if (!found) return base::fail(std::move(found.error()));
    if (!*found || (*found)->owner != owner) return base::fail(ErrorCode::not_found, "The user has no such key.");
    return run(connection, "UPDATE api_key SET revoked = ?2 WHERE id = ?1 AND revoked = 0",
               [&](Statement& s) { s.text(id).signed_number(now); });
  });
}

Result<> SqlAccounts::note_use(std::string_view id, std::int64_t day) {
  return writing([&](Connection& connection) {
    return run(connection, "UPDATE api_key SET last_day = ?2 WHERE id = ?1 AND last_day < ?2",
               [&](Statement& s) { s.text(id).signed_number(day); });
  });
}

Result<FailureRow> SqlAccounts::failures(std::string_view subject) const {
  return ask([&](Connection& connection) { return failure_of(connection, subject); });
}

Result<FailureRow> SqlAccounts::add_failure(std::string_view subject, std::int64_t now, std::int64_t fresh) {
  FailureRow after;
  auto done = writing([&](Connection& connection) -> Result<> {
    auto before = failure_of(connection, subject);
    if (!before) return base::fail(std::move(before.error()));
    after = {.count = before->last < fresh ? 1 : before->count + 1, .last = now};
    return run(connection, kFailure,
               [&](Statement& s) { s.text(subject).number(after.count).signed_number(after.last); });
  });
  if (!done) return base::fail(std::move(done.error()));
  return after;
}

Result<> SqlAccounts::take_back_failure(std::string_view subject) {
  return writing([&](Connection& connection) {
    return run(connection, "UPDATE failed_attempt SET count = count - 1 WHERE subject = ?1 AND count > 0",
               [&](Statement& s) { s.text(subject); });
  });
}

Result<> SqlAccounts::clear_failures(std::string_view subject) {
  return writing([&](Connection& connection) {
    return run(connection, "DELETE FROM failed_attempt WHERE subject = ?1", [&](Statement& s) { s.text(subject); });
  });
}

Result<> SqlAccounts::forget_failures_before(std::int64_t time) {
  return writing([&](Connection& connection) {
    return run(connection, "DELETE FROM failed_attempt WHERE last < ?1", [&](Statement& s) { s.signed_number(time); });
  });
}

Result<> SqlAccounts::note_change() {
  return change([](Connection&) -> Result<> { return {}; });
}

Result<std::string> SqlAccounts::constant(std::string_view name, std::string_view offered) {
  std::string kept;
  auto done = writing([&](Connection& connection) -> Result<> {
    auto found = one(connection, "SELECT value FROM account_constant WHERE name = ?1", name,
                     [](const Statement& s) { return s.text_at(0); });
    if (!found) return base::fail(std::move(found.error()));
    kept = found->value_or(std::string(offered));
    if (*found) return {};
    return run(connection, "INSERT INTO account_constant(name, value) VALUES(?1, ?2)",
               [&](Statement& s) { s.text(name).text(offered); });
  });
  if (!done) return base::fail(std::move(done.error()));
  return kept;
}

Result<> SqlAccounts::change_constant(std::string_view name, std::string_view value) {
  return writing([&](Connection& connection) {
    return run(connection, kConstant, [&](Statement& s) { s.text(name).text(value); });
  });
}

}  // namespace armarium::store::sql
