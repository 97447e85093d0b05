#pragma once
// From a path below FOLDER to an identifier and back, by the contract's "Identifiers": a function of the path alone. Paths are bytes, "/"-separated, without
// a slash at either end; identifiers are UTF-8 in NFC. Pure functions; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace armarium::ingest {

inline constexpr std::size_t kLongestIdentifier = 1024;  // bytes; longer ones become a hash
inline constexpr std::string_view kRootManifest = "_";

// In NFC; what is no UTF-8 stays as it is.
std::string composed(std::string_view text);

// One name: NFC, "~" as =7E, "=" as =3D, a byte that is no UTF-8 as =XX.
std::string segment_of(std::string_view name);

// Words that stand in addresses where an identifier may: no identifier is one of them; a top-level folder "canvas" is =63anvas.
bool is_reserved(std::string_view identifier) noexcept;

// Of a folder; empty for FOLDER itself.
std::string folder_identifier(std::string_view path);
// Of a file: without its extension.
std::string file_identifier(std::string_view path);
// Of a file with its extension, where the shorter one is taken.
std::string full_file_identifier(std::string_view path);
// Of page `page` (counted from 1) of a file.
std::string page_identifier(std::string_view file_identifier, std::uint32_t page);

// "p.1" of "p.1.tif"; the whole name where there is no extension.
std::string_view stem_of(std::string_view name) noexcept;
// "tif" of "p.1.TIF"; empty where there is none.
std::string extension_of(std::string_view name);
// The last name of a path, and what is before it.
std::string_view name_of(std::string_view path) noexcept;
std::string_view parent_of(std::string_view path) noexcept;
std::string join(std::string_view parent, std::string_view name);

struct ParsedIdentifier {
  std::string path;                   // as the identifier spells it (NFC, no extension); empty for FOLDER and for "_"
  std::optional<std::uint32_t> page;  // from 1
};
// Nothing when it is no identifier that a path gives: a hash, a broken escape, an empty segment.
std::optional<ParsedIdentifier> parse_identifier(std::string_view identifier);
bool is_hash(std::string_view identifier) noexcept;

}  // namespace armarium::ingest
