#include "ingest/uploads.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

#include "base/log.h"
#include "ingest/new_file.h"
#include "ingest/uploads_item.h"

namespace armarium::ingest {

using base::ErrorCode;
using base::Result;

namespace {

constexpr std::int64_t kFinishedKept = 3600;  // seconds in which a client may ask how it ended

}  // namespace

Result<> Uploads::ready() const {
  if (!options_.enabled)
    return base::fail(ErrorCode::forbidden, "This server takes no files; it must be started with --uploads.");
  if (!folder_) return base::fail(ErrorCode::forbidden, "The folder that is served here cannot be written to.");
  return {};
}

std::filesystem::path Uploads::record_file(const std::string& id) const {
  return options_.root / ".armarium" / "uploads" / (id + ".json");
}

std::int64_t Uploads::expires(const Item& item) const {
  return item.touched + (item.finished ? kFinishedKept : std::int64_t{options_.lifetime.count()});
}

UploadStatus Uploads::status_of(const Item& item) const {
  UploadStatus status;
  status.id = item.id;
  status.record = item.record;
  status.offset = item.record.checked_to.value_or(item.offset);
  status.expires = expires(item);
  status.finished = item.finished;
  status.tag = item.tag;
  return status;
}

Result<> Uploads::save(const Item& item) const { return replace_file(record_file(item.id), to_text(item.record)); }

// Room for one more, among those that there are and on the disk; then it counts.
Result<> Uploads::admit(const UploadRecord& record, const ItemPtr& item) {
  std::size_t unfinished = 0;
  std::size_t of_one = 0;
  std::uint64_t together = record.length;
  std::uint64_t to_come = record.length;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, other] : items_) {
    if (other->finished) continue;
    ++unfinished;
    if (other->record.who == record.who) ++of_one;
    together += other->record.length;
    to_come += other->record.length - std::min<std::uint64_t>(other->offset, other->record.length);
  }
  if (unfinished >= options_.most || of_one >= options_.most_of_one) {
    base::Error error{
        ErrorCode::budget_spent, "There are too many unfinished uploads; finish or delete some first.", {}};
    error.retry_after = 60;
    return base::fail(std::move(error));
  }
  if (together > options_.together)
    return base::fail(ErrorCode::storage_full, "The room that this server has for unfinished uploads is used up.");
  struct statvfs disk {};
  if (::fstatvfs(folder_.get(), &disk) == 0 && to_come > std::uint64_t{disk.f_bavail} * disk.f_frsize)
    return base::fail(ErrorCode::storage_full, "There is not enough space left on the disk for a file of this length.");
  items_[item->id] = item;
  return {};
}

Result<UploadStatus> Uploads::create(UploadRecord record) {
  if (auto go = ready(); !go) return base::fail(go.error());
  if (record.length > options_.largest) {
    return base::fail(ErrorCode::too_large, fmt::format("A file may have at most {} bytes here.", options_.largest));
  }
  if (auto free = placement_.check(record.path, record.replaces); !free) return base::fail(free.error());
  const auto item = std::make_shared<Item>();
  const std::lock_guard lock(item->mutex);
  item->id = new_upload_id();
  item->record = std::move(record);
  item->touched = seconds_now();
  if (auto room = admit(item->record, item); !room) return base::fail(room.error());
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const source::FileDescriptor file(::openat(folder_.get(), item->part().c_str(), flags, 0666));
  auto made = file ? save(*item) : upload_failed("create");
  if (made && item->record.length == 0) made = place(*item);
  if (!made) {
    erase(*item);
    const std::lock_guard all(mutex_);
    items_.erase(item->id);
    return base::fail(made.error());
  }
  return status_of(*item);
}

Result<Uploads::ItemPtr> Uploads::find(const std::string& id, std::string_view who) {
  if (auto go = ready(); !go) return base::fail(go.error());
  ItemPtr item;
  {
    const std::lock_guard lock(mutex_);
    const auto found = items_.find(id);
    if (found != items_.end()) item = found->second;
  }
  if (!item) return base::fail(ErrorCode::not_found, "There is no such upload, or it is over.");
  if (item->record.who != who) return base::fail(ErrorCode::forbidden, "This upload is somebody else's.");
  return item;
}

// The client of the one that writes is gone, or it goes on by another request: what it has written so far counts.
void Uploads::push_aside(Item& item) const {
  item.writer = 0;
  if (!item.record.checked_to) return;
  const source::FileDescriptor file(::openat(folder_.get(), item.part().c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC));
  if (file && ::ftruncate(file.get(), static_cast<off_t>(*item.record.checked_to)) == 0) {
    item.offset = *item.record.checked_to;
    item.record.checked_to.reset();
    (void)save(item).has_value();  // else the next start does the same again
  }
}

// To its place. On the disk it counts as finished because its bytes are not with the unfinished any more.
Result<> Uploads::place(Item& item) {
  auto placed = placement_.place(folder_.get(), item.part(), item.record.path, item.record.replaces);
  if (!placed) return base::fail(placed.error());
  item.finished = true;
  item.touched = seconds_now();
  item.tag = std::move(*placed);
  note(item);
  return {};
}

// What could not be kept, or not be said to be kept, is kept again at the next start.
void Uploads::note(Item& item) const {
  if (options_.placed) options_.placed(item.record.path);
  if (options_.store != nullptr) {
    const auto kept = options_.store->write([&item](const store::Reader&) {
      store::Batch batch;
      batch.sent_files.push_back({.path = item.record.path,
                                  .size = item.record.length,
                                  .replaced = !item.record.replaces.empty(),
                                  .who = item.record.who});
      return batch;
    });
    if (!kept)
      return base::log::warning("who sent a file is not kept yet: {} {}", kept.error().message, kept.error().detail);
  }
  item.record.noted = true;
  if (item.record.resumable) (void)save(item).has_value();
}

Result<std::vector<store::SentFileRow>> Uploads::sent(std::uint64_t after, std::size_t limit) const {
  if (options_.store == nullptr) return std::vector<store::SentFileRow>();
  auto reader = options_.store->read();
  if (!reader) return base::fail(std::move(reader.error()));
  return (*reader)->sent_files(after, limit);
}

void Uploads::erase(Item& item) {
  item.removed = true;
  item.writer = 0;
  std::error_code ignored;
  std::filesystem::remove(record_file(item.id), ignored);  // first: bytes without a record are nothing
  ::unlinkat(folder_.get(), item.part().c_str(), 0);
}

Result<UploadStatus> Uploads::look(const std::string& id, std::string_view who) {
  auto found = find(id, who);
  if (!found) return base::fail(found.error());
  Item& item = **found;
  const std::lock_guard lock(item.mutex);
  if (item.removed) return base::fail(ErrorCode::not_found, "There is no such upload, or it is over.");
  if (item.writer == 0 && expires(item) <= seconds_now())
    return base::fail(ErrorCode::gone, "Nobody went on with this upload for too long.");
  if (item.writer != 0 && std::chrono::steady_clock::now() - item.moved >= options_.still) push_aside(item);
  if (!item.synced && !item.finished) {
    // What is said to be here is here after a loss of power, too.
    const source::FileDescriptor file(::openat(folder_.get(), item.part().c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!file || ::fdatasync(file.get()) != 0) return upload_failed("sync");
    item.synced = item.writer == 0;
  }
  if (item.writer == 0 && item.whole() && !item.finished) {
    if (auto placed = place(item); !placed) return base::fail(placed.error());
  }
  return status_of(item);
}

Result<> Uploads::remove(const std::string& id, std::string_view who) {
  auto found = find(id, who);
  if (!found) return base::fail(found.error());
  {
    const std::lock_guard lock((*found)->mutex);
    erase(**found);
  }
  const std::lock_guard lock(mutex_);
  items_.erase(id);
  return {};
}

}  // namespace armarium::ingest
