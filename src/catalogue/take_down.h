#pragma once
// Taking down, inside the writing transaction: from an identifier to everything that has to go, and back. What goes: the items with Canvases, pictures, statements and every version of what was written; the
// names in the log of changes, which says one Delete in their place; places in Collections, and what other documents show of it; content states that name it; what was read from its files. Pure functions on a
// reader; the caller writes the batch.

#include <string>
#include <vector>

#include "base/error.h"
#include "catalogue/takedowns.h"
#include "store/store.h"

namespace armarium::catalogue {

struct TakedownOrder {
  std::string identifier{};  // of an item, a Canvas, a file; or an alias of one
  std::string reason{};
  std::string who{};
};

struct TakenDown {
  std::string identifier{};                 // aliases followed
  std::vector<store::ItemKey> items{};      // that are gone
  std::vector<store::AssetRow> pictures{};  // that are gone: derivatives of them may lie about
  std::vector<std::string> folders{};       // paths of folders that have to be looked at again
  std::vector<store::ItemKey> changed{};    // documents that showed it
};

struct TakedownRows {
  store::Batch batch{};
  TakenDown done{};
};

// invalid_argument for the top Collection; not_found; conflict where it is taken down already, by itself or with something else.
base::Result<TakedownRows> take_down_rows(const TakedownOrder& order, const Takedowns& standing,
                                          const store::Reader& before);
// The rows of takedowns that stood elsewhere (before a restore) with all that follows from them.
base::Result<TakedownRows> renew_rows(std::vector<store::TakedownRow> rows, const Takedowns& standing,
                                      const store::Reader& before);
// Files are read and published again; what was written stays gone. not_found.
base::Result<TakedownRows> lift_rows(const std::string& identifier, const store::Reader& before);

}  // namespace armarium::catalogue
