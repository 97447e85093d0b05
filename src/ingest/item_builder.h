#pragma once
// From a folder's reading and the facts of its files to manifests and a collection as they shall be published. Pure; any thread.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "catalogue/change_set.h"
#include "ingest/biiif.h"
#include "ingest/file_facts.h"
#include "ingest/folder_reading.h"
#include "ingest/tree.h"

namespace armarium::ingest {

using FactsMap = std::map<std::string, FileFacts>;  // by path below the folder

struct Built {
  std::vector<catalogue::ManifestChange> manifests;  // in order
  std::vector<store::AliasRow> aliases;
  std::vector<catalogue::Problem> problems;
  std::set<std::string> labelled;  // Canvases whose label somebody wrote, beside the file or in metadata.csv
};

// What the texts that the plan names say, by path below the folder.
struct Texts {
  std::map<std::string, Info> infos;                    // name.yml
  std::map<std::string, CanvasAnnotation> annotations;  // of biiif
  std::map<std::string, iiif::Description> records;     // of single pictures, by their stem (CanvasPlan::stem)
  iiif::Description record;                             // of the folder
};

// Without facts (`outline`) only names and counts are filled in.
Built build_manifests(const Reading& reading, const FactsMap& facts, const Texts& texts, bool outline);

// The picture that stands for the folder as a whole; nothing when there is none, or it is not known yet.
std::optional<catalogue::Asset> folder_thumbnail(const Reading& reading, const FactsMap& facts);

// The identifier of the folder's collection, and of the manifest that its own files form.
std::string collection_identifier(const Reading& reading);
std::string manifest_identifier(const Reading& reading);
// What info.yml and metadata.csv say of the folder.
iiif::Description written_description(const Reading& reading);
// Of the folder: what is written, what records say, its name. `root_name` is the name of FOLDER itself.
iiif::Description folder_description(const Reading& reading, const iiif::Description& record,
                                     std::string_view root_name);

}  // namespace armarium::ingest
