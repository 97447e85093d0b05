#pragma once
// A picture file without what is embedded beside its picture: EXIF (but for the orientation), XMP, IPTC, comments, whatever stands behind the picture's end. Of JPEG,
// PNG, WebP and GIF; pixels, profiles and animation stay as they are, byte for byte. Reads headers only, of a JPEG and a GIF everything once. Any thread.

#include <vector>

#include "base/spliced_source.h"
#include "codec/format.h"

namespace armarium::codec {

// What to keep of the file, in order; nothing embedded gives one piece, the file. unsupported for other formats; corrupt where the file does not keep to its
// own; resource_limit where it is cut in too many pieces; what the source said (io …) where a read failed: nobody knows then what the rest holds.
base::Result<std::vector<base::Splice>> bare_pieces(const base::ByteSource& file, Format format);

// One for each format.
base::Result<std::vector<base::Splice>> bare_jpeg(const base::ByteSource& file);
base::Result<std::vector<base::Splice>> bare_png(const base::ByteSource& file);
base::Result<std::vector<base::Splice>> bare_webp(const base::ByteSource& file);
base::Result<std::vector<base::Splice>> bare_gif(const base::ByteSource& file);

// Gathers the pieces of a file of this size: neighbours become one, nothing reaches past its end.
class Keeping {
 public:
  explicit Keeping(std::uint64_t size) : size_(size) {}
  void range(std::uint64_t offset, std::uint64_t length);
  void bytes(base::Bytes bytes);
  base::Result<std::vector<base::Splice>> done();

 private:
  std::uint64_t size_;
  std::vector<base::Splice> pieces_;
};

// An EXIF block that holds an orientation and nothing else; empty for the usual one.
base::Bytes orientation_block(int orientation);

}  // namespace armarium::codec
