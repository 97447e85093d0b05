#pragma once
// The change log as harvesters of OAI-PMH read it: each item once, at the place and time of the last thing that happened to it, deleted ones too. What changes while a list is read comes again at its end, so that
// nothing is missed. The store must live longer; any thread.

#include <cstdint>
#include <optional>
#include <vector>

#include "store/store.h"

namespace armarium::discovery {

struct ChangedItem {
  store::ItemKey item{};
  std::int64_t time = 0;  // milliseconds since 1970, UTC
  bool deleted = false;
  std::uint64_t place = 0;  // in the public log
};

struct ChangedItemList {
  std::vector<ChangedItem> items{};
  std::uint64_t next = 0;  // the place after which the list goes on; 0: that was all
};

class ChangedItems {
 public:
  explicit ChangedItems(const store::Store& store) : store_(store) {}

  // Items of a kind that changed from `from` on and before `until` (milliseconds), after a place of the log. Looks at some thousand entries at most, once it has found one item.
  base::Result<ChangedItemList> list(store::Kind kind, std::int64_t from, std::int64_t until, std::uint64_t after,
                                     std::size_t limit) const;
  // Nothing for what was never published, or may not be named any more.
  base::Result<std::optional<ChangedItem>> find(const store::ItemKey& item) const;
  // The time of the first entry; nothing while there is none.
  base::Result<std::optional<std::int64_t>> earliest() const;

 private:
  const store::Store& store_;
};

}  // namespace armarium::discovery
