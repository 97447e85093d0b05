#pragma once
// What is written over an item, when its files change below it, move elsewhere, go, or come back. Called inside the writing transaction; errors are the store's.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "iiif/description.h"
#include "store/store.h"

namespace armarium::catalogue {

struct Overlay {
  // A whole document stands in place of what the files say.
  bool whole = false;
  std::optional<iiif::Description> description{};  // of what is published, where something is written over the files
  store::Batch batch{};                            // statements, and what follows the item from where it was
};

// `row` and `canvases` or `members` are what the files say, and become what is published. `moved_from`: the item that these files were, or null.
base::Result<Overlay> lay_over(const store::Reader& before, store::ItemRow& row,
                               std::vector<store::CanvasRow>& canvases, std::vector<store::ItemKey>& members,
                               const store::ItemKey* moved_from);

// Before an item of files is not published any more: what was written over it waits for them.
base::Result<> shelve(const store::Reader& before, const store::ItemRow& row, store::Batch& batch);

// An identifier of an item that moved, or of anything below or inside of it, as it is after the move; any other as it is.
std::string moved_identifier(std::string_view identifier, std::string_view from, std::string_view to);
// The same in a local id of the model (iiif/presentation/local_ids.h).
std::string moved_id(std::string_view id, std::string_view from, std::string_view to);

}  // namespace armarium::catalogue
