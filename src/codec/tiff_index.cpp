// TIFF and BigTIFF by libtiff: walks the directories, groups them, and is the Decoder that ties the tiff_*.cpp files together.

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/log.h"
#include "codec/box_reducer.h"
#include "codec/registry.h"
#include "codec/tiff_directory.h"
#include "codec/tiff_io.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::uint64_t kMaxHeaderAllocation = std::uint64_t{256}
                                               << 20;  // of one field: tables of 16 million tiles have 128 MB
constexpr std::uint32_t kMaxChildren = 64;             // SubIFDs of one directory

class Indexing {
 public:
  Indexing(const base::ByteSource& source, const Limits& limits) : source_(source), limits_(limits) {}

  Result<IndexPtr> run() {
    auto index = std::make_shared<TiffIndex>();
    TiffFile file(source_, TiffFile::Tables::load, kMaxHeaderAllocation);
    if (!file.open()) return fail(ErrorCode::corrupt, "The TIFF file is damaged.", file.message());
    if (auto walked = walk(file, *index); !walked) return fail(std::move(walked.error()));
    const auto main = static_cast<std::uint32_t>(index->directories.size());
    children(file, *index);
    for (const std::vector<std::uint32_t>& page : group_tiff_pages(index->directories, main, parents_)) {
      index->levels.emplace_back();
      for (const std::uint32_t directory : page) index->levels.back().push_back({directory, 1});
    }
    if (index->levels.empty()) return fail(ErrorCode::corrupt, "The TIFF file holds no picture.");
    const TiffDirectory& first = index->directories[index->levels[0][0].directory];
    if (first.path == TiffPath::unsupported) {
      return fail(ErrorCode::unsupported, "This kind of TIFF file cannot be read.",
                  fmt::format("compression {}, {} samples of {} bits", first.compression, first.samples, first.bits));
    }
    if (file.select(first.offset)) index->metadata = read_tiff_metadata(file, limits_);
    record_headers(*index);
    add_pages(*index);
    index->format = Format::tiff;
    index->file_size = source_.size();
    index->version = source_.version();
    return index;
  }

 private:
  // The main chain. Damage behind the first directory ends it; what was read stays.
  Result<> walk(TiffFile& file, TiffIndex& index) {
    while (file.next()) {
      const std::uint64_t offset = file.directory();
      if (!seen_.insert(offset).second) break;
      if (index.directories.size() >= limits_.max_pages)
        return fail(ErrorCode::resource_limit, "The file has more pages than the server allows.");
      auto directory = read_tiff_directory(file, offset, source_.size(), limits_);
      if (!directory && index.directories.empty()) return fail(std::move(directory.error()));
      if (!directory) {
        base::log::warning("TIFF directory left out: {} {}", directory.error().message, directory.error().detail);
        continue;
      }
      index.directories.push_back(std::move(*directory));
    }
    if (index.directories.empty()) return fail(ErrorCode::corrupt, "The TIFF file is damaged.", file.message());
    return {};
  }

  void children(TiffFile& file, TiffIndex& index) {
    const std::size_t main = index.directories.size();
    for (std::uint32_t parent = 0; parent < main; ++parent) {
      const std::vector<std::uint64_t> offsets = index.directories[parent].children;
      for (std::size_t i = 0; i < std::min<std::size_t>(offsets.size(), kMaxChildren); ++i) {
        if (offsets[i] == 0 || !seen_.insert(offsets[i]).second || !file.select(offsets[i])) continue;
        auto directory = read_tiff_directory(file, offsets[i], source_.size(), limits_);
        if (!directory) continue;
        index.directories.push_back(std::move(*directory));
        parents_.push_back(parent);
      }
    }
  }

  // Opens each directory that pages use as decode will, and keeps what was read.
  void record_headers(TiffIndex& index) {
    TiffFile file(source_, TiffFile::Tables::leave, kMaxHeaderAllocation);
    const std::vector<base::ByteRange> start = file.take_record();
    for (const std::vector<TiffLevel>& page : index.levels) {
      for (const TiffLevel level : page) {
        TiffDirectory& directory = index.directories[level.directory];
        if (directory.path != TiffPath::blocks) continue;
        if (!file.open() || !file.select(directory.offset)) {
          directory.path = TiffPath::unsupported;
          continue;
        }
        directory.header = file.take_record();
        directory.header.insert(directory.header.begin(), start.begin(), start.end());
      }
    }
  }

  static void add_pages(TiffIndex& index) {
    for (std::vector<TiffLevel>& levels : index.levels) {
      const TiffDirectory& full = index.directories[levels.front().directory];
      Page page;
      page.size = full.size;
      page.orientation = full.orientation;
      page.pixels = full.pixels;
      page.bitonal = full.bits == 1 && full.samples == 1 && full.pixels.model == image::ColourModel::grey;
      page.icc = full.icc;
      for (const TiffLevel level : levels) {
        const TiffDirectory& directory = index.directories[level.directory];
        page.levels.push_back(
            {directory.size, directory.tiled ? directory.block : image::Size{}, true, directory.jpeg_chroma});
      }
      const TiffLevel last = levels.back();
      if (index.directories[last.directory].path != TiffPath::rgba) {
        for (const std::uint32_t factor : add_reduced_levels(page)) levels.push_back({last.directory, factor});
      }
      settle_stored_heads(index, page, levels);
      index.pages.push_back(std::move(page));
    }
  }

  const base::ByteSource& source_;
  const Limits& limits_;
  std::set<std::uint64_t> seen_;
  std::vector<std::uint32_t> parents_;
};

class TiffDecoder final : public Decoder {
 public:
  Result<IndexPtr> index(const base::ByteSource& file, const Limits& limits) const override {
    return Indexing(file, limits).run();
  }
  Result<Plan> plan(const Index& index, const Request& request, const Limits& limits) const override {
    return plan_tiff(static_cast<const TiffIndex&>(index), request, limits);
  }
  Result<image::Pixels> decode(const Index& index, const Plan& plan, const base::ByteSource& bytes,
                               const Limits& limits, const base::CancelToken& cancel) const override {
    return decode_tiff(static_cast<const TiffIndex&>(index), plan, bytes, limits, cancel);
  }
  std::optional<StoredPicture> stored(const Index& index, std::uint32_t page, std::uint32_t level,
                                      const image::Rect& area) const override {
    return stored_tiff_tile(static_cast<const TiffIndex&>(index), page, level, area);
  }
  Result<image::Planes> decode_planes(const Index& index, const Plan& plan, const base::ByteSource& bytes,
                                      const Limits&, const base::CancelToken& cancel) const override {
    return decode_tiff_planes(static_cast<const TiffIndex&>(index), plan, bytes, cancel);
  }
};

}  // namespace

const Decoder& tiff_decoder() {
  static const TiffDecoder decoder;
  return decoder;
}

}  // namespace armarium::codec
