#include "api/site/renderer.h"

#include <algorithm>
#include <array>

#include "api/site/views.h"

namespace armarium::api::site {
namespace {

constexpr std::string_view kTemplates = "templates/";
constexpr std::string_view kStrings = "strings/";
constexpr std::string_view kFallbackLanguage = "en";
constexpr std::array<std::string_view, 7> kPages = {"collection", "item",   "error", "accessibility",
                                                    "status",     "viewer", "state"};

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

using Partials = std::map<std::string, std::string, std::less<>>;

Partials read_partials(const AssetPack& pack) {
  constexpr std::string_view kEnding = ".mustache";
  Partials partials;
  for (const auto& [name, asset] : pack.assets()) {
    if (!starts_with(name, kTemplates) || name.size() < kTemplates.size() + kEnding.size()) continue;
    partials.emplace(name.substr(kTemplates.size(), name.size() - kTemplates.size() - kEnding.size()), asset.bytes);
  }
  return partials;
}

base::Result<std::vector<Strings>> read_languages(const AssetPack& pack) {
  std::vector<Strings> languages;
  for (const auto& [name, asset] : pack.assets()) {
    if (!starts_with(name, kStrings)) continue;
    auto strings = parse_strings(asset.bytes);
    if (!strings)
      return base::fail(strings.error().code, strings.error().message, name + ": " + strings.error().detail);
    languages.push_back(*std::move(strings));
  }
  const auto fallback =
      std::find_if(languages.begin(), languages.end(), [](const Strings& s) { return s.code == kFallbackLanguage; });
  if (fallback == languages.end())
    return base::fail(base::ErrorCode::not_found, "The file with the pages of the site has no English strings.");
  std::rotate(languages.begin(), fallback, fallback + 1);
  return languages;
}

}  // namespace

Renderer::Renderer(Key /*made by create only*/, std::shared_ptr<const AssetPack> pack, Catalogue catalogue,
                   std::map<std::string, Template, std::less<>> templates)
    : pack_(std::move(pack)), catalogue_(std::move(catalogue)), templates_(std::move(templates)) {}

base::Result<std::shared_ptr<const Renderer>> Renderer::create(std::shared_ptr<const AssetPack> pack) {
  auto languages = read_languages(*pack);
  if (!languages) return base::fail(std::move(languages).error());
  const Partials partials = read_partials(*pack);
  std::map<std::string, Template, std::less<>> templates;
  for (const std::string_view name : kPages) {
    const auto text = partials.find(name);
    if (text == partials.end())
      return base::fail(base::ErrorCode::not_found, "A template of the site is missing.", std::string(name));
    auto parsed = Template::parse(text->second, partials);
    if (!parsed)
      return base::fail(parsed.error().code, parsed.error().message, std::string(name) + ": " + parsed.error().detail);
    templates.emplace(name, *std::move(parsed));
  }
  return std::make_shared<const Renderer>(Key{}, std::move(pack), Catalogue(*std::move(languages)),
                                          std::move(templates));
}

bool Renderer::has_zoom_viewer() const { return pack_->find("dist/item.js") != nullptr; }

bool Renderer::has(Viewer viewer) const {
  return pack_->find(viewer == Viewer::kMirador ? "dist/mirador/mirador.min.js" : "dist/uv/umd/UV.js") != nullptr;
}

std::string Renderer::render(std::string_view name, const View& view, const Locale& locale) const {
  View strings;
  for (auto& [key, text] : locale.all_texts()) strings.set(key, std::move(text));
  return templates_.find(name)->second.render(view, strings);
}

Context Renderer::context(const Site& site, const Locale& locale) const {
  return {site,
          locale,
          catalogue_,
          "/assets/" + pack_->version(),
          has_zoom_viewer(),
          pack_->find("dist/fonts.css") != nullptr,
          has(Viewer::kMirador),
          has(Viewer::kUniversalViewer)};
}

std::string Renderer::render_collection(const Site& site, const CollectionPage& page, const Locale& locale) const {
  return render("collection", collection_view(context(site, locale), page), locale);
}

std::string Renderer::render_item(const Site& site, const ItemPage& page, const Locale& locale) const {
  return render("item", item_view(context(site, locale), page), locale);
}

std::string Renderer::render_error(const Site& site, const ErrorPage& page, const Locale& locale) const {
  return render("error", error_view(context(site, locale), page), locale);
}

std::string Renderer::render_accessibility(const Site& site, const Locale& locale) const {
  return render("accessibility", accessibility_view(context(site, locale)), locale);
}

std::string Renderer::render_status(const Site& site, const StatusPage& page, const Locale& locale) const {
  return render("status", status_view(context(site, locale), page), locale);
}

std::string Renderer::render_state(const Site& site, const StatePage& page, const Locale& locale) const {
  return render("state", state_view(context(site, locale), page), locale);
}

std::string Renderer::render_viewer(const Site& site, const ViewerPage& page, const Locale& locale) const {
  return render("viewer", viewer_view(context(site, locale), page), locale);
}

}  // namespace armarium::api::site
