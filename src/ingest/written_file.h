#pragma once
// What was written about an item through the API, as a file that a person can read, change and keep in git: YAML, either the properties that lie over the item's files (a merge patch; several, one over the
// other, as a list), or a whole document. Pure but for what reads the store; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "ingest/info_yml.h"
#include "json/json.h"
#include "store/store.h"

namespace armarium::ingest {

struct WrittenContent {
  json::Array patches{};    // over the files, in the shapes of the model
  json::Object document{};  // or a whole one, with local ids
};

// What is written now; nothing where nothing is.
base::Result<std::optional<WrittenContent>> written_content(const store::Reader& reader, const store::ItemRow& item);

// The same content gives the same text.
std::string written_text(const WrittenContent& content);
// The other way, cleaned and checked as what comes by the API. `item`: which it is about.
tl::expected<WrittenContent, TextProblem> read_written(std::string_view text, const store::ItemKey& item);

// The name of the file: written.yml for the Manifest of a folder, collection.written.yml for its Collection, fox.written.yml for an item of one file (`stem`), ID.manifest.written.yml for an item without files.
std::string written_name(const store::ItemKey& item, std::string_view stem, bool has_files);
// The item without files that a file of this name is about.
std::optional<store::ItemKey> item_of_written_name(std::string_view name);

}  // namespace armarium::ingest
