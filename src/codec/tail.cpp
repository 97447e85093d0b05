#include "codec/tail.h"

#include <algorithm>

namespace armarium::codec {

bool tail_holds(const base::ByteSource& file, std::uint64_t from, std::string_view marker) {
  // Nearly always the marker is the very end; only where it is not, more is read.
  for (const std::uint64_t length : {std::uint64_t{512}, std::uint64_t{64} << 10}) {
    const std::uint64_t start = std::max(from, file.size() > length ? file.size() - length : 0);
    if (start >= file.size()) return false;
    base::Bytes bytes(file.size() - start);
    if (!file.read(start, bytes)) return false;
    if (base::as_text(bytes).find(marker) != std::string_view::npos) return true;
    if (start == from) return false;
  }
  return false;
}

}  // namespace armarium::codec
