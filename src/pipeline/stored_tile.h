#pragma once
// Requests that are answered by what lies in the file: exactly one tile of a pyramid, in the format and colours that were asked for. Pure but for reading the file; read_now and
// tile_of for any thread, read blocks.

#include <optional>

#include "base/byte_source.h"
#include "codec/picture.h"
#include "iiif/image_request.h"

namespace armarium::pipeline {

// The tile that is this request's answer; nothing where pixels have to be made. `page` must exist. Levels may have been rounded up or down when they were made; a tile at the edge counts
// only where all that was asked for is stored.
std::optional<codec::StoredPicture> stored_tile(const codec::Picture& picture, std::uint32_t page,
                                                const iiif::ResolvedRequest& request);

enum class Reading { now, waiting };
// The finished bytes, cut where needed (never when reading `now`: that takes a pool thread). Nothing when they are not at hand or not what they should be: then decode.
std::optional<base::Bytes> read_stored(const codec::StoredPicture& tile, const base::ByteSource& file, Reading how);

}  // namespace armarium::pipeline
