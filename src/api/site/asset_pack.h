#pragma once
// The one file that holds the site: templates, strings, style sheets, scripts, fonts and viewers, as an uncompressed ustar archive. It is read whole
// and kept in memory (about 15 MB with the viewers); an Asset's bytes live as long as the pack. Immutable once opened; any thread. Fails on
// a damaged archive and on one over the limits. `version` is a hash of all names and contents: addresses below /assets/{version}/ never change.

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

namespace armarium::api::site {

struct Asset {
  std::string_view bytes;
  std::string_view media_type;
  std::string etag;  // with its quotes
};

class AssetPack {
  struct Key {};

 public:
  explicit AssetPack(Key /*made by open and from_bytes only*/) {}
  static base::Result<std::shared_ptr<const AssetPack>> open(const std::string& path);
  static base::Result<std::shared_ptr<const AssetPack>> from_bytes(std::string archive);

  // By the name in the archive, "static/css/site.css"; nullptr when it is not there.
  [[nodiscard]] const Asset* find(std::string_view name) const;
  [[nodiscard]] const std::string& version() const { return version_; }
  [[nodiscard]] const std::map<std::string, Asset, std::less<>>& assets() const { return assets_; }

 private:
  base::Result<void> read_index();
  std::string archive_;
  std::map<std::string, Asset, std::less<>> assets_;
  std::string version_;
};

// For a path below "/assets/": the asset and whether the address names this very version (then it may be kept for ever). Only what browsers need is
// found: static/ and dist/, not templates and strings.
struct FoundAsset {
  const Asset* asset = nullptr;
  bool immutable = false;
};
FoundAsset find_asset(const AssetPack& pack, std::string_view path_below_assets);

}  // namespace armarium::api::site
