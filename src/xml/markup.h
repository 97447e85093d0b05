#pragma once
// A look over the markup before it is parsed: whether it is well formed as far as limits need it, how much is in it, what its first element is. Inside xml, but for `sniff`. Pure; any thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "xml/document.h"

namespace armarium::xml {

struct MarkupSize {
  std::size_t elements = 0;
  std::size_t attributes = 0;
  std::size_t depth = 0;
};

// `text` is UTF-8. A document type is blanked out (its lines stay), so that nobody reads it; one that declares entities is noted.
tl::expected<MarkupSize, Fault> look_over(std::string& text, const Limits& limits, std::vector<Fault>& notes);

// The first element of a document, by the first bytes of it (4 KB do): its local name and its namespace. Empty names when the bytes are no XML or are too few.
struct RootName {
  std::string space{};
  std::string name{};
};
RootName sniff(base::ByteView head);

}  // namespace armarium::xml
