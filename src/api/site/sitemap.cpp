#include "api/site/sitemap.h"

#include <algorithm>

#include "api/site/html.h"

namespace armarium::api::site {
namespace {

constexpr std::string_view kOpening = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
constexpr std::string_view kNamespace = " xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";

// "/prefix" of "https://host/prefix"
std::string_view path_of(std::string_view url) {
  const auto scheme = url.find("://");
  const auto slash = url.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  return slash == std::string_view::npos ? std::string_view{} : url.substr(slash);
}

}  // namespace

std::string sitemap(const Site& site, std::span<const SitemapEntry> entries) {
  std::string xml(kOpening);
  xml.append("<urlset").append(kNamespace);
  for (const auto& entry : entries.first(std::min(entries.size(), kSitemapEntries))) {
    xml.append("<url><loc>").append(escape_html(site.public_url + entry.path)).append("</loc>");
    if (!entry.last_modified.empty())
      xml.append("<lastmod>").append(escape_html(entry.last_modified)).append("</lastmod>");
    xml.append("</url>\n");
  }
  return xml.append("</urlset>\n");
}

std::string sitemap_index(const Site& site, std::uint64_t pages) {
  std::string xml(kOpening);
  xml.append("<sitemapindex").append(kNamespace);
  for (std::uint64_t page = 1; page <= pages; ++page) {
    xml.append("<sitemap><loc>")
        .append(escape_html(site.public_url + "/sitemap.xml?page=" + std::to_string(page)))
        .append("</loc></sitemap>\n");
  }
  return xml.append("</sitemapindex>\n");
}

std::string robots(const Site& site, bool indexed) {
  std::string text = "User-agent: *\n";
  if (!indexed) return text + "Disallow: /\n";
  const std::string_view base = path_of(site.public_url);
  // Whole pictures may be fetched (link previews do), their thousands of tiles may not.
  text.append("Allow: ").append(base).append("/iiif/image/*/full/\n");
  for (const std::string_view path : {"/iiif/image/", "/viewer/", "/status", "/metrics", "/search"})
    text.append("Disallow: ").append(base).append(path).append("\n");
  return text + "\nSitemap: " + site.public_url + "/sitemap.xml\n# IIIF Change Discovery: " + site.public_url +
         "/iiif/discovery/1/collection\n";
}

}  // namespace armarium::api::site
