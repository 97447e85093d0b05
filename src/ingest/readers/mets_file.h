#pragma once
// What a METS file holds, by its ids: files, structures, links between them, descriptions. Inside the reader of METS only: everything looks into the document. Pure; any thread.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ingest/readers/reader.h"
#include "xml/document.h"

namespace armarium::ingest::readers {

enum class MetsUse : std::uint8_t { picture, text, download, media, other };

struct MetsEntry {
  std::string_view id{};
  std::string_view use{};   // of the file, else of its group
  std::string_view href{};  // as it is written
  std::string_view media_type{};
  MetsUse kind = MetsUse::other;
  int rank = 0;  // of pictures of one page: the lowest is shown
  int line = 0;
};
inline constexpr int kThumbnailRank = 9;
inline constexpr int kMasterRank = 4;

struct MetsFile {
  std::string_view space{};  // of METS 1 or 2
  xml::Node root{};
  std::unordered_map<std::string_view, MetsEntry> files{};
  std::vector<std::string_view> file_order{};
  std::vector<xml::Node> structures{};                             // structMaps
  std::unordered_map<std::string_view, xml::Node> descriptions{};  // dmdSec by id
  std::vector<xml::Node> description_order{};
  std::unordered_map<std::string_view, std::vector<std::string_view>> links{};  // structLink: from → to
  std::vector<FileProblem> problems{};

  void problem(int line, std::string reason) { problems.push_back({{}, line, std::move(reason)}); }
};

// `document` must live as long as what comes back.
MetsFile look_at_mets(const xml::Document& document);

// "file://./images/1.tif" → "images/1.tif", "http://host/a%20b.jpg" → "http://host/a%20b.jpg"; paths are decoded and hold no "." or "..".
std::string mets_path(std::string_view href);
bool is_remote(std::string_view href);
// Values of an attribute of ids: "MODSMD_PRINT MODSMD_ELEC".
std::vector<std::string_view> ids_of(std::string_view text);
// Without space at both ends.
std::string_view trimmed_text(std::string_view text);
std::string lowered(std::string_view text);

}  // namespace armarium::ingest::readers
