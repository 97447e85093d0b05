#pragma once
// Short names of licences and rights statements to their URIs. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace armarium::ingest {

// "CC0", "CC-BY-4.0", "cc by-nc 3.0 de", "PD", "InC-EDU" …; a URI comes back as it is. Nothing for words that are neither.
std::optional<std::string> rights_from_text(std::string_view text);

}  // namespace armarium::ingest
