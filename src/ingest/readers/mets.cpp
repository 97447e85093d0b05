#include "ingest/readers/mets.h"

namespace armarium::ingest::readers {

bool claims_mets(const Head& head) {
  return head.root.name == "mets" && head.root.space.starts_with("http://www.loc.gov/METS");
}

Described read_mets(const SourceFile& file) {
  Described out;
  out.label = iiif::LanguageMap::none("METS");
  out.profile = file.root.space;
  return out;
}

std::vector<PartFolder> mets_parts(std::string_view) { return {}; }

}  // namespace armarium::ingest::readers
