#pragma once
// The folder grammar: from the names in a folder to canvases, members, companions. Pure: sees names only, never the disk. A name that no rule claims is
// listed as `other`. Values; any thread.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace armarium::ingest {

enum class NameKind : std::uint8_t {
  picture,      // by its extension; the content decides later
  text,         // ALTO, hOCR, PAGE, TEI, plain text, captions, annotations
  description,  // info.yml, metadata.csv, manifest.json, name.yml and their like
  media,        // sound, film, models: a later part of the program
  other,
  unknown,  // an extension that says nothing: may be a picture
};
NameKind kind_of(std::string_view name);
// written.yml, fox.written.yml: what was written through the API, beside what it is about.
bool is_written_name(std::string_view name) noexcept;
// The name without its extension, where that is one: "scan.001" and "letter of 3.5" have none.
std::string_view base_of(std::string_view name);

// Hidden files, the litter of systems, `!name`, `+name`, temporary files: never looked at.
bool is_passed_over(std::string_view name, bool is_folder);

// alto, ocr, page, text: beside pictures, these hold companions.
bool is_companion_folder(std::string_view name);
// access, jpg, master, tif …: beside pictures or each other, these hold formats of the same pages.
bool is_format_folder(std::string_view name);

struct NameList {
  std::vector<std::string> files;  // names, none passed over
  std::vector<std::string> folders;
  // Listings of those subfolders that may belong to this item: companion, format and `_canvas` folders. Names of files in them.
  std::map<std::string, std::vector<std::string>> inner;
  std::set<std::string> pictures_by_content;  // paths below the folder whose ending says nothing
  bool is_picture(const std::string& below) const;
};

// A subfolder that a description of the folder names as a part of its item.
struct NamedPart {
  std::string path;         // below the folder; its listing is in NameList::inner
  bool thumbnails = false;  // nothing in it is shown
  int rank = 0;             // of several with the same pages the lowest is shown
  bool apart = false;       // its pages are others than those of the same name elsewhere
};

struct Rules {
  std::vector<std::string> order = {};  // from info.yml, or the rows of metadata.csv
  bool masters_public = false;
  std::vector<NamedPart> parts = {};
};

// One canvas: a base name with its files, as paths below the folder ("p1.jpg", "jpg/p1.jpg").
struct CanvasPlan {
  std::string stem;
  std::vector<std::string> pictures;  // what is shown first
  std::vector<std::string> masters;   // withheld
  std::vector<std::string> companions;
  std::string description;               // name.yml
  std::vector<std::string> annotations;  // biiif: the other texts of a `_canvas` folder
};

struct FolderPlan {
  std::vector<CanvasPlan> canvases;       // in order
  std::vector<std::string> members;       // subfolders that are items of their own, in order
  std::vector<std::string> part_folders;  // subfolders that belong to this item
  std::string thumbnail;                  // thumb.jpg of biiif, when there is one
};

FolderPlan plan_folder(const NameList& names, const Rules& rules);

}  // namespace armarium::ingest
