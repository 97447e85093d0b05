#include "pipeline/opened_pictures.h"

#include <chrono>

namespace armarium::pipeline {
namespace {

constexpr std::int64_t kTrustedMilliseconds = 1000;
constexpr std::size_t kMaxOpenFiles = 256;  // each entry holds one descriptor
constexpr std::size_t kShards = 4;

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// About what an index holds: metadata, profiles and a table of tiles for each level.
std::uint64_t cost_of(const codec::Picture& picture) {
  const codec::Index& index = picture.index();
  std::uint64_t bytes = 4096 + index.metadata.exif.size() + index.metadata.xmp.size() + index.metadata.iptc.size();
  for (const codec::Page& page : index.pages) {
    bytes += 256 + (page.icc ? page.icc->size() : 0);
    for (const codec::Level& level : page.levels) {
      bytes += 64;
      if (!level.tile.empty()) bytes += (level.size.area() / level.tile.area() + 1) * 16;
    }
  }
  return bytes;
}

// Damage stays until the file changes. A disk that fails may recover, and what no decoder knows is found out quickly and may be
// known once armarium-decode has started.
bool lasting(base::ErrorCode code) {
  return code == base::ErrorCode::corrupt || code == base::ErrorCode::resource_limit;
}

}  // namespace

OpenedPictures::OpenedPictures(const source::Source& source, codec::Limits limits, std::uint64_t max_bytes)
    : source_(source), limits_(limits), entries_(max_bytes, kShards, kMaxOpenFiles) {}

base::Result<OpenedPictures::EntryPtr> OpenedPictures::current(const std::string& path, const std::string& known) {
  EntryPtr entry = entries_.find(path);
  const bool as_known = entry && (known.empty() || entry->version == known);
  if (as_known && now() - entry->checked_at.load(std::memory_order_relaxed) < kTrustedMilliseconds) return entry;
  auto version = source_.version(path);
  if (!version) {
    entries_.erase(path);
    return base::fail(std::move(version.error()));
  }
  if (!entry || entry->version != version->token) return EntryPtr();
  entry->checked_at.store(now(), std::memory_order_relaxed);
  return entry;
}

OpenedPicturePtr OpenedPictures::find(const std::string& path, const std::string& known,
                                      std::chrono::steady_clock::time_point* until) {
  const EntryPtr entry = entries_.find(path);
  if (!entry || (!known.empty() && entry->version != known) || !entry->opened) return nullptr;
  const std::int64_t end = entry->checked_at.load(std::memory_order_relaxed) + kTrustedMilliseconds;
  if (until != nullptr) *until = std::chrono::steady_clock::time_point(std::chrono::milliseconds(end));
  return now() < end ? *entry->opened : nullptr;
}

base::Result<std::string> OpenedPictures::version(const std::string& path, const std::string& known) {
  auto entry = current(path, known);
  if (!entry) return base::fail(std::move(entry.error()));
  if (*entry) return (*entry)->version;
  auto version = source_.version(path);
  if (!version) return base::fail(std::move(version.error()));
  return std::move(version->token);
}

base::Result<OpenedPicturePtr> OpenedPictures::get(const std::string& path, const std::string& known,
                                                   const base::CancelToken& cancel) {
  auto entry = current(path, known);
  if (!entry) return base::fail(std::move(entry.error()));
  if (*entry) return (*entry)->opened;
  return flights_.run(path, cancel, [&] { return open(path, known); });
}

base::Result<OpenedPicturePtr> OpenedPictures::open(const std::string& path, const std::string& known) {
  // Another thread may have done it between the caller's look and this flight.
  if (auto entry = current(path, known); entry && *entry) return (*entry)->opened;
  auto file = source_.open(path);
  if (!file) return base::fail(std::move(file.error()));
  const std::string version = (*file)->version().token;
  auto picture = codec::Picture::open(**file, limits_);
  auto entry = std::make_shared<Entry>();
  entry->version = version;
  entry->checked_at = now();
  std::uint64_t cost = 1024;
  if (picture) {
    cost = cost_of(**picture);
    entry->opened =
        std::make_shared<const OpenedPicture>(OpenedPicture{std::move(*picture), std::move(*file), version});
  } else {
    entry->opened = base::fail(std::move(picture.error()));
    if (!lasting(entry->opened.error().code)) return entry->opened;
  }
  base::Result<OpenedPicturePtr> opened = entry->opened;
  entries_.put(path, std::move(entry), cost);
  return opened;
}

}  // namespace armarium::pipeline
