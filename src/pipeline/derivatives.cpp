#include "pipeline/derivatives.h"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/log.h"
#include "codec/pyramid_writer.h"
#include "image/operations.h"

namespace armarium::pipeline {
namespace {

using base::Result;
using image::Pixels;
using image::Rect;
using image::Size;

constexpr int kRecipe = 1;                     // goes up when the same source gives another derivative
constexpr int kQuality = 89;                   // visually lossless at 4:2:0
constexpr std::uint64_t kWorthIt = 4'000'000;  // pixels; less is decoded as fast as it is looked up
constexpr std::uint64_t kBandBytes = std::uint64_t{24}
                                     << 20;  // of pixels; about four times as much is held at the peak
constexpr std::uint32_t kTile = 512;
constexpr std::size_t kMostJobs = 10'000;
constexpr std::size_t kMostKnown = 100'000;
constexpr std::uint64_t kOpenedBytes = std::uint64_t{16} << 20;
constexpr int kNice = 19;

// The tile that info.json announces for such a source (iiif::describe_tiles): its own where it suits viewers.
std::uint32_t tile_of(const codec::Picture& picture, std::uint32_t page) {
  const Size own = picture.levels(page).front().tile;
  const bool suits = own.width == own.height && own.width >= 128 && own.width <= 1024 && own.width % 16 == 0;
  return suits ? own.width : kTile;
}

// Display pixels of full-size rows.
Result<Pixels> rows_of(const OpenedPicture& source, std::uint32_t page, Rect rows, const base::CancelToken& cancel) {
  auto plan = source.picture->plan({page, rows, rows.size()});
  if (!plan) return base::fail(std::move(plan.error()));
  auto pixels = source.picture->read(*plan, *source.file, cancel);
  if (!pixels) return pixels;
  pixels = image::to_display(std::move(*pixels), *source.picture->page(page).icc, cancel);
  if (!pixels) return pixels;
  const Rect inside{static_cast<std::uint32_t>(plan->window.x), static_cast<std::uint32_t>(plan->window.y), rows.width,
                    rows.height};
  if (inside == Rect::of(pixels->size())) return pixels;
  return image::crop(*pixels, inside);
}

}  // namespace

Result<std::unique_ptr<Derivatives>> Derivatives::open(const DerivativeOptions& options, const codec::Limits& limits,
                                                       OpenedPictures& sources) {
  auto blobs = cache::BlobStore::open(options.folder, options.max_bytes);
  if (!blobs) return base::fail(std::move(blobs.error()));
  auto files = source::FileSystem::open_root((*blobs)->folder());
  if (!files) return base::fail(std::move(files.error()));
  return std::unique_ptr<Derivatives>(new Derivatives(std::move(*blobs), std::move(*files), limits, sources));
}

Derivatives::Derivatives(std::unique_ptr<cache::BlobStore> blobs, std::unique_ptr<source::FileSystem> files,
                         const codec::Limits& limits, OpenedPictures& sources)
    : blobs_(std::move(blobs)), files_(std::move(files)), sources_(sources), pictures_(*files_, limits, kOpenedBytes) {
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

std::string Derivatives::key_of(const std::string& path, std::uint32_t page, const std::string& version) {
  fmt::memory_buffer text;
  fmt::format_to(std::back_inserter(text), "{}|{}|{}|{}|{}", kRecipe, kQuality, version, page, path);
  return base::hash_hex(std::string_view(text.data(), text.size()));
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
  const OpenedPicture& source = **opened;
  const Size size = source.picture->size(job.page);
  const std::uint32_t tile = tile_of(*source.picture, job.page);
  const std::uint64_t tile_rows = std::max<std::uint64_t>(1, kBandBytes / (std::uint64_t{size.width} * 3 * tile));
  auto blob = blobs_->write(job.key);
  if (!blob) return base::fail(std::move(blob.error()));
  std::unique_ptr<codec::PyramidWriter> writer;
  for (std::uint32_t y = 0; y < size.height;) {
    const auto height = static_cast<std::uint32_t>(std::min<std::uint64_t>(size.height - y, tile_rows * tile));
    auto band = rows_of(source, job.page, {0, y, size.width, height}, ending_);
    if (!band) return base::fail(std::move(band.error()));
    if (!writer) writer = std::make_unique<codec::PyramidWriter>(**blob, size, band->format(), tile, kQuality);
    for (std::uint32_t top = 0; top < height;) {
      const std::uint32_t rows = writer->next_rows();
      auto part = image::crop(*band, {0, top, size.width, rows});
      if (!part) return base::fail(std::move(part.error()));
      if (auto added = writer->add(*part, ending_); !added) return added;
      top += rows;
    }
    y += height;
  }
  if (auto finished = writer->finish(); !finished) return finished;
  return (*blob)->commit();
}

}  // namespace armarium::pipeline
