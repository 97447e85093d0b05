#pragma once
// What a person writes about an item, and how it becomes rows. It lies over what the item's files say: a merge patch over single properties, or a whole document in their place; what the files say is
// kept below it, follows them, and comes back when what was written is taken away. Each write is a version with who, when and why. An item without files hangs in a collection.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "iiif/description.h"
#include "json/json.h"
#include "store/store.h"

namespace armarium::catalogue {

struct Edit {
  enum class Kind : std::uint8_t {
    put,      // `content` is the whole document, adopted (adopt.h)
    patch,    // `content` is a merge patch of its properties (RFC 7396), in the shapes of the model
    patches,  // `content` has `patches`, one over the other, in place of all that was written over its files before
    remove    // what was written; an item without files is gone
  };
  Kind kind = Kind::put;
  store::ItemKey item{};
  json::Object content{};
  std::vector<std::pair<std::string, std::string>> ids{};  // of an adopted document
  std::string collection{};                                // where a new item hangs
  // What was sent.
  std::string method{};
  std::string media_type{};
  std::string source{};
  std::string who{};
  std::string why{};
  // Conditions, precondition_failed where one is not met: a revision that the writer has seen is the present one; there is no such item yet; there is one.
  std::optional<std::vector<store::Revision>> seen{};
  bool only_new = false;
  bool must_exist = false;
};

// The rows that an edit makes. Revisions, activities and thumbnails are the caller's, as for every other change.
struct EditedRows {
  struct Row {
    store::ItemRow row{};
    std::optional<store::ItemRow> was{};
    bool content_changed = false;
    iiif::Description description{};
  };
  std::vector<Row> rows{};  // the item, and a collection that lists it now
  std::vector<store::ItemKey> removed{};
  store::Batch batch{};  // everything else
};

// invalid_argument for a member that no patch may change.
base::Result<> check_patch(const json::Object& patch);

// Inside the writing transaction. not_found, gone; conflict: an item of files alone cannot be removed; precondition_failed; invalid_argument with the property.
base::Result<EditedRows> edit_rows(const Edit& edit, const store::Reader& before);

// The revision that a document of this row has: its own, or of a list that it shows.
base::Result<store::Revision> document_revision(const store::Reader& reader, const store::ItemRow& row,
                                                const base::Principal& who);

}  // namespace armarium::catalogue
