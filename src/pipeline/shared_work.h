#pragma once
// Items of one piece of work, done by the thread that has to do them and by workers that have nothing else to do. These leave between two items as soon as a tile
// waits, so that nobody's request is delayed by more than an item. Blocks until all items that were begun are done.

#include <cstddef>
#include <functional>

#include "base/work_pool.h"

namespace armarium::pipeline {

// `item` is called for 0 to count - 1, each once and in this order of beginning, by several threads at a time; when it says false no other is begun. `helpers` may be
// null. An item that throws ends the work here, or, on a helper, is left undone.
void share_work(base::WorkPool* helpers, std::size_t count, const std::function<bool(std::size_t)>& item);

}  // namespace armarium::pipeline
