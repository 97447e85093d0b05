#include "cache/blob_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <vector>

#include <fmt/format.h>

namespace armarium::cache {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::string_view kHalfWritten = ".new";
constexpr std::int64_t kNoteEvery = 3600;  // seconds

tl::unexpected<base::Error> failed(const fs::path& file) {
  const bool full = errno == ENOSPC || errno == EDQUOT;
  return fail(ErrorCode::io, full ? "The disk is full." : "A derived file could not be written.",
              fmt::format("{}: {}", file.string(), std::strerror(errno)));
}

// The time of the last use is the file's time of access, which we set ourselves: its time of change stays.
void note_use(const fs::path& file, std::int64_t when) {
  const timespec times[2] = {{when, 0}, {0, UTIME_OMIT}};
  ::utimensat(AT_FDCWD, file.c_str(), times, 0);
}

}  // namespace

class BlobStore::FileWriter final : public Writer {
 public:
  FileWriter(BlobStore& store, std::string key, fs::path file, fs::path temporary, int descriptor)
      : store_(store),
        key_(std::move(key)),
        file_(std::move(file)),
        temporary_(std::move(temporary)),
        descriptor_(descriptor) {}
  ~FileWriter() override {
    ::close(descriptor_);
    if (!committed_) ::unlink(temporary_.c_str());
  }
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  Result<> append(base::ByteView bytes) override {
    if (bytes.size() > store_.max_bytes_ / 2 - std::min(size_, store_.max_bytes_ / 2))
      return fail(ErrorCode::resource_limit, "A derived file would take more than half of what is kept.");
    auto written = patch(size_, bytes);
    if (written) size_ += bytes.size();
    return written;
  }
  Result<> patch(std::uint64_t offset, base::ByteView bytes) override {
    while (!bytes.empty()) {
      const ssize_t count = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return failed(temporary_);
      offset += static_cast<std::uint64_t>(count);
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
  }
  std::uint64_t size() const override { return size_; }

  Result<> commit() override {
    if (::fsync(descriptor_) != 0 || ::rename(temporary_.c_str(), file_.c_str()) != 0) return failed(file_);
    committed_ = true;
    store_.add(key_, size_, std::time(nullptr));
    store_.keep_within();
    store_.note_uses();
    return {};
  }

 private:
  BlobStore& store_;
  std::string key_;
  fs::path file_;
  fs::path temporary_;
  int descriptor_;
  std::uint64_t size_ = 0;
  bool committed_ = false;
};

std::string BlobStore::path_of(std::string_view key) { return fmt::format("{}/{}", key.substr(0, 2), key.substr(2)); }

Result<std::unique_ptr<BlobStore>> BlobStore::open(fs::path folder, std::uint64_t max_bytes) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) return fail(ErrorCode::io, "The folder for derived files cannot be made.", failure.message());
  struct Found {
    std::string key;
    std::uint64_t size;
    std::int64_t used;
  };
  std::vector<Found> found;
  for (fs::recursive_directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    struct stat status {};
    if (::lstat(entry->path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    if (entry->path().extension() == kHalfWritten) {
      ::unlink(entry->path().c_str());
      continue;
    }
    found.push_back({entry->path().parent_path().filename().string() + entry->path().filename().string(),
                     static_cast<std::uint64_t>(status.st_size), status.st_atim.tv_sec});
  }
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.used < b.used; });
  std::unique_ptr<BlobStore> store(new BlobStore(std::move(folder), max_bytes));
  for (Found& blob : found) store->add(std::move(blob.key), blob.size, blob.used);
  store->keep_within();
  return store;
}

Result<std::unique_ptr<BlobStore::Writer>> BlobStore::write(const std::string& key) {
  static std::atomic<std::uint64_t> number = 0;
  const fs::path file = folder_ / path_of(key);
  fs::path temporary = file;
  temporary += fmt::format(".{}{}", ++number, kHalfWritten);
  std::error_code failure;
  fs::create_directories(file.parent_path(), failure);
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return failed(temporary);
  return std::make_unique<FileWriter>(*this, key, file, std::move(temporary), descriptor);
}

bool BlobStore::has(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = index_.find(key);
  if (found == index_.end()) return false;
  blobs_.splice(blobs_.begin(), blobs_, found->second);
  Blob& blob = *found->second;
  if (const std::int64_t now = std::time(nullptr); now - blob.noted > kNoteEvery) {
    blob.noted = now;
    used_.emplace_back(key);
  }
  return true;
}

BlobStore::~BlobStore() { note_uses(); }

void BlobStore::note_uses() {
  std::vector<std::string> used;
  {
    const std::lock_guard lock(mutex_);
    used.swap(used_);
  }
  const std::int64_t now = std::time(nullptr);
  for (const std::string& key : used) note_use(folder_ / path_of(key), now);
}

void BlobStore::remove(std::string_view key) {
  const fs::path file = folder_ / path_of(key);
  fs::path aside = file;
  aside += kHalfWritten;
  {
    const std::lock_guard lock(mutex_);
    const auto found = index_.find(key);
    if (found == index_.end()) return;
    const auto blob = found->second;
    // Renaming is quick; freeing gigabytes is not, and somebody may write the same key meanwhile.
    ::rename(file.c_str(), aside.c_str());
    bytes_ -= blob->size;
    index_.erase(found);
    blobs_.erase(blob);
  }
  ::unlink(aside.c_str());
}

void BlobStore::add(std::string key, std::uint64_t size, std::int64_t used) {
  const std::lock_guard lock(mutex_);
  if (const auto known = index_.find(key); known != index_.end()) {
    const auto blob = known->second;
    bytes_ -= blob->size;
    index_.erase(known);
    blobs_.erase(blob);
  }
  blobs_.push_front({std::move(key), size, used});
  index_.emplace(blobs_.front().key, blobs_.begin());
  bytes_ += size;
}

void BlobStore::keep_within() {
  for (;;) {
    std::string oldest;
    {
      const std::lock_guard lock(mutex_);
      if (bytes_ <= max_bytes_ || blobs_.empty()) return;
      oldest = blobs_.back().key;
    }
    remove(oldest);
  }
}

std::uint64_t BlobStore::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

std::size_t BlobStore::count() const {
  const std::lock_guard lock(mutex_);
  return blobs_.size();
}

}  // namespace armarium::cache
