#pragma once
// Areas of a JPEG 2000 picture decoded from the packets that they need (jp2_excerpt.h), tile by tile, put together as if the whole stream had been decoded.
// Thread-safe; blocks where `bytes` is the source. Errors as decode_openjpeg; on corrupt and unsupported the whole stream may still be decodable.

#include <vector>

#include "codec/jp2_packet_index.h"

namespace armarium::codec::jp2 {

struct PartsPlan {
  bool possible = false;                // else the whole stream has to be decoded
  bool complete = false;                // `ranges` are all that is needed; else only the source itself will do
  std::vector<base::ByteRange> ranges;  // as far as they are known
  std::uint64_t bytes = 0;              // about, where they are not
  std::uint64_t memory = 0;             // of the decoder, about
};
// `area` as part_area() gives it.
PartsPlan plan_parts(const PacketIndex& index, std::uint32_t reduce, GridArea area);

// `bytes`: a complete plan's ranges, or with `is_source` the file.
base::Result<Planes> decode_parts(PacketIndex& index, const base::ByteSource& bytes, bool is_source,
                                  std::uint32_t reduce, GridArea area, const base::CancelToken& cancel);

}  // namespace armarium::codec::jp2
