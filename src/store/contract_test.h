#pragma once
// What every implementation of the Store must do. An implementation's test instantiates StoreContract with a factory that opens the store of a folder;
// not_found from it skips: that database is not installed.

#include <filesystem>
#include <functional>
#include <memory>

#include <gtest/gtest.h>

#include "store/store.h"

namespace armarium::store {

using Factory = std::function<base::Result<std::unique_ptr<Store>>(const std::filesystem::path& folder)>;

class StoreContract : public testing::TestWithParam<Factory> {
 protected:
  void SetUp() override;
  void TearDown() override;
  void reopen();
  Revision write(Batch batch);
  std::unique_ptr<Reader> reader();

  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
};

}  // namespace armarium::store
