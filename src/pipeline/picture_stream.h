#pragma once
// An answer that is made while it is sent: strip by strip from the source to the encoder, so that what is held is some rows, not the picture. Not thread-safe, but each call may come from another
// thread. The pipeline it comes from must outlive it.

#include <memory>
#include <optional>
#include <string>

#include "base/timing.h"
#include "codec/strip_encoder.h"
#include "pipeline/output.h"
#include "pipeline/region_reader.h"

namespace armarium::pipeline {

// Rows of the strips in which a picture of this width is read, about so many bytes each.
std::uint32_t rows_of_strip(std::uint32_t width, std::uint64_t bytes) noexcept;

class PictureStream {
 public:
  struct What {
    OpenedPicturePtr opened;
    iiif::ResolvedRequest request;
    Output output;
    std::string etag;        // without quotes
    std::uint32_t rows = 0;  // of a strip
  };
  PictureStream(RegionReader& reader, What what, RegionStrips strips);

  // Appends the next bytes, perhaps none; false when the picture is complete. After an Error there is nothing more to be had.
  base::Result<bool> next(base::Bytes& out, const base::CancelToken& cancel);

  // Of all bytes, where the format tells; from the first next() on.
  std::optional<std::uint64_t> length() const noexcept { return encoder_ ? encoder_->length() : std::nullopt; }
  const std::string& media_type() const noexcept { return what_.output.media_type; }
  const std::string& etag() const noexcept { return what_.etag; }
  const base::Timing& timing() const noexcept { return first_; }  // as Rendered::timing, of the first strip
  std::string defect() const;

 private:
  // What tells whether a file is written to while it is read; the same for all that are no files.
  struct FileState {
    std::int64_t size = 0;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    friend bool operator==(const FileState&, const FileState&) = default;
  };
  static FileState file_now(const base::ByteSource& file);
  base::Result<> add(const image::Raster& strip, base::Bytes& out, const base::CancelToken& cancel);

  RegionReader& reader_;
  What what_;
  RegionStrips strips_;
  FileState file_;
  std::unique_ptr<codec::StripEncoder> encoder_;  // from the first strip on
  std::uint32_t done_ = 0;                        // rows
  base::Timing first_;                            // of the first strip
};

}  // namespace armarium::pipeline
