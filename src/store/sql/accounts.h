#pragma once
// The Accounts on any database: a driver says how to read and how to write, and calls refresh() once before use and whenever another node may have written. Inside store only.

#include <atomic>
#include <functional>
#include <mutex>
#include <span>

#include "store/accounts.h"
#include "store/sql/connection.h"

namespace armarium::store::sql {

class SqlAccounts : public Accounts {
 public:
  std::uint64_t version() const noexcept override { return version_.load(); }
  std::uint64_t users() const noexcept override { return users_.load(); }

  base::Result<std::optional<UserRow>> user(std::string_view name) const override;
  base::Result<std::optional<UserRow>> user_by_id(std::string_view id) const override;
  base::Result<std::vector<UserRow>> list_users() const override;
  base::Result<> add_user(const UserRow& row) override;
  base::Result<> change_user(const UserRow& row) override;
  base::Result<> remove_user(std::string_view name) override;
  base::Result<> forget_user(std::string_view name) override;
  base::Result<std::vector<std::string>> names() const override;

  base::Result<std::optional<KeyRow>> key(std::string_view id) const override;
  base::Result<std::vector<KeyRow>> keys_of(std::string_view owner) const override;
  base::Result<> add_key(const KeyRow& row) override;
  base::Result<> revoke_key(std::string_view owner, std::string_view id, std::int64_t now) override;
  base::Result<> note_use(std::string_view id, std::int64_t day) override;

  base::Result<FailureRow> failures(std::string_view subject) const override;
  base::Result<FailureRow> add_failure(std::string_view subject, std::int64_t now, std::int64_t fresh) override;
  base::Result<> take_back_failure(std::string_view subject) override;
  base::Result<> clear_failures(std::string_view subject) override;
  base::Result<> forget_failures_before(std::int64_t time) override;
  base::Result<> note_change() override;
  base::Result<std::string> constant(std::string_view name, std::string_view offered) override;
  base::Result<> change_constant(std::string_view name, std::string_view value) override;

  // Reads version() and users() from the database.
  base::Result<> refresh();

 protected:
  using Body = std::function<base::Result<>(Connection&)>;
  // Runs `body` once, on a connection that nobody else uses meanwhile.
  virtual base::Result<> reading(const Body& body) const = 0;
  // The same in one writing transaction, which is on the disk when this returns without an Error.
  virtual base::Result<> writing(const Body& body) = 0;

 private:
  template <class Ask>
  auto ask(Ask&& ask) const -> decltype(ask(std::declval<Connection&>()));
  base::Result<> change(const Body& body);

  std::mutex known_;
  std::atomic<std::uint64_t> version_{0};
  std::atomic<std::uint64_t> users_{0};
};

}  // namespace armarium::store::sql
