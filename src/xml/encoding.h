#pragma once
// The bytes of an XML file as UTF-8, by its byte order mark and its declaration (XML 1.0, 4.3.3 and appendix F). Pure; any thread.

#include <string>

#include "base/bytes.h"
#include "xml/document.h"

namespace armarium::xml {

// Without a byte order mark. Bytes that are not what the file says they are make it a Fault with the line of the first; characters that XML does not allow become spaces and are noted once.
tl::expected<std::string, Fault> to_utf8(base::ByteView bytes, std::vector<Fault>& notes);

void add_note(std::vector<Fault>& notes, int line, std::string reason);

}  // namespace armarium::xml
