#pragma once
// From what shall be published and what is, to the rows that a write must change. Runs inside the writing transaction.

#include "base/error.h"
#include "catalogue/change_set.h"
#include "store/store.h"

namespace armarium::catalogue {

struct Differences {
  store::Batch batch;
  std::vector<store::ItemKey>
      new_faces;  // items whose place in lists looks different: their holders' thumbnails may change
};

base::Result<Differences> differences(const ChangeSet& changes, const store::Reader& before);

}  // namespace armarium::catalogue
