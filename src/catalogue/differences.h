#pragma once
// From what shall be published and what is, to the rows that a write must change. Runs inside the writing transaction.

#include "base/error.h"
#include "catalogue/change_set.h"
#include "catalogue/takedowns.h"
#include "store/store.h"

namespace armarium::catalogue {

struct Differences {
  store::Batch batch;
  // Items that show another thumbnail, or whose list changed: their holders may show another one, too.
  std::vector<store::ItemKey> new_thumbnails;
};

// What is withheld is left out of the changes.
base::Result<Differences> differences(const ChangeSet& changes, const store::Reader& before, const Takedowns& withheld);

}  // namespace armarium::catalogue
