#include "pipeline/picture_stream.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>

namespace armarium::pipeline {
namespace {

using base::fail;
using base::Result;

constexpr std::uint32_t kStep = 2 * codec::kPlaneRows;  // planes are held in multiples of 32 rows

base::Timing::Duration duration_of(double milliseconds) {
  return std::chrono::duration_cast<base::Timing::Duration>(std::chrono::duration<double, std::milli>(milliseconds));
}

}  // namespace

// Of the open file itself, so that another one which takes its name does no harm.
PictureStream::FileState PictureStream::file_now(const base::ByteSource& file) {
  struct stat status {};
  const auto descriptor = file.descriptor();
  if (!descriptor || ::fstat(*descriptor, &status) != 0) return {};
  return {status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

std::uint32_t rows_of_strip(std::uint32_t width, std::uint64_t bytes) noexcept {
  const std::uint64_t steps = bytes / (std::uint64_t{width} * 3 * kStep);
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(steps, 1, 64)) * kStep;
}

PictureStream::PictureStream(RegionReader& reader, What what, RegionStrips strips)
    : reader_(reader), what_(std::move(what)), strips_(std::move(strips)), file_(file_now(*what_.opened->file)) {
  first_.plan = "streamed";
}

Result<bool> PictureStream::next(base::Bytes& out, const base::CancelToken& cancel) {
  const std::uint32_t height = strips_.wanted.height;
  if (done_ == height) return false;
  const std::uint32_t count = std::min(what_.rows, height - done_);
  ReadingTrace trace;
  const auto read_before = base::ReadMeter::here().time;
  auto strip = reader_.read_strip(strips_, done_, count, cancel, trace);
  if (strip) strip = operate(std::move(*strip), what_.request, what_.output, cancel);
  if (!strip) return fail(std::move(strip.error()));
  // What was sent is of this version, and what is missing of another would pass for damage.
  if (file_now(*what_.opened->file) != file_)
    return fail(base::ErrorCode::conflict, "The file has changed; try again.");
  const auto read = base::ReadMeter::here().time - read_before;
  const auto start = std::chrono::steady_clock::now();
  if (auto added = add(*strip, out, cancel); !added) return fail(std::move(added.error()));
  if (done_ == 0) {
    first_.level = static_cast<int>(trace.level);
    first_.of(base::Stage::decode) = std::max(duration_of(trace.decode) - read, base::Timing::Duration::zero());
    first_.of(base::Stage::scale) = duration_of(trace.scale);
    first_.of(base::Stage::encode) = std::chrono::steady_clock::now() - start;
  }
  done_ += count;
  if (done_ != height) return true;
  strips_.held = {};
  if (auto finished = encoder_->finish(out); !finished) return fail(std::move(finished.error()));
  return false;
}

Result<> PictureStream::add(const image::Raster& strip, base::Bytes& out, const base::CancelToken& cancel) {
  const auto* planes = std::get_if<image::Planes>(&strip);
  const auto* pixels = std::get_if<image::Pixels>(&strip);
  if (!encoder_) {
    const codec::StripFormat format{what_.output.size, pixels != nullptr ? pixels->format() : image::kRgb8,
                                    planes != nullptr ? planes->sampling() : image::Sampling{}};
    auto begun = what_.output.encoder->begin(format, what_.output.options);
    if (!begun) return fail(std::move(begun.error()));
    encoder_ = std::move(*begun);
  }
  return planes != nullptr ? encoder_->add(*planes, out, cancel) : encoder_->add(*pixels, out, cancel);
}

std::string PictureStream::defect() const {
  const char* found = what_.opened->picture->index().found.load(std::memory_order_relaxed);
  return found != nullptr ? found : std::string();
}

}  // namespace armarium::pipeline
