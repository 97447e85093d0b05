#include "ingest/content_lane.h"

#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "base/hash.h"
#include "base/log.h"
#include "catalogue/change_set.h"
#include "ingest/file_facts.h"

namespace armarium::ingest {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kPiece = 1U << 20;
constexpr std::size_t kFoldersAtOnce = 100;
constexpr auto kLongestRest = std::chrono::milliseconds(50);

}  // namespace

std::string content_hash(const base::ByteSource& file, const std::function<bool()>& stop) {
  base::Hasher hasher;
  const int descriptor = file.descriptor().value_or(-1);
  // Nothing is read ahead, so that what lies in memory when it is asked for was brought there by somebody else.
  if (descriptor >= 0) ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_RANDOM);
  base::Bytes piece(static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, file.size())));
  for (std::uint64_t at = 0; at < file.size();) {
    if (stop && stop()) return {};
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), file.size() - at));
    if (!file.read_now(at, std::span(piece).first(length))) {
      if (!file.read(at, std::span(piece).first(length))) return {};
      // What was read only for this need not push out of memory what readers look at.
      if (descriptor >= 0)
        ::posix_fadvise(descriptor, static_cast<off_t>(at), static_cast<off_t>(length), POSIX_FADV_DONTNEED);
    }
    hasher.add(base::ByteView(piece).first(length));
    at += length;
  }
  return hasher.hex();
}

void ContentLane::add(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  folders_.insert(folder);
}

bool ContentLane::has_work() const {
  const std::lock_guard lock(mutex_);
  return !all_queued_ || !folders_.empty();
}

// What an earlier run of the server left open.
void ContentLane::next_known() {
  auto reader = store_.read();
  auto rows = reader ? (*reader)->folders_below("", cursor_, kFoldersAtOnce)
                     : base::Result<std::vector<store::FolderRow>>(std::vector<store::FolderRow>{});
  const std::lock_guard lock(mutex_);
  // A short list is the last one: where there is only FOLDER itself, whose path is empty, a cursor would begin anew for ever.
  all_queued_ = !rows || rows->size() < kFoldersAtOnce;
  if (!rows || rows->empty()) return;
  cursor_ = rows->back().path;
  for (store::FolderRow& row : *rows) folders_.insert(std::move(row.path));
}

void ContentLane::step() {
  std::optional<std::string> folder;
  {
    const std::lock_guard lock(mutex_);
    if (folders_.empty() && all_queued_) return;
    if (!folders_.empty()) folder = std::move(folders_.extract(folders_.begin()).value());
  }
  if (!folder) {
    next_known();
  } else if (!read_folder(*folder)) {
    add(*folder);
  }
}

// False when it was interrupted.
bool ContentLane::read_folder(const std::string& folder) {
  auto reader = store_.read();
  if (!reader) return true;
  auto rows = (*reader)->files_in(folder);
  reader->reset();
  if (!rows) return true;
  for (const store::FileRow& row : *rows) {
    auto facts = facts_of(row.document);
    if (!facts || !facts->content.empty() || facts->fingerprint.empty()) continue;
    const auto file = source_.open(row.path);
    if (!file || (*file)->version().token != facts->version) continue;
    auto last = Clock::now();
    const std::string content = content_hash(**file, [&] {
      std::this_thread::sleep_for(std::min<Clock::duration>(Clock::now() - last, kLongestRest));
      last = Clock::now();
      return stop_();
    });
    if (content.empty()) {
      if (stop_()) return false;
      continue;
    }
    keep(row, content);
  }
  return true;
}

// Reading took its time: the row may be another file's by now, or gone. Only the hash is added to what stands there.
void ContentLane::keep(const store::FileRow& read, const std::string& content) {
  auto reader = store_.read();
  if (!reader) return;
  auto rows = (*reader)->files_in(read.folder);
  reader->reset();
  if (!rows) return;
  const auto row = std::find_if(rows->begin(), rows->end(), [&](const store::FileRow& now) {
    return now.path == read.path && now.token == read.token && now.fingerprint == read.fingerprint;
  });
  if (row == rows->end()) return;
  auto facts = facts_of(row->document);
  if (!facts) return;
  facts->content = content;
  row->document = facts_text(*facts);
  catalogue::ChangeSet changes{.durability = store::Durability::soon};
  changes.files.push_back(std::move(*row));
  if (auto kept = catalogue_.apply(changes); !kept)
    base::log::warning("{} {}", kept.error().message, kept.error().detail);
}

}  // namespace armarium::ingest
