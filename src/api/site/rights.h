#pragma once
// What a rights statement is called and which marks stand for it: Creative Commons licences and marks, RightsStatements.org, or any
// other address as it is. Pure function; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "api/site/locale.h"

namespace armarium::api::site {

struct RightsNotice {
  std::string url;
  std::string text;                // "CC BY-SA 4.0"
  std::string explanation;         // "Attribution, share alike"; may be empty
  std::vector<std::string> marks;  // names of symbols in rights.svg
};

RightsNotice rights_notice(std::string_view address, const Locale& locale);

}  // namespace armarium::api::site
