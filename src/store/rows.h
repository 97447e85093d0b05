#pragma once
// The rows of the store as plain values. Documents are JSON text that the store never looks into; paths are bytes as the file system has them. A revision of 0
// in a row that is written means "the revision of this write". Values; any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace armarium::store {

using Revision = std::uint64_t;

// Of a write that was reported. Synced: it survives a loss of power. Soon: it survives a crash of the program; a loss of power may undo it with all of this kind that
// came after the last synced one, and nothing else. For what a scan finds again (ADR 0015).
enum class Durability : std::uint8_t { synced, soon };

enum class Kind : std::uint8_t { manifest = 0, collection = 1, asset = 2 };

// Identifiers are made by the caller, never by the database.
struct ItemKey {
  Kind kind = Kind::manifest;
  std::string identifier{};
  friend auto operator<=>(const ItemKey&, const ItemKey&) = default;  // NOLINT(modernize-use-nullptr): the compiler's 0
};

// The folder of an item that has none, because it was written through the API: no path looks like it.
inline constexpr std::string_view kNoFolder = "//written";

// A manifest or a collection. The face is what lists show of it: label, date, thumbnail, count.
struct ItemRow {
  ItemKey key{};
  std::string folder{};     // path of the folder that it comes from
  std::string audience{};   // empty: everybody
  std::string label{};      // JSON, face
  std::string nav_date{};   // face
  std::string thumbnail{};  // identifier of an asset, face
  std::uint64_t count = 0;  // canvases or members, face
  bool complete = true;
  bool announced = false;  // an activity has named it
  Revision revision = 0;
  Revision face_revision = 0;
  std::uint64_t first_page =
      0;                   // its canvases' internal numbers start here, without gaps; 0 in a write: give it a new block
  std::string document{};  // JSON
};

struct CanvasRow {
  std::string identifier{};
  std::string document{};
  friend bool operator==(const CanvasRow&, const CanvasRow&) = default;
};

struct AssetRow {
  std::string identifier{};
  std::string manifest{};
  std::string path{};
  std::uint32_t page = 0;
  std::string version{};
  std::uint8_t state = 0;
  std::string problem{};
  std::string document{};
  friend bool operator==(const AssetRow&, const AssetRow&) = default;
};

struct MemberRow {
  std::uint64_t position = 0;
  ItemRow item{};
};

// Of all members that `who` may see.
struct MemberSummary {
  std::uint64_t total = 0;
  Revision face_revision = 0;  // newest face among them
};

struct AliasRow {
  std::string alias{};
  std::string identifier{};
  std::string origin{};  // "id", "move", "page", "redirects.csv"
  friend bool operator==(const AliasRow&, const AliasRow&) = default;
};

// A refresh has no item: what was published is named again from here on.
enum class ActivityType : std::uint8_t { create = 0, update = 1, remove = 2, move = 3, refresh = 4 };

// An entry of the change log. Numbers start at 1 and have no gaps; nobody sees n + 1 before n.
struct ActivityRow {
  std::uint64_t number = 0;  // given by the store
  // Where it stands among what everybody may know: from 1, without gaps; 0: not there. In a write anything but 0 means the next place.
  std::uint64_t place = 0;
  ActivityType type = ActivityType::create;
  ItemKey item{};
  std::string target{};    // of a move: the new identifier
  std::int64_t time = 0;   // milliseconds since 1970, UTC, never before that of an earlier one; given by the store
  Revision revision = 0;   // given by the store
  std::string document{};  // JSON: what else is said of the item; empty: nothing
  bool erased = false;     // its item may not be named any more; set by Batch::erased
};

// What one origin says of an item, where it is more than what its files say: "written" through the API, and then also "folder", what lies below it.
struct StatementRow {
  ItemKey item{};
  std::string origin{};
  std::string collection{};  // of an item that has no folder: the collection that it hangs in
  std::string document{};    // JSON, the catalogue's own
  friend bool operator==(const StatementRow&, const StatementRow&) = default;
};

// A version of what was written about an item: what came in, byte for byte. Numbers start at 1 for each item.
struct VersionRow {
  ItemKey item{};
  std::uint64_t number = 0;  // given by the store
  std::int64_t time = 0;     // given by the store
  Revision revision = 0;     // given by the store
  std::string method{};      // "PUT", "PATCH", "DELETE", …
  std::string who{};
  std::string why{};
  std::string media_type{};
  std::string content{};
};

// A content state that somebody keeps here.
struct ContentStateRow {
  std::string id{};
  std::string document{};  // JSON
  std::string who{};       // empty once its writer is forgotten
  std::int64_t time = 0;   // milliseconds since 1970, UTC; given by the store
};

// A file that somebody sent, and that came to its place in FOLDER.
struct SentFileRow {
  std::uint64_t number = 0;  // from 1; given by the store
  std::int64_t time = 0;     // milliseconds since 1970, UTC; given by the store
  std::string path{};        // bytes
  std::uint64_t size = 0;
  bool replaced = false;  // another one
  std::string who{};      // empty once that one is forgotten
};

// What may not be given any more, whatever lies in FOLDER: an identifier, with all that lies below it ("book": "book~p1", "book=p2").
struct TakedownRow {
  std::string identifier{};
  std::string cause{};   // the identifier that somebody named: this one, or that of what it belongs to
  std::string folder{};  // path of the folder that it comes from; kNoFolder
  std::string reason{};  // said to everybody who asks; may be empty
  std::string who{};
  std::int64_t time = 0;  // milliseconds since 1970, UTC; 0 in a write: now
  friend bool operator==(const TakedownRow&, const TakedownRow&) = default;
};

struct ProblemRow {
  std::string path{};
  std::string where{};
  std::string reason{};
  friend bool operator==(const ProblemRow&, const ProblemRow&) = default;
};

// What ingest remembers of a folder and of a file, so that nothing is read twice.
struct FolderRow {
  std::string path{};
  std::string parent{};
  std::uint64_t inode = 0;
  std::string token{};     // of its listing and of all that its reading depended on
  std::uint8_t state = 0;  // ingest's own
  std::string document{};
};

struct FileRow {
  std::string path{};
  std::string folder{};
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::string token{};  // size, time and inode when its headers were read
  std::uint8_t state = 0;
  std::string fingerprint{};
  std::string document{};
};

}  // namespace armarium::store
