#pragma once
// Whether cleaning took anything away. Pure; any thread.

#include <string_view>

namespace armarium::ingest {

// True when `text` is well-formed and says what `clean` (clean_html of it) says: the same elements, attributes and text, whatever their quotes and entities. A wrapping span that
// the cleaning added does not count.
bool says_the_same(std::string_view text, std::string_view clean);

}  // namespace armarium::ingest
