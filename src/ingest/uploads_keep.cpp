// What is left of uploads on the disk: taken up at the start, swept now and then.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "base/log.h"
#include "ingest/uploads_item.h"

namespace armarium::ingest {

using base::Result;
using source::FileDescriptor;

namespace {

constexpr auto kBetweenSweeps = std::chrono::minutes(1);
constexpr std::size_t kMostRecordBytes = 64U << 10;
constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

std::string text_of(int folder, const std::string& name) {
  const FileDescriptor file(::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  std::string text(kMostRecordBytes, '\0');
  const ssize_t got = file ? ::read(file.get(), text.data(), text.size()) : 0;
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

}  // namespace

Uploads::Uploads(UploadOptions options, FileDescriptor root)
    : options_(std::move(options)), root_(std::move(root)), placement_(root_.get()) {}

Uploads::~Uploads() { stop(); }

Result<std::unique_ptr<Uploads>> Uploads::open(UploadOptions options) {
  FileDescriptor root(::open(options.root.c_str(), kFolder));
  if (!root) return upload_failed("open");
  std::unique_ptr<Uploads> uploads(new Uploads(std::move(options), std::move(root)));
  if (!uploads->options_.enabled) return uploads;
  if (auto made = uploads->make_folder(); !made) {
    base::log::warning("no files are taken: {} ({})", made.error().message, made.error().detail);
    return uploads;
  }
  if (auto loaded = uploads->load(); !loaded) return base::fail(loaded.error());
  return uploads;
}

Result<> Uploads::make_folder() {
  FileDescriptor state;
  for (const char* name : {".armarium", "uploads"}) {
    const int in = state ? state.get() : root_.get();
    if (::mkdirat(in, name, 0777) != 0 && errno != EEXIST) return upload_failed("mkdir");
    FileDescriptor next(::openat(in, name, kFolder));
    if (!next) return upload_failed("open");
    state = std::move(next);
  }
  if (::faccessat(state.get(), ".", W_OK | X_OK, 0) != 0) return upload_failed("access");
  folder_ = std::move(state);
  return {};
}

Result<> Uploads::load() {
  std::error_code failed;
  std::vector<std::string> strays;
  for (const auto& entry : std::filesystem::directory_iterator(record_file("x").parent_path(), failed)) {
    const std::string id = entry.path().stem().string();
    const std::string kind = entry.path().extension().string();
    if (is_upload_id(id) && kind == ".json") load_one(id);
    if (is_upload_id(id) && kind == ".part") strays.push_back(id);
    if (kind == ".new") ::unlinkat(folder_.get(), entry.path().filename().c_str(), 0);
  }
  if (failed) return base::fail(base::ErrorCode::io, "The unfinished uploads cannot be read.", failed.message());
  for (const std::string& id : strays) {
    if (!items_.contains(id)) ::unlinkat(folder_.get(), (id + ".part").c_str(), 0);
  }
  return {};
}

void Uploads::load_one(const std::string& id) {
  const auto item = std::make_shared<Item>();
  item->id = id;
  auto record = read_upload_record(text_of(folder_.get(), id + ".json"));
  if (!record) return erase(*item);
  item->record = std::move(*record);
  item->touched = seconds_now();
  struct stat found {};
  if (::fstatat(folder_.get(), item->part().c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0) {
    item->offset = static_cast<std::uint64_t>(found.st_size);
    item->touched = found.st_mtim.tv_sec;
    item->synced = false;
    if (item->record.checked_to) push_aside(*item);
    if (item->offset > item->record.length || !item->record.resumable) return erase(*item);
  } else {
    item->offset = item->record.length;
    item->finished = true;
  }
  items_[id] = item;
}

void Uploads::sweep() {
  std::vector<ItemPtr> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, item] : items_) all.push_back(item);
  }
  for (const ItemPtr& item : all) {
    {
      const std::lock_guard lock(item->mutex);
      // Who put a file in its place and is gone is named until that is kept.
      const bool settled = !item->finished || item->record.noted;
      const bool orphaned = settled && options_.is_user && !options_.is_user(item->record.who);
      if (!item->removed && !orphaned && (item->writer != 0 || expires(*item) > seconds_now())) continue;
      if (!item->removed) erase(*item);
    }
    const std::lock_guard lock(mutex_);
    items_.erase(item->id);
  }
}

// The server ended between the last byte and the move.
void Uploads::settle() {
  std::vector<ItemPtr> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, item] : items_) all.push_back(item);
  }
  for (const ItemPtr& item : all) {
    const std::lock_guard lock(item->mutex);
    if (item->removed || item->writer != 0) continue;
    if (item->finished && !item->record.noted) note(*item);
    if (item->finished || !item->whole()) continue;
    if (auto placed = place(*item); !placed)
      base::log::warning("an upload stays where it is: {} ({})", placed.error().message, placed.error().detail);
  }
}

void Uploads::start() {
  if (!folder_) return;
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Uploads::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void Uploads::run(const std::stop_token& stop) {
  settle();
  while (!stop.stop_requested()) {
    sweep();
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, kBetweenSweeps, [] { return false; });
  }
}

}  // namespace armarium::ingest
