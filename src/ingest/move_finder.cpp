#include "ingest/move_finder.h"

#include <set>

#include "ingest/identifiers.h"

namespace armarium::ingest {
namespace {

constexpr std::size_t kMostOfOneSize = 50;  // more files of one size: nothing is recognised

std::string below(const std::string& folder, const std::string& path) {
  return path.substr(folder.empty() ? 0 : folder.size() + 1);
}

}  // namespace

std::optional<store::FolderRow> MoveFinder::folder_by_inode(const Reading& now) const {
  auto rows = reader_.folders_by_inode(now.inode);
  if (!rows) return std::nullopt;
  for (store::FolderRow& row : *rows) {
    if (row.path == now.path || !is_gone(row.path)) continue;
    const auto files = reader_.files_in(row.path);
    if (!files) continue;
    std::size_t same = 0;
    for (const store::FileRow& file : *files) {
      const auto found = now.files.find(below(row.path, file.path));
      if (found != now.files.end() && file.token.starts_with(found->second.token())) ++same;
    }
    // The number of an inode is given again: the files, or the name, must speak for it too.
    if (files->empty() ? name_of(row.path) == name_of(now.path) : same * 2 >= files->size()) return std::move(row);
  }
  return std::nullopt;
}

std::optional<store::FolderRow> MoveFinder::folder_by_content(const Reading& now, const FactsMap& facts) const {
  if (facts.empty() || facts.begin()->second.fingerprint.empty()) return std::nullopt;
  const auto& [first, first_facts] = *facts.begin();
  const auto entry = now.files.find(first);
  if (entry == now.files.end()) return std::nullopt;
  const auto alike = reader_.files_by_size(entry->second.size, kMostOfOneSize + 1);
  if (!alike || alike->size() > kMostOfOneSize) return std::nullopt;
  std::set<std::string> candidates;
  for (const store::FileRow& row : *alike) {
    const bool fits =
        row.fingerprint == first_facts.fingerprint && row.folder != now.path && below(row.folder, row.path) == first;
    if (fits && is_gone(row.folder)) candidates.insert(row.folder);
  }
  if (candidates.size() != 1) return std::nullopt;
  const auto files = reader_.files_in(*candidates.begin());
  if (!files || files->size() != facts.size()) return std::nullopt;
  for (const store::FileRow& row : *files) {
    const auto found = facts.find(below(row.folder, row.path));
    if (found == facts.end() || found->second.fingerprint != row.fingerprint || row.fingerprint.empty())
      return std::nullopt;
  }
  return reader_.folder(*candidates.begin()).value_or(std::nullopt);
}

std::optional<std::string> MoveFinder::file(const std::string& path, const Entry& entry, const FileFacts& facts) const {
  if (const auto rows = reader_.files_by_inode(entry.inode)) {
    for (const store::FileRow& row : *rows) {
      if (row.path != path && row.size == entry.size && row.fingerprint == facts.fingerprint && is_gone(row.path))
        return row.path;
    }
  }
  if (facts.fingerprint.empty()) return std::nullopt;
  const auto alike = reader_.files_by_size(entry.size, kMostOfOneSize + 1);
  if (!alike || alike->size() > kMostOfOneSize) return std::nullopt;
  std::optional<std::string> found;
  for (const store::FileRow& row : *alike) {
    if (row.path == path || row.fingerprint != facts.fingerprint) continue;
    // One that is still there, or a second that vanished: copies, and nobody can say which one this was.
    if (found || !is_gone(row.path)) return std::nullopt;
    found = row.path;
  }
  return found;
}

}  // namespace armarium::ingest
