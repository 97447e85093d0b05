#include <array>

#include "ingest/csv.h"
#include "ingest/embedded_fields.h"

// IPTC-NAA Information Interchange Model 4.2, chapter 1.5: 0x1C, record, data set, length, value.

namespace armarium::ingest {
namespace {

constexpr std::size_t kMostSets = 1'000;

struct Named {
  std::uint8_t set;
  std::string_view name;
};
constexpr std::array<Named, 8> kOthers = {{{25, "Keywords"},
                                           {90, "City"},
                                           {92, "Sublocation"},
                                           {95, "State or province"},
                                           {101, "Country"},
                                           {122, "Caption writer"},
                                           {85, "Creator's title"},
                                           {118, "Contact"}}};

void take(EmbeddedFields& fields, std::uint8_t set, std::string value, bool with_others) {
  while (!value.empty() && (value.back() == '\0' || value.back() == ' ')) value.pop_back();
  if (value.empty()) return;
  switch (set) {
    case 5: fields.title = iiif::LanguageMap::none(value); return;
    case 55: fields.date = date_of(value); return;
    case 80: fields.creators.push_back(std::move(value)); return;
    case 110: fields.credit = std::move(value); return;
    case 116: fields.rights = iiif::LanguageMap::none(value); return;
    case 120: fields.description = iiif::LanguageMap::none(value); return;
    default: break;
  }
  if (!with_others || fields.others.size() >= kMostOthers) return;
  for (const Named& other : kOthers) {
    if (other.set == set) fields.others.emplace_back(other.name, value);
  }
}

}  // namespace

EmbeddedFields read_iptc(base::ByteView iptc, bool with_others) {
  EmbeddedFields fields;
  std::size_t at = 0;
  for (std::size_t sets = 0; sets < kMostSets && at + 5 <= iptc.size() && iptc[at] == 0x1C; ++sets) {
    const std::uint8_t record = iptc[at + 1];
    const std::uint8_t set = iptc[at + 2];
    std::size_t length = static_cast<std::size_t>(iptc[at + 3]) << 8 | iptc[at + 4];
    at += 5;
    if ((length & 0x8000U) != 0) {  // extended: the length of the length
      const std::size_t digits = length & 0x7FFFU;
      if (digits == 0 || digits > 4 || at + digits > iptc.size()) return fields;
      length = 0;
      for (std::size_t i = 0; i < digits; ++i) length = length << 8 | iptc[at++];
    }
    if (length > iptc.size() - at) return fields;
    if (record == 2 && length <= kLongestField)
      take(fields, set, to_utf8(base::as_text(iptc.subspan(at, length))), with_others);
    at += length;
  }
  return fields;
}

}  // namespace armarium::ingest
