#pragma once
// One opened file inside armarium-decode: answers what is in it and gives pixels of a part of a level. Kept by the session between jobs on the same file, so that
// the tiles of one picture do not decode it again. One thread. Errors: corrupt, unsupported, resource_limit.

#include <memory>
#include <string>

#include "base/error.h"
#include "codec/worker_protocol.h"

namespace armarium::decode {

struct Input {
  int descriptor = -1;  // belongs to the reader's owner and stays open as long as the reader
  std::string path;     // of the same file: /proc/self/fd/N
  codec::Format format = codec::Format::unknown;
};

class Reader {
 public:
  virtual ~Reader() = default;
  virtual base::Result<codec::worker::IndexAnswer> index(const codec::worker::Job& limits) = 0;
  // Exactly job.area of job.level in job.pixels, rows without padding.
  virtual base::Result<base::Bytes> read(const codec::worker::Job& job) = 0;
  // Whether what read() gave last is only a part of what should be there.
  virtual bool partial() const { return false; }
};

// Loader::choose: chosen by format and content, and filled in (index); else as the index said.
base::Result<std::unique_ptr<Reader>> open_reader(const Input& input, codec::worker::Loader& loader);

base::Result<std::unique_ptr<Reader>> open_pdf(const Input& input);
base::Result<std::unique_ptr<Reader>> open_svg(const Input& input);
base::Result<std::unique_ptr<Reader>> open_slide(const Input& input);
base::Result<std::unique_ptr<Reader>> open_raster(const Input& input);
base::Result<std::unique_ptr<Reader>> open_jp2(const Input& input);
base::Result<std::unique_ptr<Reader>> open_jxl(const Input& input);

}  // namespace armarium::decode
