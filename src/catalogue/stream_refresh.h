#pragma once
// When the public address changes, every id in the change stream does: one Refresh, then one Update for each item that everybody may see (Change Discovery 1.0, 2.1.5).
// In steps that survive a crash. Blocks on the database.

#include <cstddef>
#include <string_view>

#include "base/error.h"
#include "store/store.h"

namespace armarium::catalogue {

// Whether a refresh is underway: the stream is not whole then.
base::Result<bool> is_refreshing(const store::Reader& reader);
// The Refresh after which everything is named again: for an address that changed, and after a restore, which rewinds the log. Inside a write; steps follow.
base::Result<store::Batch> announce_refresh(const store::Reader& before);
// One step of at most `most` items; true when there is more to do. An empty address is none that changed.
base::Result<bool> refresh_stream(store::Store& store, std::string_view public_url, std::size_t most);

}  // namespace armarium::catalogue
