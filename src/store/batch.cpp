#include "store/store.h"

namespace armarium::store {

bool Batch::publishes() const noexcept {
  return !(items.empty() && removed_items.empty() && members.empty() && canvases.empty() && assets.empty() &&
           removed_assets.empty() && aliases.empty() && removed_aliases.empty() && gone.empty() && not_gone.empty() &&
           activities.empty() && erased.empty() && takedowns.empty() && lifted.empty());
}

bool Batch::empty() const noexcept {
  return !publishes() && problems.empty() && folders.empty() && removed_folders.empty() && files.empty() &&
         removed_files.empty() && settings.empty() && statements.empty() && removed_statements.empty() &&
         versions.empty() && moved_versions.empty() && forgotten_versions.empty() && content_states.empty() &&
         removed_content_states.empty() && sent_files.empty();
}

bool Batch::erases() const noexcept { return !(erased.empty() && forgotten_versions.empty() && takedowns.empty()); }

}  // namespace armarium::store
