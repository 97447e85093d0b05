#include "api/site/asset_pack.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "base/hash.h"

namespace armarium::api::site {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kMaxArchive = std::size_t{256} << 20U;
constexpr std::size_t kMaxAssets = 4096;

using base::ErrorCode;

// A field of POSIX.1-1988 ustar: text up to the first NUL.
std::string_view field(std::string_view header, std::size_t offset, std::size_t length) {
  const std::string_view whole = header.substr(offset, length);
  return whole.substr(0, whole.find('\0'));
}

// Octal digits with spaces around them.
std::optional<std::size_t> octal(std::string_view text) {
  std::size_t number = 0;
  bool digits = false;
  for (const char c : text) {
    if (c == ' ') continue;
    if (c < '0' || c > '7' || number > kMaxArchive) return std::nullopt;
    number = number * 8 + static_cast<std::size_t>(c - '0');
    digits = true;
  }
  return digits ? std::optional(number) : std::nullopt;
}

bool checksum_matches(std::string_view header) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(header[i]);
  return octal(field(header, 148, 8)) == sum;
}

std::string_view media_type_of(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kTypes = {{
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".json", "application/json"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".ttf", "font/ttf"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".gif", "image/gif"},
      {".html", "text/html; charset=utf-8"},
      {".txt", "text/plain; charset=utf-8"},
      {".wasm", "application/wasm"},
      {".ico", "image/x-icon"},
  }};
  for (const auto& [ending, type] : kTypes)
    if (name.size() > ending.size() && name.substr(name.size() - ending.size()) == ending) return type;
  return "application/octet-stream";
}

}  // namespace

base::Result<std::shared_ptr<const AssetPack>> AssetPack::open(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return base::fail(ErrorCode::not_found, "The file with the pages of the site is missing.", path);
  const auto size = static_cast<std::size_t>(std::max<std::streamoff>(file.tellg(), 0));
  if (size > kMaxArchive)
    return base::fail(ErrorCode::too_large, "The file with the pages of the site is too large.", path);
  std::string archive(size, '\0');
  file.seekg(0);
  if (!file.read(archive.data(), static_cast<std::streamsize>(size)))
    return base::fail(ErrorCode::io, "The file with the pages of the site cannot be read.", path);
  return from_bytes(std::move(archive));
}

base::Result<std::shared_ptr<const AssetPack>> AssetPack::from_bytes(std::string archive) {
  auto pack = std::make_shared<AssetPack>(Key{});
  pack->archive_ = std::move(archive);
  if (auto read = pack->read_index(); !read) return base::fail(std::move(read).error());
  return pack;
}

base::Result<void> AssetPack::read_index() {
  const std::string_view archive = archive_;
  std::string digest;
  for (std::size_t at = 0; at + kBlock <= archive.size();) {
    const std::string_view header = archive.substr(at, kBlock);
    if (header.front() == '\0') break;  // two empty blocks end an archive
    const auto size = octal(field(header, 124, 12));
    if (field(header, 257, 5) != "ustar" || !checksum_matches(header) || !size ||
        *size > archive.size() - at - kBlock) {
      return base::fail(ErrorCode::corrupt, "The file with the pages of the site is damaged.");
    }
    std::string name(field(header, 0, 100));
    // GNU archives keep times where ustar has its prefix; only the POSIX form has the version "00".
    if (const std::string_view prefix = field(header, 345, 155); header.substr(263, 2) == "00" && !prefix.empty())
      name.insert(0, std::string(prefix) + '/');
    if (name.rfind("./", 0) == 0) name.erase(0, 2);
    const char type = header[156];
    if (type == '0' || type == '\0') {
      if (assets_.size() >= kMaxAssets)
        return base::fail(ErrorCode::too_large, "The file with the pages of the site holds too many files.");
      const std::string_view bytes = archive.substr(at + kBlock, *size);
      const std::string hash = base::hash_hex(bytes);
      digest.append(name).append(1, '\0').append(hash);
      assets_.insert_or_assign(std::move(name), Asset{bytes, {}, '"' + hash + '"'});
    }
    at += kBlock + (*size + kBlock - 1) / kBlock * kBlock;
  }
  for (auto& [name, asset] : assets_) asset.media_type = media_type_of(name);
  version_ = base::hash_hex(digest).substr(0, 12);
  return {};
}

const Asset* AssetPack::find(std::string_view name) const {
  const auto found = assets_.find(name);
  return found == assets_.end() ? nullptr : &found->second;
}

FoundAsset find_asset(const AssetPack& pack, std::string_view path) {
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view name = path.substr(slash + 1);
  if (name.substr(0, 7) != "static/" && name.substr(0, 5) != "dist/") return {};
  return {pack.find(name), path.substr(0, slash) == pack.version()};
}

}  // namespace armarium::api::site
