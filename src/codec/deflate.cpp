#include "codec/deflate.h"

#include <memory>

#include <libdeflate.h>

namespace armarium::codec {

base::Result<base::Bytes> deflated(base::ByteView data, int level) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(level), &libdeflate_free_compressor);
  if (!compressor) return base::fail(base::ErrorCode::resource_limit, "There is no memory to compress a picture.");
  base::Bytes out(libdeflate_zlib_compress_bound(compressor.get(), data.size()));
  out.resize(libdeflate_zlib_compress(compressor.get(), data.data(), data.size(), out.data(), out.size()));
  return out;
}

}  // namespace armarium::codec
