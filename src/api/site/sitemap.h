#pragma once
// /sitemap.xml (sitemaps.org 0.9) and /robots.txt (RFC 9309), and the security policies that go with the pages as headers. Pure functions; any thread.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "api/site/pages.h"

namespace armarium::api::site {

// Of one site map: at most 50,000 entries. With more, /sitemap.xml is an index of /sitemap.xml?page=1…
inline constexpr std::size_t kSitemapEntries = 50'000;

std::string sitemap(const Site& site, std::span<const SitemapEntry> entries);
std::string sitemap_index(const Site& site, std::uint64_t pages);

// Pages may be read, picture services and status pages are not for crawlers; `indexed` false turns all of them away.
std::string robots(const Site& site, bool indexed);

// Content-Security-Policy of our own pages: nothing from elsewhere, no inline script or style.
inline constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src "
    "'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

// Of the shells of Mirador and Universal Viewer: they write styles into the page, and show documents and pictures from any server. Universal Viewer also
// compiles the templates of its trees (contents, collections) from text, which its page has to allow.
inline constexpr std::string_view kMiradorPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src * data: blob:; "
    "media-src * blob:; font-src 'self' data:; connect-src *; worker-src 'self' blob:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'";
inline constexpr std::string_view kUniversalViewerPolicy =
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src * data: blob:; "
    "media-src * blob:; font-src 'self' data:; connect-src *; worker-src 'self' blob:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'";

}  // namespace armarium::api::site
