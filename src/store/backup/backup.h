#pragma once
// All that a state holds as one file, and back: a tar with each table as lines of JSON, the other files of data/, and a manifest with counts and hashes at its end. The
// same from and for every database, so a backup moves a collection between SQLite and PostgreSQL. Each call blocks on the database; any thread. Errors: sentences for
// the terminal.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/store.h"

namespace armarium::store::backup {

struct Summary {
  int schema = 0;
  std::uint64_t revision = 0;
  std::uint64_t tables = 0;
  std::uint64_t rows = 0;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

// One snapshot of the store, and the files below `data` but the database's own. `file` appears when it is whole and on the disk; it must not be there yet.
base::Result<Summary> write(const Store& store, const std::filesystem::path& data, const std::filesystem::path& file);

// Reads all of it: the hashes and counts agree with its manifest. corrupt when not; unsupported when a newer program wrote it.
base::Result<Summary> check(const std::filesystem::path& file);

// check(), and restores it into a database of its own that goes away again.
base::Result<Summary> verify(const std::filesystem::path& file);

// What is done in the transaction of a restore: `before` on the rows that go, then each of `after` on those that came and what the ones before it made of them, which is written with them.
struct Steps {
  std::function<base::Result<>(const Reader&)> before{};
  std::vector<std::function<base::Result<Batch>(const Reader&)>> after{};
};

// check(), then puts its rows in the place of all that the store holds, in one transaction with a new revision, and then its files into `data`.
base::Result<Summary> restore(Store& store, const std::filesystem::path& data, const std::filesystem::path& file,
                              const Steps& steps = {});

}  // namespace armarium::store::backup
