#include "store/sqlite/sqlite_accounts.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <span>

#include "store/sql/migrations.h"
#include "store/sqlite/connection.h"

namespace armarium::store {
namespace {

using base::ErrorCode;
using base::Result;
using sqlite::Connection;
using sqlite::Statement;

#define USER_COLUMNS "id, name, password, roles, created, disabled"
#define KEY_COLUMNS "id, hash, owner, scopes, created, expires, last_day, revoked"

// What removes the user of the name ?1.
constexpr std::array<std::string_view, 2> kRemove = {
    "DELETE FROM api_key WHERE owner IN (SELECT id FROM account WHERE name = ?1)",
    "DELETE FROM account WHERE name = ?1",
};

// What else forgets the name ?1: a table that holds names adds its line ("UPDATE history SET who = '' WHERE who = ?1").
constexpr std::array<std::string_view, 0> kForget = {};

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

bool holds_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

Result<> without_nul(std::initializer_list<std::string_view> texts) {
  if (std::any_of(texts.begin(), texts.end(), holds_nul))
    return base::fail(ErrorCode::invalid_argument, "A zero byte cannot be part of this.");
  return {};
}

class SqliteAccounts final : public Accounts {
 public:
  explicit SqliteAccounts(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
  Result<> start();

  std::uint64_t version() const noexcept override { return version_.load(); }
  std::uint64_t users() const noexcept override { return users_.load(); }

  Result<std::optional<UserRow>> user(std::string_view name) const override;
  Result<std::optional<UserRow>> user_by_id(std::string_view id) const override;
  Result<std::vector<UserRow>> list_users() const override;
  Result<> add_user(const UserRow& row) override;
  Result<> change_user(const UserRow& row) override;
  Result<> remove_user(std::string_view name) override;
  Result<> forget_user(std::string_view name) override;

  Result<std::optional<KeyRow>> key(std::string_view id) const override;
  Result<std::vector<KeyRow>> keys_of(std::string_view owner) const override;
  Result<> add_key(const KeyRow& row) override;
  Result<> revoke_key(std::string_view owner, std::string_view id, std::int64_t now) override;
  Result<> note_use(std::string_view id, std::int64_t day) override;

  Result<FailureRow> failures(std::string_view subject) const override;
  Result<FailureRow> add_failure(std::string_view subject, std::int64_t now, std::int64_t fresh) override;
  Result<> take_back_failure(std::string_view subject) override;
  Result<> clear_failures(std::string_view subject) override;
  Result<> forget_failures_before(std::int64_t time) override;
  Result<std::string> constant(std::string_view name, std::string_view offered) override;

 private:
  // Inside the lock.
  template <class Make>
  auto rows(std::string_view sql, const std::function<void(Statement&)>& bind, Make&& make) const
      -> Result<std::vector<std::decay_t<decltype(make(std::declval<const Statement&>()))>>>;
  Result<> run(std::string_view sql, const std::function<void(Statement&)>& bind) const;
  Result<bool> exists(std::string_view sql, std::string_view text) const;
  Result<> run_each(std::span<const std::string_view> list, std::string_view name) const;
  Result<FailureRow> failures_inside(std::string_view subject) const;
  Result<> count_users();

  // One transaction; `changes` of users or keys raise the version.
  Result<> write(bool changes, const std::function<Result<>()>& body);

  mutable std::mutex mutex_;
  std::unique_ptr<Connection> connection_;
  std::atomic<std::uint64_t> version_{1};
  std::atomic<std::uint64_t> users_{0};
};

template <class Make>
auto SqliteAccounts::rows(std::string_view sql, const std::function<void(Statement&)>& bind, Make&& make) const
    -> Result<std::vector<std::decay_t<decltype(make(std::declval<const Statement&>()))>>> {
  auto statement = connection_->prepare(sql);
  if (!statement) return base::fail(std::move(statement.error()));
  bind(*statement);
  std::vector<std::decay_t<decltype(make(std::declval<const Statement&>()))>> found;
  for (;;) {
    auto row = statement->step();
    if (!row) return base::fail(std::move(row.error()));
    if (!*row) return found;
    found.push_back(make(*statement));
  }
}

template <class T>
Result<std::optional<T>> first(Result<std::vector<T>> found) {
  if (!found) return base::fail(std::move(found.error()));
  if (found->empty()) return std::optional<T>();
  return std::optional<T>(std::move(found->front()));
}

Result<> SqliteAccounts::run(std::string_view sql, const std::function<void(Statement&)>& bind) const {
  auto statement = connection_->prepare(sql);
  if (!statement) return base::fail(std::move(statement.error()));
  bind(*statement);
  return statement->run();
}

Result<bool> SqliteAccounts::exists(std::string_view sql, std::string_view text) const {
  auto found = rows(
      sql, [&](Statement& s) { s.text(text); }, [](const Statement&) { return true; });
  if (!found) return base::fail(std::move(found.error()));
  return !found->empty();
}

Result<> SqliteAccounts::count_users() {
  auto counted = rows(
      "SELECT count(*) FROM account", [](Statement&) {}, [](const Statement& s) { return s.number_at(0); });
  if (!counted) return base::fail(std::move(counted.error()));
  users_.store(counted->front());
  return {};
}

Result<> SqliteAccounts::start() { return count_users(); }

Result<> SqliteAccounts::write(bool changes, const std::function<Result<>()>& body) {
  const std::lock_guard lock(mutex_);
  if (auto begun = connection_->execute("BEGIN IMMEDIATE"); !begun) return begun;
  auto done = body();
  if (done) done = connection_->execute("COMMIT");
  if (!done) {
    (void)connection_->execute("ROLLBACK");
    return done;
  }
  if (!changes) return {};
  ++version_;
  return count_users();
}

Result<std::optional<UserRow>> SqliteAccounts::user(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  return first(rows(
      "SELECT " USER_COLUMNS " FROM account WHERE name = ?1", [&](Statement& s) { s.text(name); }, user_at));
}

Result<std::optional<UserRow>> SqliteAccounts::user_by_id(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  return first(rows(
      "SELECT " USER_COLUMNS " FROM account WHERE id = ?1", [&](Statement& s) { s.text(id); }, user_at));
}

Result<std::vector<UserRow>> SqliteAccounts::list_users() const {
  const std::lock_guard lock(mutex_);
  return rows(
      "SELECT " USER_COLUMNS " FROM account ORDER BY name", [](Statement&) {}, user_at);
}

Result<> SqliteAccounts::add_user(const UserRow& row) {
  const std::string roles = joined(row.roles);
  if (auto fine = without_nul({row.id, row.name, row.password, roles}); !fine) return fine;
  return write(true, [&]() -> Result<> {
    auto by_name = exists("SELECT 1 FROM account WHERE name = ?1", row.name);
    if (!by_name) return base::fail(std::move(by_name.error()));
    auto by_id = exists("SELECT 1 FROM account WHERE id = ?1", row.id);
    if (!by_id) return base::fail(std::move(by_id.error()));
    if (*by_name || *by_id) return base::fail(ErrorCode::conflict, "There is a user of that name already.");
    return run("INSERT INTO account(" USER_COLUMNS ") VALUES(?1, ?2, ?3, ?4, ?5, ?6)", [&](Statement& s) {
      s.text(row.id).text(row.name).text(row.password).text(roles).signed_number(row.created).number(row.disabled);
    });
  });
}

Result<> SqliteAccounts::change_user(const UserRow& row) {
  const std::string roles = joined(row.roles);
  if (auto fine = without_nul({row.id, row.name, row.password, roles}); !fine) return fine;
  return write(true, [&]() -> Result<> {
    auto there = exists("SELECT 1 FROM account WHERE id = ?1", row.id);
    if (!there) return base::fail(std::move(there.error()));
    if (!*there) return base::fail(ErrorCode::not_found, "There is no such user.");
    auto named = first(rows(
        "SELECT " USER_COLUMNS " FROM account WHERE name = ?1", [&](Statement& s) { s.text(row.name); }, user_at));
    if (!named) return base::fail(std::move(named.error()));
    if (*named && (*named)->id != row.id)
      return base::fail(ErrorCode::conflict, "There is a user of that name already.");
    return run(
        "UPDATE account SET name = ?2, password = ?3, roles = ?4, disabled = ?5 WHERE id = ?1",
        [&](Statement& s) { s.text(row.id).text(row.name).text(row.password).text(roles).number(row.disabled); });
  });
}

Result<> SqliteAccounts::run_each(std::span<const std::string_view> list, std::string_view name) const {
  for (const std::string_view sql : list) {
    if (auto done = run(sql, [&](Statement& s) { s.text(name); }); !done) return done;
  }
  return {};
}

Result<> SqliteAccounts::remove_user(std::string_view name) {
  return write(true, [&]() -> Result<> {
    auto there = exists("SELECT 1 FROM account WHERE name = ?1", name);
    if (!there) return base::fail(std::move(there.error()));
    if (!*there) return base::fail(ErrorCode::not_found, "There is no such user.");
    return run_each(kRemove, name);
  });
}

Result<> SqliteAccounts::forget_user(std::string_view name) {
  return write(true, [&]() -> Result<> {
    if (auto removed = run_each(kRemove, name); !removed) return removed;
    return run_each(kForget, name);
  });
}

Result<std::optional<KeyRow>> SqliteAccounts::key(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  return first(rows(
      "SELECT " KEY_COLUMNS " FROM api_key WHERE id = ?1", [&](Statement& s) { s.text(id); }, key_at));
}

Result<std::vector<KeyRow>> SqliteAccounts::keys_of(std::string_view owner) const {
  const std::lock_guard lock(mutex_);
  return rows(
      "SELECT " KEY_COLUMNS " FROM api_key WHERE owner = ?1 ORDER BY created, id", [&](Statement& s) { s.text(owner); },
      key_at);
}

Result<> SqliteAccounts::add_key(const KeyRow& row) {
  const std::string scopes = joined(row.scopes);
  if (auto fine = without_nul({row.id, row.hash, row.owner, scopes}); !fine) return fine;
  return write(true, [&]() -> Result<> {
    auto owner = exists("SELECT 1 FROM account WHERE id = ?1", row.owner);
    if (!owner) return base::fail(std::move(owner.error()));
    if (!*owner) return base::fail(ErrorCode::not_found, "There is no such user.");
    auto taken = exists("SELECT 1 FROM api_key WHERE id = ?1", row.id);
    if (!taken) return base::fail(std::move(taken.error()));
    if (*taken) return base::fail(ErrorCode::conflict, "There is a key of that id already.");
    return run("INSERT INTO api_key(" KEY_COLUMNS ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", [&](Statement& s) {
      s.text(row.id).text(row.hash).text(row.owner).text(scopes).signed_number(row.created);
      s.signed_number(row.expires).signed_number(row.last_day).signed_number(row.revoked);
    });
  });
}

Result<> SqliteAccounts::revoke_key(std::string_view owner, std::string_view id, std::int64_t now) {
  return write(true, [&]() -> Result<> {
    auto found = first(rows(
        "SELECT " KEY_COLUMNS " FROM api_key WHERE id = ?1", [&](Statement& s) { s.text(id); }, key_at));
    if (!found) return base::fail(std::move(found.error()));
    if (!*found || (*found)->owner != owner) return base::fail(ErrorCode::not_found, "The user has no such key.");
    if ((*found)->revoked != 0) return {};
    return run("UPDATE api_key SET revoked = ?2 WHERE id = ?1", [&](Statement& s) { s.text(id).signed_number(now); });
  });
}

Result<> SqliteAccounts::note_use(std::string_view id, std::int64_t day) {
  return write(false, [&] {
    return run("UPDATE api_key SET last_day = ?2 WHERE id = ?1 AND last_day < ?2",
               [&](Statement& s) { s.text(id).signed_number(day); });
  });
}

Result<FailureRow> SqliteAccounts::failures_inside(std::string_view subject) const {
  auto found = first(rows(
      "SELECT count, last FROM failed_attempt WHERE subject = ?1", [&](Statement& s) { s.text(subject); }, failure_at));
  if (!found) return base::fail(std::move(found.error()));
  return found->value_or(FailureRow{});
}

Result<FailureRow> SqliteAccounts::failures(std::string_view subject) const {
  const std::lock_guard lock(mutex_);
  return failures_inside(subject);
}

Result<FailureRow> SqliteAccounts::add_failure(std::string_view subject, std::int64_t now, std::int64_t fresh) {
  if (auto fine = without_nul({subject}); !fine) return base::fail(std::move(fine.error()));
  FailureRow after;
  auto done = write(false, [&]() -> Result<> {
    auto before = failures_inside(subject);
    if (!before) return base::fail(std::move(before.error()));
    after = {.count = before->last < fresh ? 1 : before->count + 1, .last = now};
    return run("INSERT OR REPLACE INTO failed_attempt VALUES(?1, ?2, ?3)",
               [&](Statement& s) { s.text(subject).number(after.count).signed_number(after.last); });
  });
  if (!done) return base::fail(std::move(done.error()));
  return after;
}

Result<> SqliteAccounts::take_back_failure(std::string_view subject) {
  return write(false, [&] {
    return run("UPDATE failed_attempt SET count = count - 1 WHERE subject = ?1 AND count > 0",
               [&](Statement& s) { s.text(subject); });
  });
}

Result<> SqliteAccounts::clear_failures(std::string_view subject) {
  return write(false, [&] {
    return run("DELETE FROM failed_attempt WHERE subject = ?1", [&](Statement& s) { s.text(subject); });
  });
}

Result<> SqliteAccounts::forget_failures_before(std::int64_t time) {
  return write(false, [&] {
    return run("DELETE FROM failed_attempt WHERE last < ?1", [&](Statement& s) { s.signed_number(time); });
  });
}

Result<std::string> SqliteAccounts::constant(std::string_view name, std::string_view offered) {
  if (auto fine = without_nul({name, offered}); !fine) return base::fail(std::move(fine.error()));
  std::string kept;
  auto done = write(false, [&]() -> Result<> {
    auto added =
        run("INSERT OR IGNORE INTO account_constant VALUES(?1, ?2)", [&](Statement& s) { s.text(name).text(offered); });
    if (!added) return added;
    auto found = rows(
        "SELECT value FROM account_constant WHERE name = ?1", [&](Statement& s) { s.text(name); },
        [](const Statement& s) { return s.text_at(0); });
    if (!found) return base::fail(std::move(found.error()));
    kept = std::move(found->front());
    return {};
  });
  if (!done) return base::fail(std::move(done.error()));
  return kept;
}

}  // namespace

Result<std::unique_ptr<Accounts>> open_sqlite_accounts(const std::filesystem::path& file) {
  auto connection = Connection::open(file.string(), false);
  if (!connection) return base::fail(std::move(connection.error()));
  // FULL: what was acknowledged is on the disk.
  for (const char* pragma : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON"}) {
    if (auto done = (*connection)->execute(pragma); !done) return base::fail(std::move(done.error()));
  }
  if (auto done = sql::migrate(**connection, [](int) -> Result<> { return {}; }); !done)
    return base::fail(std::move(done.error()));
  auto accounts = std::make_unique<SqliteAccounts>(std::move(*connection));
  if (auto started = accounts->start(); !started) return base::fail(std::move(started.error()));
  return accounts;
}

}  // namespace armarium::store
