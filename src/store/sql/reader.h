#pragma once
// The reads, on a connection that somebody else owns. The same for each database. Inside store only.

#include "store/sql/connection.h"
#include "store/store.h"

namespace armarium::store::sql {

class SqlReader : public Reader {
 public:
  SqlReader(Connection& connection, Revision revision) : connection_(connection), revision_(revision) {}
  Revision revision() const override { return revision_; }

  base::Result<std::optional<ItemRow>> item(const ItemKey& key, const base::Principal& who) const override;
  base::Result<std::vector<ItemRow>> items(std::span<const ItemKey> keys, const base::Principal& who) const override;
  base::Result<std::vector<ItemRow>> items_after(const std::optional<ItemKey>& cursor, std::size_t limit,
                                                 const base::Principal& who) const override;
  base::Result<std::vector<ItemRow>> items_of_folder(std::string_view folder) const override;
  base::Result<std::uint64_t> count_items_below(std::string_view folder) const override;
  base::Result<std::vector<MemberRow>> members(std::string_view collection, std::optional<std::uint64_t> after,
                                               std::size_t limit, const base::Principal& who) const override;
  base::Result<MemberSummary> member_summary(std::string_view collection, const base::Principal& who) const override;
  base::Result<std::vector<ItemKey>> member_keys(std::string_view collection) const override;
  base::Result<std::vector<ItemRow>> holders(const ItemKey& key, const base::Principal& who) const override;
  base::Result<std::vector<ItemRow>> holders_of(std::span<const ItemKey> keys) const override;
  base::Result<std::string> first_thumbnail(std::string_view collection) const override;
  base::Result<std::vector<CanvasRow>> canvases(std::string_view manifest) const override;
  base::Result<std::vector<StatementRow>> statements(const ItemKey& key) const override;
  base::Result<std::vector<ItemKey>> written_in(std::string_view collection) const override;
  base::Result<std::vector<VersionRow>> versions(const ItemKey& key, std::uint64_t after,
                                                 std::size_t limit) const override;
  base::Result<std::optional<VersionRow>> version(const ItemKey& key, std::uint64_t number) const override;
  base::Result<std::vector<AssetRow>> assets(std::span<const std::string> identifiers) const override;
  base::Result<std::vector<AssetRow>> assets_of(std::string_view manifest) const override;
  base::Result<std::optional<AliasRow>> alias(std::string_view alias) const override;
  base::Result<std::vector<AliasRow>> aliases_from(std::string_view origin) const override;
  base::Result<bool> is_gone(const ItemKey& key) const override;
  base::Result<std::vector<ProblemRow>> problems(std::size_t limit) const override;
  base::Result<std::uint64_t> count_problems() const override;
  base::Result<std::vector<ProblemRow>> problems_of(std::string_view owner) const override;
  base::Result<std::vector<ActivityRow>> activities(std::uint64_t after, std::size_t limit) const override;
  base::Result<std::vector<ActivityRow>> public_activities(std::uint64_t after, std::size_t limit) const override;
  base::Result<std::uint64_t> last_place() const override;
  base::Result<std::uint64_t> last_place_of(const ItemKey& key) const override;
  base::Result<std::optional<ContentStateRow>> content_state(std::string_view id) const override;
  base::Result<std::vector<ContentStateRow>> content_states_after(std::string_view id,
                                                                  std::size_t limit) const override;
  base::Result<std::vector<SentFileRow>> sent_files(std::uint64_t after, std::size_t limit) const override;
  base::Result<std::vector<TakedownRow>> takedowns() const override;
  base::Result<std::vector<ItemKey>> items_named(std::string_view identifier) const override;
  base::Result<std::vector<AssetRow>> assets_named(std::string_view identifier) const override;
  base::Result<std::vector<std::string>> holders_of_canvases_named(std::string_view identifier) const override;
  base::Result<std::vector<AliasRow>> aliases_to(std::string_view identifier) const override;
  base::Result<std::vector<ItemKey>> written_items() const override;
  base::Result<std::optional<FolderRow>> folder(std::string_view path) const override;
  base::Result<std::vector<FolderRow>> folders_in(std::string_view parent) const override;
  base::Result<std::vector<FolderRow>> folders_below(std::string_view path, std::string_view cursor,
                                                     std::size_t limit) const override;
  base::Result<std::vector<FolderRow>> folders_by_inode(std::uint64_t inode) const override;
  base::Result<std::vector<FileRow>> files_in(std::string_view folder) const override;
  base::Result<std::vector<FileRow>> files_by_inode(std::uint64_t inode, std::size_t limit) const override;
  base::Result<std::vector<FileRow>> files_like(std::uint64_t size, std::string_view fingerprint,
                                                std::size_t limit) const override;
  base::Result<std::string> setting(std::string_view key) const override;

  // For the writer: when a statement came, as the revision of its first write.
  base::Result<std::optional<std::uint64_t>> statement_place(const ItemKey& key, std::string_view origin) const;

 private:
  Connection& connection_;
  Revision revision_;
};

}  // namespace armarium::store::sql
