#pragma once
// manifest.json and collection.json in a folder: IIIF documents of others, of version 2, 3 or 4, read by the same door as those that are written through the API. The file itself is what is kept of it,
// byte for byte. What info.yml and metadata.csv say lies over it, property by property; pictures of the folder take the place of those that it means. Pure; any thread.

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalogue/change_set.h"
#include "iiif/description.h"
#include "ingest/info_yml.h"
#include "json/json.h"

namespace armarium::ingest {

inline constexpr const char* kDocumentNames[] = {"manifest.json", "collection.json"};
inline constexpr std::size_t kLargestDocument = std::size_t{48} << 20;
bool is_document_name(std::string_view name) noexcept;

struct FolderDocument {
  std::string name{};   // of the file
  json::Object tree{};  // of the model, cleaned; empty when it could not be read
  std::vector<TextProblem> problems{};
  bool made = false;  // by a reader: ids of readers::kOwnBase are nobody's
  bool is(std::string_view type) const;
};
FolderDocument read_folder_document(std::string_view text, std::string name);
// What a reader made of the file `name`: readers::Described::tree.
FolderDocument made_document(json::Object tree, std::string name);

struct DocumentPlace {
  store::ItemKey item{};
  iiif::Description above{};         // what lies over the document: info.yml, metadata.csv
  iiif::Description below{};         // what is said where neither they nor the document do: records
  iiif::LanguageMap name{};          // the label where nobody says one
  std::set<std::string> labelled{};  // Canvases of the folder that have a label of their own
  std::function<std::string(const std::string& outside)> known_item{};
};

struct LaidDocument {
  std::vector<std::pair<std::string, std::string>> ids{};  // of others → ours
  std::vector<TextProblem> problems{};
};
// The document becomes the item of the folder: description, tree, Canvases or members. The Error says what is wrong with the document; then nothing is changed.
base::Result<LaidDocument> lay_document(const FolderDocument& document, const DocumentPlace& place,
                                        catalogue::ManifestChange& manifest);
base::Result<LaidDocument> lay_document(const FolderDocument& document, const DocumentPlace& place,
                                        catalogue::CollectionChange& collection);

}  // namespace armarium::ingest
