#include <algorithm>
#include <array>

#include "ingest/grammar.h"
#include "ingest/identifiers.h"

// What a name alone says.

namespace armarium::ingest {
namespace {

template <std::size_t size>
bool any_of(const std::array<std::string_view, size>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

constexpr std::array<std::string_view, 69> kPictures = {
    "jpg", "jpeg", "jpe", "jfif", "tif", "tiff", "btf",  "tf8",  "ptif", "ptiff", "jp2",  "j2k",  "jpx", "jpf",
    "j2c", "jpc",  "jph", "jhc",  "png", "apng", "webp", "gif",  "avif", "avifs", "heic", "heif", "hif", "heics",
    "jxl", "pdf",  "bmp", "dib",  "svg", "svgz", "svs",  "ndpi", "mrxs", "scn",   "vms",  "vmu",  "bif", "czi",
    "dcm", "fits", "fit", "fts",  "exr", "hdr",  "pnm",  "pbm",  "pgm",  "ppm",   "pfm",  "pam",  "psd", "dng",
    "cr2", "cr3",  "nef", "arw",  "orf", "raf",  "rw2",  "tga",  "pcx",  "ico",   "xbm",  "xpm",  "jls"};
constexpr std::array<std::string_view, 22> kTexts = {
    "xml",  "hocr", "html", "htm",  "xhtml", "txt",     "vtt",  "srt", "json", "geojson", "jsonld",
    "mets", "mods", "mrc",  "marc", "mrx",   "marcxml", "lido", "eac", "tei",  "rdf",     "ead"};
constexpr std::array<std::string_view, 4> kDescriptions = {"yml", "yaml", "csv", "tsv"};
constexpr std::array<std::string_view, 29> kMedia = {
    "mp3", "mp4",  "m4a", "m4v",  "wav", "flac", "ogg", "oga",  "ogv", "opus", "webm",  "mkv", "mov",  "avi", "aac",
    "mpg", "mpeg", "glb", "gltf", "obj", "stl",  "ply", "usdz", "usd", "spz",  "splat", "mtl", "m3u8", "ts"};
constexpr std::array<std::string_view, 30> kOthers = {
    "md", "rst", "doc", "docx", "odt", "xls", "xlsx", "ods", "ppt", "pptx", "rtf",    "zip", "gz",  "bz2", "xz",
    "7z", "tar", "rar", "js",   "css", "py",  "sh",   "log", "ini", "toml", "sqlite", "db",  "exe", "dll", "so"};
constexpr std::array<std::string_view, 12> kLitter = {
    "thumbs.db", "desktop.ini", "@eadir",    "lost+found", "$recycle.bin", "system volume information",
    "__macosx",  "#recycle",    "#snapshot", "icon\r",     "ehthumbs.db",  "node_modules"};
constexpr std::array<std::string_view, 6> kUnfinished = {"tmp", "temp", "part", "partial", "crdownload", "swp"};
constexpr std::array<std::string_view, 4> kCompanionFolders = {"alto", "ocr", "page", "text"};
constexpr std::array<std::string_view, 11> kFormatFolders = {"access",  "jpg", "jpeg", "jp2", "web", "master",
                                                             "masters", "tif", "tiff", "raw", "png"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

}  // namespace

bool is_written_name(std::string_view name) noexcept { return name == "written.yml" || name.ends_with(".written.yml"); }

NameKind kind_of(std::string_view name) {
  if (name == "manifest.json" || name == "collection.json") return NameKind::description;
  if (is_written_name(name)) return NameKind::other;
  const std::string extension = extension_of(name);
  if (any_of(kPictures, extension)) return NameKind::picture;
  if (any_of(kTexts, extension)) return NameKind::text;
  if (any_of(kDescriptions, extension)) return NameKind::description;
  if (any_of(kMedia, extension)) return NameKind::media;
  if (any_of(kOthers, extension)) return NameKind::other;
  const std::string whole = lower(name);
  if (whole == "readme" || whole == "license" || whole == "licence" || whole == "makefile" || whole == "copying")
    return NameKind::other;
  return NameKind::unknown;
}

std::string_view base_of(std::string_view name) { return kind_of(name) == NameKind::unknown ? name : stem_of(name); }

bool is_passed_over(std::string_view name, bool is_folder) {
  if (name.empty() || name.front() == '.' || name.front() == '!' || name.front() == '+') return true;
  if (any_of(kLitter, lower(name))) return true;
  if (is_folder) return false;
  return name.back() == '~' || any_of(kUnfinished, extension_of(name));
}

bool NameList::is_picture(const std::string& below) const {
  return kind_of(name_of(below)) == NameKind::picture || pictures_by_content.contains(below);
}

bool is_companion_folder(std::string_view name) { return any_of(kCompanionFolders, lower(name)); }
bool is_format_folder(std::string_view name) { return any_of(kFormatFolders, lower(name)); }

}  // namespace armarium::ingest
