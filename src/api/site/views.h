#pragma once
// From the values of a page to the tree that its template shows; one function for each template, and the parts that pages share. Inner header of
// site/: only the renderer and its tests use it. Pure functions; a Context is a bundle of references for one call.

#include <string>
#include <string_view>

#include "api/site/locale.h"
#include "api/site/pages.h"
#include "api/site/template.h"

namespace armarium::api::site {

struct Context {
  const Site& site;
  const Locale& locale;
  const Catalogue& catalogue;
  std::string assets_path;  // "/assets/{version}"
  bool zoom_viewer = false;
  bool fonts = false;
  bool mirador = false;
  bool universal_viewer = false;

  // The path of the public URL: "" or "/prefix".
  [[nodiscard]] std::string base() const;
  // A link below the base with its query, the chosen language kept: "/prefix/item/x?canvas=2&lang=de".
  [[nodiscard]] std::string link(std::string_view path, std::string_view query = {}) const;
};

// "a&b"; either may be empty.
std::string join_query(std::string_view first, std::string_view second);

// What the head, the masthead and the footer show of every page.
struct Head {
  std::string title;  // without the name of the site
  std::string description;
  std::string path;
  std::string query;            // kept in the links to other languages
  std::string canonical_query;  // part of the page's own address, "page=2"
  bool indexed = true;
  bool has_address = true;  // false for errors: no canonical link, no link preview
  const Description* work = nullptr;
  std::string json_ld;
};
View frame_view(const Context& context, const Head& head);

View collection_view(const Context& context, const CollectionPage& page);
View item_view(const Context& context, const ItemPage& page);
View error_view(const Context& context, const ErrorPage& page);
View accessibility_view(const Context& context);
View status_view(const Context& context, const StatusPage& page);
View state_view(const Context& context, const StatePage& page);
View viewer_view(const Context& context, const ViewerPage& page);

// Breadcrumb, metadata, rights, share.
// `downloads` come before the page's own.
void add_description(View& view, const Context& context, const Description& page, View::List downloads = {});

// The first value in the reader's language, and its attributes for the element that shows it.
struct Label {
  std::string text;
  std::string language;
  std::string attributes;
};
Label label_of(const LanguageMap& map, const Locale& locale);
View picture_view(const Picture& picture);

}  // namespace armarium::api::site
