#pragma once
// The headers of tus, the resumable upload protocol, version 1.0.0 (tus.io/protocols/resumable-upload): read strictly, with limits. Pure; any thread.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "ingest/uploads.h"

namespace armarium::api::tus {

inline constexpr std::string_view kVersion = "1.0.0";
inline constexpr std::string_view kExtensions = "creation,creation-with-upload,expiration,checksum,termination";
inline constexpr std::string_view kBodyType = "application/offset+octet-stream";

using Metadata = std::map<std::string, std::string, std::less<>>;

// Upload-Metadata: pairs with a comma between them, a key and its value in Base64 with a space between them; the value may be missing. invalid_argument with the pair.
base::Result<Metadata> read_metadata(std::string_view header);
// Upload-Checksum: the algorithm and the digest in Base64.
base::Result<ingest::Uploads::Sum> read_checksum(std::string_view header);
// Upload-Length, Upload-Offset: digits and nothing else.
std::optional<std::uint64_t> read_number(std::string_view text);
// Base64 of RFC 4648, 4, padded; nothing for what is none.
std::optional<std::string> read_base64(std::string_view text);

}  // namespace armarium::api::tus
