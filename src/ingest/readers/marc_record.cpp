#include "ingest/readers/marc_record.h"

namespace armarium::ingest::readers {

std::string_view MarcField::part(char code) const {
  for (const auto& [key, text] : parts) {
    if (key == code) return text;
  }
  return {};
}

std::string MarcField::joined(std::string_view codes, std::string_view between) const {
  std::string out;
  for (const auto& [key, text] : parts) {
    if (codes.find(key) == std::string_view::npos || text.empty()) continue;
    if (!out.empty()) out += between;
    out += text;
  }
  return out;
}

const MarcField* MarcRecord::field(std::string_view tag) const {
  for (const MarcField& candidate : fields) {
    if (candidate.tag == tag) return &candidate;
  }
  return nullptr;
}

std::string_view MarcRecord::control(std::string_view tag) const {
  const MarcField* found = field(tag);
  return found == nullptr ? std::string_view() : std::string_view(found->value);
}

}  // namespace armarium::ingest::readers
