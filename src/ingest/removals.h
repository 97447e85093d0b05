#pragma once
// Takes back what vanished from the disk, unless so much vanished that a lost mount is the likelier reason. Belongs to the background thread.

#include <map>
#include <set>
#include <string>

#include "catalogue/catalogue.h"
#include "ingest/tree.h"
#include "store/store.h"

namespace armarium::ingest {

struct Vanished {
  std::set<std::string> folders;                // each with all below it
  std::map<store::ItemKey, std::string> items;  // → their folder
  std::set<std::string> files;  // what is remembered of them is forgotten; until then a move may be recognised
  bool empty() const noexcept { return folders.empty() && items.empty() && files.empty(); }
};

struct RemovalResult {
  bool held_back = false;         // too much: nothing was removed
  std::uint64_t items = 0;        // that vanished
  std::uint64_t of = 0;           // that there were
  std::set<std::string> parents;  // folders whose lists must be made again
};

// More than 20 items and more than 5 % of all are held back unless `accept`.
base::Result<RemovalResult> remove_vanished(const Vanished& vanished, bool accept, const Tree& tree,
                                            store::Store& store, catalogue::Catalogue& catalogue);

}  // namespace armarium::ingest
