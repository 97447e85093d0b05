#pragma once
// What is written over an item, beside what its files say: patches over single properties, or a whole document in their place. The store keeps both as statements (store/rows.h), whose documents
// are read and made here. Called inside the writing transaction; errors are the store's, and corrupt for what cannot be read back.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "iiif/description.h"
#include "json/json.h"
#include "store/store.h"

namespace armarium::catalogue {

// Origins of statements.
inline constexpr std::string_view kWritten = "written";
inline constexpr std::string_view kFolder = "folder";

struct Written {
  bool whole = false;        // a document stands in place of what the files say
  json::Object document{};   // whole: what was published of it when its files went; else empty
  json::Array patches{};     // otherwise: one after the other, in the shapes of the model
  std::string collection{};  // where an item without files hangs
};

struct Statements {
  std::optional<Written> written{};
  std::optional<store::StatementRow> below{};  // what the files say, where something is written over it
};

base::Result<Statements> statements_of(const store::Reader& reader, const store::ItemKey& item);
// too_large: it could not be read back.
base::Result<> check_statement(const store::StatementRow& row);
store::StatementRow statement_row(const store::ItemKey& item, const Written& written);

// The origin of the aliases by which the ids of a document that was put in answer.
std::string aliases_origin(const store::ItemKey& item);

// A document as rows: those of its parts, with what the item's own row says of it put into `row`. invalid_argument without a label; too_large.
struct DocumentRows {
  iiif::Description description{};
  std::vector<store::CanvasRow> canvases{};
  std::vector<store::ItemKey> members{};
  // Puts the parts into a batch.
  void put_into(store::Batch& batch, const store::ItemKey& item) &&;
};
base::Result<DocumentRows> lay_out(json::Object tree, store::ItemRow& row);
// The other way: the document that was laid out, from the rows that are there.
base::Result<json::Object> document_of(const store::Reader& reader, const store::ItemRow& row);

// The properties of a row under a patch; its Canvases are another matter (parts.h). too_large.
base::Result<iiif::Description> patch_row(store::ItemRow& row, const json::Object& patch);

// What the files say, and back from it.
store::StatementRow below_of(const store::ItemRow& row, const std::vector<store::CanvasRow>& canvases,
                             const std::vector<store::ItemKey>& members);
void put_back(const store::StatementRow& below, store::ItemRow& row, store::Batch& batch);

}  // namespace armarium::catalogue
