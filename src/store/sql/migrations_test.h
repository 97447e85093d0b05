#pragma once
// What an upgrade must do on every database: bring up what an old program left, keep the old state, and change nothing when a step fails. A database's test gives
// the ways in.

#include <filesystem>
#include <functional>
#include <memory>

#include <gtest/gtest.h>

#include "store/sql/connection.h"
#include "store/store.h"

namespace armarium::store::sql {

struct UpgradeWays {
  using Connect = std::function<base::Result<std::unique_ptr<Connection>>(const std::filesystem::path& folder)>;
  Connect connect;  // without any schema; not_found skips
  std::function<base::Result<std::unique_ptr<Store>>(const std::filesystem::path& folder)> open;
  Connect connect_kept;  // to what was kept of schema 1
};

class UpgradeTest : public testing::TestWithParam<UpgradeWays> {
 protected:
  void SetUp() override;
  void TearDown() override;
  // What the program of schema 1 left.
  void leave_schema_1(const std::string& more = {});

  std::filesystem::path folder_;
};

}  // namespace armarium::store::sql
