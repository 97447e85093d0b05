#include "app/database.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "store/postgres/postgres_accounts.h"
#include "store/postgres/postgres_store.h"
#include "store/sqlite/sqlite_accounts.h"
#include "store/sqlite/sqlite_store.h"

namespace armarium::app {
namespace {

std::filesystem::path note_in(const store::StateFolder& state) { return state.data() / "database"; }

}  // namespace

base::Result<std::unique_ptr<store::Store>> open_store(store::StateFolder& state, const std::string& database) {
  if (database.empty()) {
    std::error_code ignored;
    std::filesystem::remove(note_in(state), ignored);
    auto opened = store::open_sqlite(state.database());
    if (!opened && opened.error().code == base::ErrorCode::storage_full && state.use_reserve())
      opened = store::open_sqlite(state.database());
    if (opened) state.hold_reserve();
    return opened;
  }
  auto shown = store::shown_postgres(database);
  if (!shown) return base::fail(std::move(shown.error()));
  auto opened = store::open_postgres(database);
  if (!opened) return opened;
  if (auto noted = store::write_file(note_in(state), *shown + "\n"); !noted)
    return base::fail(std::move(noted.error()));
  return opened;
}

base::Result<std::unique_ptr<store::Accounts>> open_accounts(const store::StateFolder& state,
                                                             const std::string& database) {
  return database.empty() ? store::open_sqlite_accounts(state.database()) : store::open_postgres_accounts(database);
}

base::Result<std::string> database_for_commands(const store::StateFolder& state) {
  const char* named = std::getenv("ARMARIUM_DATABASE");
  if (named != nullptr && *named != '\0') return std::string(named);
  std::ifstream note(note_in(state));
  std::string where;
  if (!std::getline(note, where)) return std::string();
  return base::fail(base::ErrorCode::conflict,
                    fmt::format("What this state's server knows is in {}: start the server, or give the URL in "
                                "ARMARIUM_DATABASE.",
                                where));
}

}  // namespace armarium::app
