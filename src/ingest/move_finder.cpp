#include "ingest/move_finder.h"

#include <set>

#include "ingest/content_lane.h"
#include "ingest/identifiers.h"

namespace armarium::ingest {
namespace {

constexpr std::size_t kMostAlike = 50;  // more equal files, or names of one file: nothing is recognised

std::string below(const std::string& folder, const std::string& path) {
  return path.substr(folder.empty() ? 0 : folder.size() + 1);
}

}  // namespace

// All bytes: of a file that was there before its hash is left, the new one is read where that is not known. Nothing when it cannot be said.
std::optional<bool> MoveFinder::same_content(const store::FileRow& before, const std::string& path, FileFacts& now) {
  const auto was = facts_of(before.document);
  if (!was || was->content.empty()) return std::nullopt;
  if (now.content.empty()) {
    const auto file = source_.open(path);
    const auto stop = [this] {
      stopped_ = stopped_ || (stop_ && stop_());
      return stopped_;
    };
    if (file) now.content = content_hash(**file, stop);
  }
  if (now.content.empty()) return std::nullopt;
  return now.content == was->content;
}

bool MoveFinder::holds_same_folders(const std::string& was, const std::string& now) const {
  const auto rows = reader_.folders_in(was);
  if (!rows || rows->empty()) return false;
  std::size_t same = 0;
  for (const store::FolderRow& row : *rows) {
    const auto entry = tree_.look(join(now, name_of(row.path)));
    if (entry && entry->is_folder && entry->inode == row.inode) ++same;
  }
  return same * 2 >= rows->size();
}

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
    // The number of an inode is given again: the files, or the name or the folders in it, must speak for it too.
    const bool alike = files->empty() ? name_of(row.path) == name_of(now.path) || holds_same_folders(row.path, now.path)
                                      : same * 2 >= files->size();
    if (alike) return std::move(row);
  }
  return std::nullopt;
}

std::optional<store::FolderRow> MoveFinder::folder_by_content(const Reading& now, const FactsMap& facts) {
  if (facts.empty() || facts.begin()->second.fingerprint.empty()) return std::nullopt;
  const auto& [first, first_facts] = *facts.begin();
  const auto entry = now.files.find(first);
  if (entry == now.files.end()) return std::nullopt;
  const auto alike = reader_.files_like(entry->second.size, first_facts.fingerprint, kMostAlike + 1);
  if (!alike || alike->size() > kMostAlike) return std::nullopt;
  std::set<std::string> candidates;
  for (const store::FileRow& row : *alike) {
    const bool fits = row.folder != now.path && below(row.folder, row.path) == first;
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
  for (const store::FileRow& row : *files) {
    const std::string name = below(row.folder, row.path);
    FileFacts file = facts.at(name);
    if (!same_content(row, join(now.path, name), file).value_or(false)) return std::nullopt;
  }
  return reader_.folder(*candidates.begin()).value_or(std::nullopt);
}

std::optional<std::string> MoveFinder::file(const std::string& path, const Entry& entry, const FileFacts& facts) {
  const auto rows = reader_.files_by_inode(entry.inode, kMostAlike + 1);
  if (rows && rows->size() <= kMostAlike) {
    for (const store::FileRow& row : *rows) {
      // The number of an inode is given again: size and time, which a move leaves alone, must speak for it too.
      if (row.path != path && row.token.starts_with(entry.token()) && row.fingerprint == facts.fingerprint &&
          is_gone(row.path))
        return row.path;
    }
  }
  if (facts.fingerprint.empty()) return std::nullopt;
  const auto alike = reader_.files_like(entry.size, facts.fingerprint, kMostAlike + 1);
  if (!alike || alike->size() > kMostAlike) return std::nullopt;
  const store::FileRow* found = nullptr;
  FileFacts now = facts;
  for (const store::FileRow& row : *alike) {
    if (row.path == path) continue;
    const auto same = same_content(row, path, now);
    if (same && !*same) continue;
    // One that is still there, a second that vanished, one that was never read whole: nobody can say which one this was.
    if (!same || found != nullptr || !is_gone(row.path)) return std::nullopt;
    found = &row;
  }
  if (found == nullptr) return std::nullopt;
  return found->path;
}

}  // namespace armarium::ingest
