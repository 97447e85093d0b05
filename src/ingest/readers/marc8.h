#pragma once
// MARC-8 (MARC 21 Specifications for Record Structure, Character Sets: MARC-8): ASCII and ANSEL with diacritics before their letter, Cyrillic, Greek, Hebrew and Arabic by escape sequences,
// superscripts and subscripts. East Asian characters become U+3013. Pure; any thread.

#include <string>
#include <string_view>

namespace armarium::ingest::readers {

struct Marc8Text {
  std::string text{};          // UTF-8, NFC
  std::size_t unknown = 0;     // characters that could not be converted
  std::size_t east_asian = 0;  // those among them that are East Asian
};

Marc8Text marc8_text(std::string_view bytes);

}  // namespace armarium::ingest::readers
