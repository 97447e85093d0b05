#pragma once
// The contract of the readers of descriptions as institutions have them (METS, EAD, MARC, MODS, LIDO …). A file is known by what is in it, not by its name. A reader gives what a record says, by
// the crosswalk, and where the format has an order of pages or of items, a tree; names of pictures in it are matched to the folder's own (ingest/document_pictures.h). What it cannot understand it
// names in `problems`, and goes on. Readers are pure but for the siblings that they ask for; any thread.

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "iiif/description.h"
#include "ingest/crosswalk.h"
#include "json/json.h"
#include "xml/markup.h"

namespace armarium::ingest::readers {

inline constexpr std::size_t kHeadBytes = 16'384;
inline constexpr std::size_t kLargestDescription = std::size_t{256} << 20;
// Of one file, and of all together that one description may ask for.
inline constexpr std::size_t kLargestSibling = std::size_t{64} << 20;
inline constexpr std::size_t kMostSiblingBytes = std::size_t{512} << 20;

// Ids in a tree that are nobody's address yet. Parts get part_id("canvas", "PHYS_1"): any text that is theirs alone in the document. Files of the folder, wherever a tree or a record links to one
// (seeAlso, rendering), get file_id("alto/p1.xml"): they are published below /media, and nothing else is. An item of a subfolder, in the items of a Collection, gets folder_id("1871-05-06").
inline constexpr std::string_view kOwnBase = "https://description.invalid";
std::string part_id(std::string_view kind, std::string_view name);
std::string file_id(std::string_view below);
std::string folder_id(std::string_view below);

struct Head {
  std::string_view name{};   // path below the folder
  std::string_view bytes{};  // the first of the file
  xml::RootName root{};      // empty where it is no XML
};

struct SourceFile {
  std::string name{};        // path below the folder
  std::string_view bytes{};  // the whole file
  xml::RootName root{};
  const Crosswalk& crosswalk;
  // What lies in the folder and in those of its subfolders that belong to it, as paths below it, sorted.
  const std::vector<std::string>& files;
  const std::vector<std::string>& folders;  // the subfolders that are items of their own
  // Another file of that list, within the limits. What was read so is part of what the item depends on.
  std::function<base::Result<std::string>(const std::string& below)> sibling{};
  bool has(std::string_view below) const;
};

struct FileProblem {
  std::string file{};  // path below the folder; empty: the file that is read
  int line = 0;
  std::string reason{};
};

struct Described {
  // What is said of the whole, labels and properties by the crosswalk; origins name the file.
  iiif::Description record{};
  // What is said of single pictures, by their name or its stem.
  std::vector<std::pair<std::string, iiif::Description>> of_files{};
  // A Manifest or a Collection as Presentation 3 writes them, with ids of kOwnBase or true addresses. What `record` says need not stand in it. A Canvas may lack its extent: it gets its
  // picture's. Regions (#xywh=) are in the picture's pixels, unless the Canvas has kSpaceMark: [width, height] of their space.
  json::Object tree{};
  // How the file is linked as seeAlso.
  std::string media_type = "application/xml";
  std::string profile{};  // URI of the schema
  iiif::LanguageMap label{};
  std::vector<std::string> inside{};  // other descriptions of the folder that are part of this one
  std::vector<FileProblem> problems{};
};
inline constexpr std::string_view kSpaceMark = "regionSpace";

// Subfolders whose pictures and texts belong to the item of the folder, as the description says.
struct PartFolder {
  std::string path{};       // below the folder: "images/max"
  bool thumbnails = false;  // what is in it is not shown
  int rank = 0;             // of formats of one page, the lowest is shown; from 50 on they are masters
  bool apart = false;       // its pages are others than those of the same name elsewhere
};

struct Reader {
  std::string_view name{};
  bool (*claims)(const Head& head) = nullptr;
  Described (*read)(const SourceFile& file) = nullptr;
  // Cheap, and only asked where there are subfolders; null: it has none.
  std::vector<PartFolder> (*parts)(std::string_view bytes) = nullptr;
};

// In the order in which they are asked and, where several describe one folder, go before each other.
std::span<const Reader> all_readers();
// Whether a file of this name may be a description at all.
bool may_describe(std::string_view name);
// Null when nobody knows it.
const Reader* reader_of(std::string_view name, std::string_view head);

}  // namespace armarium::ingest::readers
