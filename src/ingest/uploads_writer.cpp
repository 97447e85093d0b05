// The bytes of one request on their way into an upload.

#include <fcntl.h>
#include <unistd.h>

#include "ingest/uploads_item.h"

namespace armarium::ingest {

using base::ErrorCode;
using base::Result;

namespace {

tl::unexpected<base::Error> pushed_aside() {
  return base::fail(ErrorCode::conflict, "Another request goes on with this upload now.");
}

Result<std::optional<Checksum>> checksum_of(const std::optional<Uploads::Sum>& sum) {
  if (!sum) return std::optional<Checksum>();
  auto made = Checksum::of(sum->algorithm);
  if (!made) {
    return base::fail(ErrorCode::invalid_argument, fmt::format("A checksum is one of {}.", Checksum::kAlgorithms));
  }
  if (sum->digest.size() != made->size())
    return base::fail(ErrorCode::invalid_argument, "The checksum has not the length that its algorithm gives.");
  return std::optional(std::move(*made));
}

}  // namespace

Result<std::unique_ptr<Uploads::Writer>> Uploads::write(const std::string& id, std::string_view who,
                                                        std::uint64_t offset, const std::optional<Sum>& sum) {
  auto found = find(id, who);
  if (!found) return base::fail(found.error());
  auto checksum = checksum_of(sum);
  if (!checksum) return base::fail(checksum.error());
  Item& item = **found;
  const std::lock_guard lock(item.mutex);
  if (item.removed) return base::fail(ErrorCode::not_found, "There is no such upload, or it is over.");
  if (item.writer == 0 && expires(item) <= seconds_now())
    return base::fail(ErrorCode::gone, "Nobody went on with this upload for too long.");
  if (item.writer != 0) {
    if (std::chrono::steady_clock::now() - item.moved < options_.still)
      return base::fail(ErrorCode::conflict,
                        "Another request is sending bytes of this upload; ask again when it is over.");
    push_aside(item);
  }
  if (item.offset != offset) {
    return base::fail(ErrorCode::conflict,
                      fmt::format("This upload goes on at byte {}, not {}.", item.offset.load(), offset));
  }
  source::FileDescriptor file;
  if (!item.finished) {
    file = source::FileDescriptor(::openat(folder_.get(), item.part().c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!file) return upload_failed("open");
  }
  if (*checksum && !item.finished) {
    item.record.checked_to = offset;
    if (auto saved = save(item); !saved) {
      item.record.checked_to.reset();
      return base::fail(saved.error());
    }
  }
  item.writer = ++item.writers;
  item.moved = std::chrono::steady_clock::now();
  const std::string digest = sum ? sum->digest : std::string();
  std::unique_ptr<Writer> writer(new Writer(*this, *found, item.writer, std::move(file), std::move(*checksum), digest));
  return writer;
}

Uploads::Writer::Writer(Uploads& uploads, ItemPtr item, std::uint64_t number, source::FileDescriptor file,
                        std::optional<Checksum> sum, std::string expected)
    : uploads_(uploads),
      item_(std::move(item)),
      number_(number),
      file_(std::move(file)),
      sum_(std::move(sum)),
      expected_(std::move(expected)) {}

Uploads::Writer::~Writer() {
  Item& item = *item_;
  {
    const std::lock_guard lock(item.mutex);
    if (item.writer == number_) uploads_.push_aside(item);
    if (item.record.resumable || item.removed) return;
    // Nobody knows its name.
    uploads_.erase(item);
  }
  const std::lock_guard lock(uploads_.mutex_);
  uploads_.items_.erase(item.id);
}

std::uint64_t Uploads::Writer::room() const {
  const std::lock_guard lock(item_->mutex);
  return item_->record.length - item_->offset;
}

Result<> Uploads::Writer::add(base::ByteView bytes) {
  Item& item = *item_;
  const std::lock_guard lock(item.mutex);
  if (item.writer != number_) return pushed_aside();
  if (bytes.size() > item.record.length - item.offset)
    return base::fail(ErrorCode::too_large, "There are more bytes than the upload was said to have.");
  if (sum_) sum_->add(bytes);
  item.synced = false;
  while (!bytes.empty()) {
    const ssize_t wrote = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(item.offset.load()));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return upload_failed("write");
    item.offset += static_cast<std::uint64_t>(wrote);
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
  item.moved = std::chrono::steady_clock::now();
  item.touched = seconds_now();
  return {};
}

// Under the item's lock. Nothing that was not compared is kept.
Result<> Uploads::Writer::compare() {
  Item& item = *item_;
  if (sum_->finish() != expected_) {
    uploads_.push_aside(item);
    return base::fail(ErrorCode::corrupt, "The bytes do not have the checksum that came with them; none was kept.");
  }
  return {};
}

Result<UploadStatus> Uploads::Writer::end() {
  Item& item = *item_;
  const std::lock_guard lock(item.mutex);
  if (item.writer != number_) return pushed_aside();
  if (sum_) {
    if (auto same = compare(); !same) return base::fail(same.error());
  }
  if (!item.finished && ::fdatasync(file_.get()) != 0) return upload_failed("sync");
  item.synced = true;
  if (item.record.checked_to) {
    item.record.checked_to.reset();
    if (auto saved = uploads_.save(item); !saved) return base::fail(saved.error());
  }
  item.writer = 0;
  if (item.whole() && !item.finished) {
    if (auto placed = uploads_.place(item); !placed) return base::fail(placed.error());
  }
  return uploads_.status_of(item);
}

}  // namespace armarium::ingest
