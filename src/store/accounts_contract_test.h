#pragma once
// What every implementation of the Accounts must do. An implementation's test instantiates AccountsContract with a factory that opens the accounts of a folder; not_found
// from it skips: that database is not installed.

#include <filesystem>
#include <functional>
#include <memory>

#include <gtest/gtest.h>

#include "store/accounts.h"

namespace armarium::store {

using AccountsFactory = std::function<base::Result<std::unique_ptr<Accounts>>(const std::filesystem::path& folder)>;

class AccountsContract : public testing::TestWithParam<AccountsFactory> {
 protected:
  void SetUp() override;
  void TearDown() override;
  void reopen();

  std::filesystem::path folder_;
  std::unique_ptr<Accounts> accounts_;
};

}  // namespace armarium::store
