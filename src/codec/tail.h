#pragma once
// Whether a file has its end. A picture that was cut off behind a sound header opens and shows its upper part; a curator wants to know all the same. Any thread.

#include <string_view>

#include "base/byte_source.h"

namespace armarium::codec {

// True when `marker` stands at or behind `from` within the last 64 KiB of the file (cameras and editors append things behind the end).
bool tail_holds(const base::ByteSource& file, std::uint64_t from, std::string_view marker);

inline constexpr const char* kCutOff = "The file ends before its picture does; only a part of it can be shown.";

}  // namespace armarium::codec
