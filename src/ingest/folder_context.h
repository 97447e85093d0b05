#pragma once
// What a folder inherits and what its own texts say: info.yml, metadata.csv, .armariumignore from FOLDER down to it. Contexts are immutable, shared, and
// kept as long as their texts stay the same. The cache is thread-safe.

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "catalogue/records.h"
#include "ingest/crosswalk.h"
#include "ingest/ignore.h"
#include "ingest/info_yml.h"
#include "ingest/metadata_csv.h"
#include "ingest/readers/reader.h"
#include "ingest/record_table.h"
#include "ingest/tree.h"

namespace armarium::ingest {

struct FolderContext {
  std::string path;
  std::shared_ptr<const FolderContext> parent;  // none for FOLDER
  Info info;
  std::shared_ptr<const MetadataTable> table;  // none when there is no metadata.csv here
  IgnoreList ignore;
  CrosswalkPtr crosswalk;                      // of here, over that above; never null
  std::shared_ptr<const RecordTable> records;  // none when there is neither records.xml nor records.mrc here
  json::Array linked;                          // of manifests.yml
  bool published = true;                       // here and in every folder above
  bool embedded_all = false;                   // here or above
  std::string own_token;                       // of the texts here
  std::string token;                           // of all that reading this folder depends on, above and here
  std::string inherited;                       // of what the folders below depend on
  std::vector<catalogue::Problem> problems;

  bool ignores(std::string_view path, bool is_folder) const;
  // The row for a path, of the nearest metadata.csv that has one.
  const MetadataRow* row(std::string_view path) const;
  // What a table of records in the folder above says of this one; null when there is none.
  const iiif::Description* record() const;
};
using ContextPtr = std::shared_ptr<const FolderContext>;

class ContextCache {
 public:
  ContextCache(const Tree& tree, CrosswalkPtr crosswalk) : tree_(tree), crosswalk_(std::move(crosswalk)) {}
  ContextPtr context(std::string_view path);
  // The subfolders that a description of the folder (METS and the like) names as parts of its item; kept as long as the file stays the same.
  using Parts = std::shared_ptr<const std::vector<readers::PartFolder>>;
  Parts parts(const std::string& path, const Entry& file);

 private:
  std::string read_records(FolderContext& context) const;
  ContextPtr make(std::string_view path, ContextPtr parent, std::string own_token) const;
  const Tree& tree_;
  CrosswalkPtr crosswalk_;
  std::mutex mutex_;
  std::unordered_map<std::string, ContextPtr> kept_;
  std::unordered_map<std::string, std::pair<std::string, Parts>> parts_;  // by path, with the token of the file
};

}  // namespace armarium::ingest
