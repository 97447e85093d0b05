#pragma once
// Turns the values of pages.h into the HTML of the site, in the reader's language. Made once from the asset pack, immutable after that; any thread
// may render. Pure: no HTTP, no store, no files. Creating fails when a template or a catalogue of strings is missing or does not parse.

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "api/site/asset_pack.h"
#include "api/site/locale.h"
#include "api/site/pages.h"
#include "api/site/template.h"

namespace armarium::api::site {

struct Context;

class Renderer {
  struct Key {};

 public:
  Renderer(Key key, std::shared_ptr<const AssetPack> pack, Catalogue catalogue,
           std::map<std::string, Template, std::less<>> templates);
  static base::Result<std::shared_ptr<const Renderer>> create(std::shared_ptr<const AssetPack> pack);

  // `query` is the value of ?lang=, `accept` the header Accept-Language; either may be empty. Answers vary by that header.
  [[nodiscard]] Locale locale(std::string_view query, std::string_view accept) const {
    return catalogue_.choose(query, accept);
  }

  [[nodiscard]] std::string render_collection(const Site& site, const CollectionPage& page, const Locale& locale) const;
  [[nodiscard]] std::string render_item(const Site& site, const ItemPage& page, const Locale& locale) const;
  [[nodiscard]] std::string render_error(const Site& site, const ErrorPage& page, const Locale& locale) const;
  [[nodiscard]] std::string render_accessibility(const Site& site, const Locale& locale) const;
  [[nodiscard]] std::string render_status(const Site& site, const StatusPage& page, const Locale& locale) const;
  [[nodiscard]] std::string render_state(const Site& site, const StatePage& page, const Locale& locale) const;
  [[nodiscard]] std::string render_viewer(const Site& site, const ViewerPage& page, const Locale& locale) const;

  [[nodiscard]] const AssetPack& assets() const { return *pack_; }
  // Which parts that need npm are in the pack.
  [[nodiscard]] bool has_zoom_viewer() const;
  [[nodiscard]] bool has(Viewer viewer) const;

 private:
  [[nodiscard]] Context context(const Site& site, const Locale& locale) const;
  [[nodiscard]] std::string render(std::string_view name, const View& view, const Locale& locale) const;

  std::shared_ptr<const AssetPack> pack_;
  Catalogue catalogue_;
  std::map<std::string, Template, std::less<>> templates_;
};

}  // namespace armarium::api::site
