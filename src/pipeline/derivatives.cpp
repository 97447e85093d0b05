#include "pipeline/derivatives.h"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/log.h"

namespace armarium::pipeline {
namespace {

using base::Result;

constexpr std::uint64_t kWorthIt = 4'000'000;  // pixels; less is decoded as fast as it is looked up
constexpr std::size_t kMostJobs = 10'000;
constexpr std::size_t kMostKnown = 100'000;
constexpr std::uint64_t kOpenedBytes = std::uint64_t{16} << 20;
constexpr int kNice = 19;

std::string key_by(const DerivativeRecipe& recipe, const std::string& path, std::uint32_t page,
                   const std::string& version) {
  fmt::memory_buffer text;
  fmt::format_to(std::back_inserter(text), "{}|{}|{}|{}", recipe.text(), version, page, path);
  return base::hash_hex(std::string_view(text.data(), text.size()));
}

}  // namespace

void remove_derivative(const std::filesystem::path& folder, const std::string& path, std::uint32_t page,
                       const std::string& version) {
  for (const bool lossless : {false, true}) {
    std::error_code ignored;
    std::filesystem::remove(folder / cache::BlobStore::path_of(key_by({lossless}, path, page, version)), ignored);
  }
}

Result<std::unique_ptr<Derivatives>> Derivatives::open(const DerivativeOptions& options, const codec::Limits& limits,
                                                       OpenedPictures& sources) {
  auto blobs = cache::BlobStore::open(options.folder, options.max_bytes);
  if (!blobs) return base::fail(std::move(blobs.error()));
  auto files = source::FileSystem::open_root((*blobs)->folder());
  if (!files) return base::fail(std::move(files.error()));
  const DerivativeRecipe& how = options.recipe;
  return std::unique_ptr<Derivatives>(new Derivatives(std::move(*blobs), std::move(*files), limits, how, sources));
}

Derivatives::Derivatives(std::unique_ptr<cache::BlobStore> blobs, std::unique_ptr<source::FileSystem> files,
                         const codec::Limits& limits, DerivativeRecipe recipe, OpenedPictures& sources)
    : recipe_(recipe),
      blobs_(std::move(blobs)),
      files_(std::move(files)),
      sources_(sources),
      pictures_(*files_, limits, kOpenedBytes) {
  thread_ = std::thread([this] { run(); });
}

Derivatives::~Derivatives() {
  ending_.cancel();
  {
    const std::lock_guard lock(mutex_);
    jobs_.clear();
  }
  wake_.notify_all();
  thread_.join();
}

std::string Derivatives::key_of(const std::string& path, std::uint32_t page, const std::string& version) const {
  return key_by(recipe_, path, page, version);
}

void Derivatives::forget(const std::string& path, std::uint32_t page, const std::string& version) {
  const std::string key = key_of(path, page, version);
  const std::lock_guard lock(mutex_);
  std::erase_if(jobs_, [&](const Job& job) { return job.key == key; });
  if (known_.erase(key) > 0) forgotten_.insert(key);
  blobs_->remove(key);
}

bool Derivatives::covers(const std::string& key) { return blobs_->has(key); }

OpenedPicturePtr Derivatives::find(const std::string& key) {
  return pictures_.find(cache::BlobStore::path_of(key), "");
}

OpenedPicturePtr Derivatives::get(const std::string& key, const base::CancelToken& cancel) {
  if (!covers(key)) return nullptr;
  auto opened = pictures_.get(cache::BlobStore::path_of(key), "", cancel);
  if (opened) return std::move(*opened);
  if (opened.error().code != base::ErrorCode::cancelled && opened.error().code != base::ErrorCode::deadline_exceeded) {
    base::log::warning("a derivative cannot be read and is left out: {}", opened.error().detail);
    blobs_->remove(key);
  }
  return nullptr;
}

bool Derivatives::gains(const codec::Picture& picture, std::uint32_t number) {
  const codec::Page& page = picture.page(number);
  const bool slow = page.levels.front().tile.empty() || picture.format() == codec::Format::jp2;
  return slow && !page.pixels.alpha && !page.bitonal && page.size.area() >= kWorthIt;
}

void Derivatives::want(const std::string& path, std::uint32_t page, const OpenedPicture& source) {
  if (!gains(*source.picture, page)) return;
  std::string key = key_of(path, page, source.version);
  if (covers(key)) return;
  const std::lock_guard lock(mutex_);
  if (jobs_.size() >= kMostJobs || known_.size() >= kMostKnown || !known_.insert(key).second) return;
  forgotten_.erase(key);
  jobs_.push_back({std::move(key), path, page, source.version});
  wake_.notify_one();
}

Derivatives::Status Derivatives::status() const {
  const std::lock_guard lock(mutex_);
  return {blobs_->count(), blobs_->bytes(), jobs_.size()};
}

void Derivatives::run() {
  // Of this thread alone (Linux): it has what nobody else wants.
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
  while (!ending_.cancelled()) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return ending_.cancelled() || !jobs_.empty(); });
      if (jobs_.empty()) continue;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    const auto made = [&]() -> Result<> {
      try {
        return make(job);
      } catch (const std::exception& e) {
        return base::fail(base::ErrorCode::internal, "The server made a mistake.", e.what());
      }
    }();
    if (!made && !ending_.cancelled()) {
      // It stays known, so that it is not tried again until the file changes.
      base::log::warning("no derivative of {}: {} {}", job.path, made.error().message, made.error().detail);
      continue;
    }
    ::malloc_trim(0);  // large bands come and go rarely: what they took goes back to the system
    const std::lock_guard lock(mutex_);
    known_.erase(job.key);
  }
}

Result<> Derivatives::make(const Job& job) {
  auto opened = sources_.get(job.path, job.version, ending_);
  if (!opened) return base::fail(std::move(opened.error()));
  if ((*opened)->version != job.version) return {};  // changed meanwhile: what it is now will be asked for
  auto blob = blobs_->write(job.key);
  if (!blob) return base::fail(std::move(blob.error()));
  if (auto made = make_derivative(**opened, job.page, recipe_, **blob, ending_); !made) return made;
  const auto forgotten = [&] {
    const std::lock_guard lock(mutex_);
    return forgotten_.contains(job.key);
  };
  if (forgotten()) return {};
  if (auto kept = (*blob)->commit(); !kept) return kept;
  if (forgotten()) blobs_->remove(job.key);  // while it was put there
  return {};
}

}  // namespace armarium::pipeline
