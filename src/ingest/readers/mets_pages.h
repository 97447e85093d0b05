#pragma once
// Pages of a METS file: the physical structure, with what lies in the folder for each of them. Inside the reader of METS only. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ingest/readers/mets_file.h"

namespace armarium::ingest::readers {

struct MetsPage {
  xml::Node div{};
  std::string id{};  // of the div, or made up: alone in the document
  std::string label{};
  std::vector<std::string_view> files{};  // ids, in order
};

struct MetsPages {
  std::vector<MetsPage> pages{};
  xml::Node root{};                       // of the physical structure
  std::vector<std::string_view> whole{};  // files of all of it
  std::unordered_map<std::string_view, std::vector<std::size_t>>
      by_id{};  // of a div, of one that holds pages, or of the structMap
  std::unordered_map<std::string_view, std::size_t> by_file{};
};
MetsPages pages_of(MetsFile& mets);

// Ids of the files that a div's fptr name.
std::vector<std::string_view> files_of(const MetsFile& mets, const xml::Node& div);

// Finds the files of the folder that a METS file means, wherever it was when that was written.
class MetsFolder {
 public:
  explicit MetsFolder(const SourceFile& file);
  // The path below the folder. A picture may have come in another format.
  std::optional<std::string> find(const MetsEntry& file) const;

 private:
  const SourceFile& file_;
  std::unordered_map<std::string, std::string> by_name_;  // "1.tif" → "images/1.tif"; empty: there are several
  std::unordered_map<std::string, std::string> pictures_by_stem_;  // "images/1" and "1" → "images/1.jp2"
};

}  // namespace armarium::ingest::readers
