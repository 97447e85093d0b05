#pragma once
// Storage, in SQLite or in PostgreSQL: calls on sets, one atomic write at a time that returns its revision, cursors by key that hold
// nothing open between pages. A Reader is one consistent snapshot: make it, ask, let it go; it belongs to one thread. The Store is thread-safe; every call
// blocks on the database. Errors: io, corrupt, storage_full;
// unavailable and deadline_exceeded of a database server; invalid_argument for text that is no UTF-8 or holds NUL.

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/principal.h"
#include "store/rows.h"

namespace armarium::store {

class Reader {
 public:
  virtual ~Reader() = default;
  virtual Revision revision() const = 0;

  virtual base::Result<std::optional<ItemRow>> item(const ItemKey& key, const base::Principal& who) const = 0;
  // Those there are, in the order asked.
  virtual base::Result<std::vector<ItemRow>> items(std::span<const ItemKey> keys, const base::Principal& who) const = 0;
  // By kind and identifier, after `cursor` (nothing: from the start).
  virtual base::Result<std::vector<ItemRow>> items_after(const std::optional<ItemKey>& cursor, std::size_t limit,
                                                         const base::Principal& who) const = 0;
  virtual base::Result<std::vector<ItemRow>> items_of_folder(std::string_view folder) const = 0;
  // Items whose folder is `folder` or lies below it.
  virtual base::Result<std::uint64_t> count_items_below(std::string_view folder) const = 0;

  virtual base::Result<std::vector<MemberRow>> members(std::string_view collection, std::optional<std::uint64_t> after,
                                                       std::size_t limit, const base::Principal& who) const = 0;
  virtual base::Result<MemberSummary> member_summary(std::string_view collection, const base::Principal& who) const = 0;
  virtual base::Result<std::vector<ItemKey>> member_keys(std::string_view collection) const = 0;
  // The collections that hold an item, by identifier.
  virtual base::Result<std::vector<ItemRow>> holders(const ItemKey& key, const base::Principal& who) const = 0;
  // Those that hold any of `keys`, each once, by identifier, whoever may see them.
  virtual base::Result<std::vector<ItemRow>> holders_of(std::span<const ItemKey> keys) const = 0;
  // The thumbnail of the first member that has one; empty when none has.
  virtual base::Result<std::string> first_thumbnail(std::string_view collection) const = 0;

  virtual base::Result<std::vector<CanvasRow>> canvases(std::string_view manifest) const = 0;
  virtual base::Result<std::vector<StatementRow>> statements(const ItemKey& key) const = 0;  // by origin
  // The items without a folder that hang in a collection, in the order in which they came.
  virtual base::Result<std::vector<ItemKey>> written_in(std::string_view collection) const = 0;
  // After number `after`, at most `limit`; without their content.
  virtual base::Result<std::vector<VersionRow>> versions(const ItemKey& key, std::uint64_t after,
                                                         std::size_t limit) const = 0;
  virtual base::Result<std::optional<VersionRow>> version(const ItemKey& key, std::uint64_t number) const = 0;
  // Those there are, in any order.
  virtual base::Result<std::vector<AssetRow>> assets(std::span<const std::string> identifiers) const = 0;
  virtual base::Result<std::vector<AssetRow>> assets_of(std::string_view manifest) const = 0;

  virtual base::Result<std::optional<AliasRow>> alias(std::string_view alias) const = 0;
  virtual base::Result<std::vector<AliasRow>> aliases_from(std::string_view origin) const = 0;
  virtual base::Result<bool> is_gone(const ItemKey& key) const = 0;
  virtual base::Result<std::vector<ProblemRow>> problems(std::size_t limit) const = 0;
  virtual base::Result<std::uint64_t> count_problems() const = 0;
  virtual base::Result<std::vector<ProblemRow>> problems_of(std::string_view owner) const = 0;
  virtual base::Result<std::vector<ActivityRow>> activities(std::uint64_t after, std::size_t limit) const = 0;
  // Those that everybody may know, by place; and the last place.
  virtual base::Result<std::vector<ActivityRow>> public_activities(std::uint64_t after, std::size_t limit) const = 0;
  virtual base::Result<std::uint64_t> last_place() const = 0;
  // The last public place whose entry names an item, as its object or as the target of a move; 0: none.
  virtual base::Result<std::uint64_t> last_place_of(const ItemKey& key) const = 0;

  virtual base::Result<std::optional<ContentStateRow>> content_state(std::string_view id) const = 0;
  virtual base::Result<std::vector<ContentStateRow>> content_states_after(std::string_view id,
                                                                          std::size_t limit) const = 0;

  // By number, after `after`.
  virtual base::Result<std::vector<SentFileRow>> sent_files(std::uint64_t after, std::size_t limit) const = 0;

  virtual base::Result<std::vector<TakedownRow>> takedowns() const = 0;  // all, by identifier
  // What has this identifier, or one that begins with it and "~" or "=".
  virtual base::Result<std::vector<ItemKey>> items_named(std::string_view identifier) const = 0;
  virtual base::Result<std::vector<AssetRow>> assets_named(std::string_view identifier) const = 0;
  virtual base::Result<std::vector<std::string>> holders_of_canvases_named(std::string_view identifier) const = 0;
  virtual base::Result<std::vector<AliasRow>> aliases_to(std::string_view identifier) const = 0;
  virtual base::Result<std::vector<ItemKey>> written_items() const = 0;

  virtual base::Result<std::optional<FolderRow>> folder(std::string_view path) const = 0;
  virtual base::Result<std::vector<FolderRow>> folders_in(std::string_view parent) const = 0;
  // `path` itself and all below it, by path, after `cursor`.
  virtual base::Result<std::vector<FolderRow>> folders_below(std::string_view path, std::string_view cursor,
                                                             std::size_t limit) const = 0;
  virtual base::Result<std::vector<FolderRow>> folders_by_inode(std::uint64_t inode) const = 0;
  virtual base::Result<std::vector<FileRow>> files_in(std::string_view folder) const = 0;
  virtual base::Result<std::vector<FileRow>> files_by_inode(std::uint64_t inode, std::size_t limit) const = 0;
  virtual base::Result<std::vector<FileRow>> files_like(std::uint64_t size, std::string_view fingerprint,
                                                        std::size_t limit) const = 0;
  virtual base::Result<std::string> setting(std::string_view key) const = 0;  // empty when there is none
};

// Everything that one write changes; applied in one transaction, or not at all.
struct Batch {
  std::vector<ItemRow> items{};
  std::vector<ItemKey> removed_items{};  // with their canvases, members and places in collections
  std::vector<std::pair<std::string, std::vector<ItemKey>>> members{};     // the whole list of a collection
  std::vector<std::pair<std::string, std::vector<CanvasRow>>> canvases{};  // the whole list of a manifest
  std::vector<AssetRow> assets{};
  std::vector<std::string> removed_assets{};
  std::vector<StatementRow> statements{};
  std::vector<std::pair<ItemKey, std::string>> removed_statements{};  // of an item, by its origin
  std::vector<VersionRow> versions{};
  std::vector<std::pair<ItemKey, ItemKey>>
      moved_versions{};  // the history of the first goes on as that of the second, after what that one has
  std::vector<ItemKey> forgotten_versions{};  // the whole history of an item
  std::vector<AliasRow> aliases{};
  std::vector<std::string> removed_aliases{};
  std::vector<ItemKey> gone{};
  std::vector<ItemKey> not_gone{};
  std::vector<ActivityRow> activities{};
  std::vector<ItemKey> erased{};  // the log keeps its activities of before this write and forgets their names
  std::vector<std::pair<std::string, std::vector<ProblemRow>>> problems{};  // all of an owner
  std::vector<FolderRow> folders{};
  std::vector<std::string> removed_folders{};  // with their files
  std::vector<FileRow> files{};
  std::vector<std::string> removed_files{};
  std::vector<std::pair<std::string, std::string>> settings{};
  std::vector<ContentStateRow> content_states{};
  std::vector<std::string> removed_content_states{};
  std::vector<SentFileRow> sent_files{};
  std::vector<TakedownRow> takedowns{};
  std::vector<std::string> lifted{};  // causes: all rows that have one of them

  // Whether anything changes that a reader of documents can see: only then the revision goes up.
  bool publishes() const noexcept;
  bool empty() const noexcept;
  // Whether what is removed must not be found on the disk afterwards either.
  bool erases() const noexcept;
};

namespace sql {
class Connection;
}

class Store {
 public:
  virtual ~Store() = default;
  virtual base::Result<std::unique_ptr<Reader>> read() const = 0;
  // Runs `body` inside the writing transaction, on a reader of that transaction, and applies what it gives. Gives the revision after the write.
  virtual base::Result<Revision> write(const std::function<base::Result<Batch>(const Reader&)>& body,
                                       Durability durability) = 0;
  base::Result<Revision> write(const std::function<base::Result<Batch>(const Reader&)>& body) {
    return write(body, Durability::synced);
  }
  // For backups: `body` runs on a snapshot of the whole database.
  virtual base::Result<> with_snapshot(const std::function<base::Result<>(sql::Connection&, Revision)>& body) const = 0;
  // For restoring: `body` runs inside the writing transaction and may change every table. Gives the revision after it, which nobody has seen before; each item has it.
  virtual base::Result<Revision> replace_all(const std::function<base::Result<>(sql::Connection&)>& body) = 0;
  virtual Revision revision() const noexcept = 0;  // of the last commit that is known here; no database call
};

}  // namespace armarium::store
