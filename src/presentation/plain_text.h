#pragma once
// A Manifest as text to read, print or search: title, description, contents, and what is written on its pages. Pure; any thread.

#include <string>
#include <string_view>

#include "catalogue/records.h"

namespace armarium::presentation {

// UTF-8 with line ends "\n". `language`: the reader's (BCP 47), where something is said in several. `page`: the address of the item's page.
std::string plain_text(const catalogue::Manifest& manifest, std::string_view language, std::string_view page);

}  // namespace armarium::presentation
