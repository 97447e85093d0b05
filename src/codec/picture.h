#pragma once
// A source that was opened: format found by content, headers read, orientation settled. The only door to decoders for everybody else:
// sizes, regions and pixels here are upright, always. Immutable, shared between threads, valid for one version of the file.

#include <memory>

#include "codec/decoder.h"

namespace armarium::codec {

class Picture {
 public:
  // Sniffs, reads headers, checks limits. unsupported when no decoder knows the content.
  static base::Result<std::shared_ptr<const Picture>> open(const base::ByteSource& file, const Limits& limits);

  Format format() const noexcept { return index_->format; }
  const Index& index() const noexcept { return *index_; }
  std::uint32_t page_count() const noexcept { return static_cast<std::uint32_t>(index_->pages.size()); }
  image::Size size(std::uint32_t page) const;           // upright
  std::vector<Level> levels(std::uint32_t page) const;  // upright
  const Page& page(std::uint32_t page) const { return index_->pages.at(page); }

  // As Decoder::plan, with region and wanted upright.
  base::Result<Plan> plan(const Request& request) const;
  // The level, area and window of that plan, without what it reads and costs: for what is read in parts.
  base::Result<Plan> place(const Request& request) const;
  // Fetches the plan's bytes from `file` (of the same version: else conflict), decodes, uprights. plan.window fits the result.
  base::Result<image::Pixels> read(const Plan& plan, const base::ByteSource& file,
                                   const base::CancelToken& cancel) const;
  // Decoder::stored for `area` of a level, upright; nothing where the page is stored turned. Its colours are display
  // colours, or its profile is in it.
  std::optional<StoredPicture> stored(std::uint32_t page, std::uint32_t level, const image::Rect& area) const;
  // The same as stored, not turned; as pixels or, where the level has chroma, as planes.
  base::Result<image::Pixels> read_stored(const Plan& plan, const base::ByteSource& file,
                                          const base::CancelToken& cancel) const;
  base::Result<image::Planes> read_planes(const Plan& plan, const base::ByteSource& file,
                                          const base::CancelToken& cancel) const;

 private:
  base::Result<Request> as_stored(const Request& request) const;
  base::Result<Plan> within_limits(base::Result<Plan> plan) const;
  template <class Raster, class Decode>
  base::Result<Raster> fetch_and(const Plan& plan, const base::ByteSource& file, const Decode& decode) const;

  Picture(IndexPtr index, const Decoder* decoder, Limits limits)
      : index_(std::move(index)), decoder_(decoder), limits_(limits) {}
  IndexPtr index_;
  const Decoder* decoder_;
  Limits limits_;
};

}  // namespace armarium::codec
