#include "app/backup_commands.h"

#include <chrono>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "app/control_socket.h"
#include "app/database.h"
#include "app/state_lookup.h"
#include "auth/users.h"
#include "catalogue/catalogue.h"
#include "catalogue/stream_refresh.h"
#include "catalogue/take_down.h"
#include "store/backup/backup.h"

namespace armarium::app {
namespace {

using base::ErrorCode;
using base::Result;

std::string contents_of(const store::backup::Summary& summary) {
  return fmt::format("{} rows in {} tables, {} files, {} bytes", summary.rows, summary.tables, summary.files,
                     summary.bytes);
}

Result<std::string> backup(const BackupPlace& place, const std::filesystem::path& file) {
  auto written = store::backup::write(place.store, place.data, file);
  if (!written) return base::fail(std::move(written.error()));
  return fmt::format("Kept {}.", contents_of(*written));
}

Result<std::string> restore(const BackupPlace& place, const std::filesystem::path& file) {
  if (auto checked = store::backup::check(file); !checked) return base::fail(std::move(checked.error()));
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const std::string name =
      fmt::format("before-restore-{:%Y%m%dT%H%M%S}.{:03}Z.tar", now, now.time_since_epoch().count() % 1000);
  auto before = store::backup::write(place.store, place.data, place.data / name);
  if (!before) return base::fail(std::move(before.error()));
  // What was taken down since the backup was made, and who was forgotten, does not come back with it.
  auth::Users users(place.users);
  auto forgotten = users.forgotten();
  if (!forgotten) return base::fail(std::move(forgotten.error()));
  std::vector<store::TakedownRow> standing;
  std::vector<store::ItemKey> changed;
  store::backup::Steps steps;
  steps.before = [&](const store::Reader& before) -> Result<> {
    auto rows = before.takedowns();
    if (!rows) return base::fail(std::move(rows.error()));
    standing = std::move(*rows);
    return {};
  };
  steps.after.emplace_back(catalogue::announce_refresh);
  steps.after.emplace_back([&](const store::Reader& restored) -> Result<store::Batch> {
    auto kept = restored.takedowns();
    if (!kept) return base::fail(std::move(kept.error()));
    auto renewed = catalogue::renew_rows(standing, catalogue::Takedowns(std::move(*kept)), restored);
    if (!renewed) return base::fail(std::move(renewed.error()));
    changed = std::move(renewed->done.changed);
    return std::move(renewed->batch);
  });
  auto restored = store::backup::restore(place.store, place.data, file, steps);
  // The rows may be there even where the files that belong to them failed.
  if (auto done = users.forget_again(*forgotten); !done) return base::fail(std::move(done.error()));
  if (auto noted = place.users.note_change(); !noted) return base::fail(std::move(noted.error()));
  if (!restored) return base::fail(std::move(restored.error()));
  catalogue::Catalogue catalogue(place.store);
  if (auto shown = catalogue.show_again(std::move(changed)); !shown) return base::fail(std::move(shown.error()));
  return fmt::format("Restored {}. What was there before is kept as data/{} in the state.", contents_of(*restored),
                     name);
}

}  // namespace

bool is_backup_command(const json::Object& request) {
  const std::string_view command = json::text_of(request, "command");
  return command == "backup" || command == "restore";
}

Result<std::string> run_backup_command(const BackupPlace& place, const json::Object& request) {
  const std::filesystem::path file = std::string(json::text_of(request, "file"));
  if (!file.is_absolute()) return base::fail(ErrorCode::invalid_argument, "The file is named by an absolute path.");
  return json::text_of(request, "command") == "backup" ? backup(place, file) : restore(place, file);
}

Result<std::string> send_backup_command(const std::filesystem::path& folder, const std::filesystem::path& state,
                                        const json::Object& request) {
  auto found = find_state(folder, state);
  if (!found) return base::fail(std::move(found.error()));
  auto answer = ask_server(*found, request);
  if (answer || answer.error().code != ErrorCode::not_found) return answer;
  auto own = store::StateFolder::open(folder, *found);
  if (!own) return base::fail(std::move(own.error()));
  auto database = database_for_commands(**own);
  if (!database) return base::fail(std::move(database.error()));
  auto store = open_store(**own, *database);
  if (!store) return base::fail(std::move(store.error()));
  auto users = open_accounts(**own, *database);
  if (!users) return base::fail(std::move(users.error()));
  return run_backup_command({**store, **users, (*own)->data()}, request);
}

Result<std::string> verify_backup(const std::filesystem::path& file) {
  auto verified = store::backup::verify(file);
  if (!verified) return base::fail(std::move(verified.error()));
  return fmt::format("The backup is whole, and was restored for a try: {}.", contents_of(*verified));
}

}  // namespace armarium::app
