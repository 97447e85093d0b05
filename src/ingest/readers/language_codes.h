#pragma once
// Languages as records name them (ISO 639-2, bibliographic or terminological; BCP 47) as BCP 47 tags. Pure; any thread.

#include <string>
#include <string_view>

namespace armarium::ingest::readers {

// "ger" and "deu" → "de", "grc" → "grc", "de-CH" → "de-CH"; "none" for what names no language ("und", "English").
std::string language_tag(std::string_view code);

// The tag of a language by its English name or its concept in Getty's AAT, as Linked Art has it: "English", "http://vocab.getty.edu/aat/300388277". "none" for others.
std::string language_by_name(std::string_view name);

}  // namespace armarium::ingest::readers
