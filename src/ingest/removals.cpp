#include "ingest/removals.h"

#include "catalogue/change_set.h"
#include "ingest/identifiers.h"

namespace armarium::ingest {
namespace {

constexpr std::uint64_t kFewItems = 20;
constexpr std::uint64_t kOneIn = 20;  // 5 %
constexpr std::size_t kPage = 500;

// Whether the path is inside another one of the set: that one covers it.
bool covered(const std::set<std::string>& folders, std::string_view path) {
  while (!path.empty()) {
    path = parent_of(path);
    if (!path.empty() && folders.contains(std::string(path))) return true;
  }
  return false;
}

base::Result<> remove_folder(const std::string& folder, store::Store& store, catalogue::Catalogue& catalogue) {
  std::string cursor;
  for (;;) {
    auto reader = store.read();
    if (!reader) return base::fail(std::move(reader.error()));
    auto rows = (*reader)->folders_below(folder, cursor, kPage);
    if (!rows) return base::fail(std::move(rows.error()));
    if (rows->empty()) return {};
    catalogue::ChangeSet changes;
    for (const store::FolderRow& row : *rows) {
      changes.removed_folders.push_back(row.path);
      auto items = (*reader)->items_of_folder(row.path);
      if (!items) return base::fail(std::move(items.error()));
      for (const store::ItemRow& item : *items) changes.removed.push_back(item.key);
    }
    cursor = rows->back().path;
    reader->reset();
    if (auto done = catalogue.apply(changes); !done) return base::fail(std::move(done.error()));
  }
}

}  // namespace

base::Result<RemovalResult> remove_vanished(const Vanished& vanished, bool accept, const Tree& tree,
                                            store::Store& store, catalogue::Catalogue& catalogue) {
  RemovalResult result;
  std::vector<std::string> folders;
  catalogue::ChangeSet changes;
  {
    auto reader = store.read();
    if (!reader) return base::fail(std::move(reader.error()));
    auto total = (*reader)->count_items_below("");
    if (!total) return base::fail(std::move(total.error()));
    result.of = *total;
    for (const std::string& folder : vanished.folders) {
      if (covered(vanished.folders, folder)) continue;
      const auto row = (*reader)->folder(folder);
      if (!row || !*row) continue;  // moved, or removed already
      auto count = (*reader)->count_items_below(folder);
      if (!count) return base::fail(std::move(count.error()));
      result.items += *count;
      folders.push_back(folder);
    }
    for (const auto& [key, folder] : vanished.items) {
      const auto item = (*reader)->item(key, base::Principal::system());
      if (!item || !*item || (*item)->folder != folder) continue;
      ++result.items;
      changes.removed.push_back(key);
      result.parents.insert(folder);
    }
  }
  if (!accept && result.items > kFewItems && result.items * kOneIn > result.of) {
    result.held_back = true;
    return result;
  }
  for (const std::string& folder : folders) {
    if (auto done = remove_folder(folder, store, catalogue); !done) return base::fail(std::move(done.error()));
    result.parents.insert(std::string(parent_of(folder)));
  }
  for (const std::string& file : vanished.files) {
    if (!tree.look(file)) changes.removed_files.push_back(file);
  }
  if (auto done = catalogue.apply(changes); !done) return base::fail(std::move(done.error()));
  return result;
}

}  // namespace armarium::ingest
