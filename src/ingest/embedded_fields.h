#pragma once
// Single fields out of EXIF, IPTC and XMP, each reader in its own file. Hostile input: limits, never a failure; what cannot be read is left out. Pure.

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "iiif/description.h"

namespace armarium::ingest {

struct EmbeddedFields {
  iiif::LanguageMap title;
  iiif::LanguageMap description;
  std::vector<std::string> creators;
  std::string credit;
  iiif::LanguageMap rights;
  std::string rights_uri;
  std::string date;                                         // "2021", "2021-05-06"
  std::vector<std::pair<std::string, std::string>> others;  // places, persons, devices: name and value
};

EmbeddedFields read_exif(base::ByteView exif, bool with_others);
EmbeddedFields read_iptc(base::ByteView iptc, bool with_others);
EmbeddedFields read_xmp(base::ByteView packet, bool with_others);

// "2021-05-06" of "2021:05:06 10:11:12", "20210506", "2021-05-06T10:11:12+02:00"; empty for what is no date.
std::string date_of(std::string_view text);

inline constexpr std::size_t kMostOthers = 60;
inline constexpr std::size_t kLongestField = 16'384;

}  // namespace armarium::ingest
