#pragma once
// Everything that the server knows of a collection, in open formats: one folder of JSON Lines and CSV, with the history of what was written and the change log. For keeping, and for moving to another system; not for
// publishing, since it says who wrote what.

#include <cstdint>

#include "catalogue/catalogue.h"
#include "exports/exporter.h"
#include "exports/site_folder.h"
#include "store/store.h"

namespace armarium::app {

struct RecordsReport {
  std::uint64_t items = 0;
  std::uint64_t versions = 0;
  std::uint64_t changes = 0;
};

// `ask` gives the documents as a visitor gets them. What was taken down is in none of the files.
base::Result<RecordsReport> export_records(const store::Store& store, const catalogue::Catalogue& catalogue,
                                           const exports::Ask& ask, exports::SiteFolder& folder);

}  // namespace armarium::app
