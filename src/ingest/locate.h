#pragma once
// From an identifier to where it would be on the disk, without the store: so that what is opened first can be read first.

#include <optional>
#include <string>
#include <string_view>

#include "ingest/tree.h"

namespace armarium::ingest {

// The path of the folder, or of the folder that holds the file, which an identifier (of an item, or of a picture with its page) names. Names are compared as
// identifiers: the disk may spell them decomposed. Nothing when there is none.
std::optional<std::string> locate(const Tree& tree, std::string_view identifier);

}  // namespace armarium::ingest
