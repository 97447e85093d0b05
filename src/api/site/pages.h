#pragma once
// What a page of the site shows, as plain values: handlers fill these from the catalogue, the Renderer turns them into HTML.
// Nothing here knows HTTP or the store. Addresses of pictures and documents are absolute; `path` is a site path that starts with
// a slash, lies below the public URL and is already percent-encoded. Sizes are pixels as they will be served. Empty means absent.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "iiif/description.h"

namespace armarium::api::site {

// A language map of Presentation 3.0, in document order; language "none" or "" where it is not known.
struct LanguageMap {
  struct Entry {
    std::string language;
    std::vector<std::string> values;
  };
  std::vector<Entry> entries;

  LanguageMap() = default;
  LanguageMap(std::string language, std::string value) { entries.push_back({std::move(language), {std::move(value)}}); }
  LanguageMap(const iiif::LanguageMap& map) {
    for (const auto& [language, values] : map.entries()) entries.push_back({language, values});
  }
  [[nodiscard]] bool empty() const { return entries.empty(); }
};

struct Picture {
  std::string url;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

struct LabelValue {
  LanguageMap label;
  LanguageMap value;
};

struct Link {
  std::string url;
  LanguageMap label;   // when empty the address is shown
  std::string format;  // media type
};

struct Provider {
  LanguageMap label;
  std::string homepage;
  std::optional<Picture> logo;
};

struct Crumb {
  LanguageMap label;
  std::string path;  // "/" or "/item/…"
};

// What a collection's page and an item's page have in common.
struct Description {
  LanguageMap label;
  LanguageMap summary;
  std::vector<LabelValue> metadata;
  std::string rights;  // a Creative Commons or RightsStatements.org address, or any other
  std::optional<LabelValue> required_statement;
  std::vector<Provider> providers;
  std::vector<Crumb> breadcrumb;  // from the top collection down to the parent
  std::vector<Link> downloads;
  std::vector<Link> see_also;
  std::string path;                // of this page, without a query
  std::string query;               // what belongs to the path in every link to this page: "as=manifest"; mostly empty
  std::string document;            // address of the Manifest or Collection
  std::string state_link;          // opens what is shown; of an item
  std::optional<Picture> picture;  // for link previews
  bool incomplete = false;         // the folder is still being read
  bool hidden_from_robots = false;
};

struct Child {
  LanguageMap label;
  std::string path;
  std::optional<Picture> thumbnail;
  bool is_collection = false;
  std::uint64_t count = 0;     // canvases of an item, entries of a collection; 0 when not known yet
  std::string elsewhere = {};  // address of a Manifest of others; `path` is empty then
};

struct CollectionPage : Description {
  std::vector<Child> children;  // of this page of the list
  std::uint64_t total_items = 0;
  std::uint64_t total_collections = 0;
  std::uint64_t total_entries = 0;  // instead of both where it is not known how many are which
  std::uint64_t page = 1;
  std::uint64_t page_count = 1;
};

struct Canvas {
  std::string id;  // of the IIIF Canvas
  LanguageMap label;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::string service;             // id of the Image API 3 service; without it the picture does not zoom
  std::optional<Picture> preview;  // about 1,200 pixels, shown before and without the viewer
  std::optional<Picture> thumbnail;
  std::string full;       // address of the whole picture as JPEG
  std::string error;      // why there is no picture, fit to be shown
  std::string elsewhere;  // the address of a picture that others keep: it is not fetched from here
};

struct ItemPage : Description {
  std::vector<Canvas> canvases;
  std::size_t current = 0;     // shown first; the `canvas` of the query less one
  bool right_to_left = false;  // viewingDirection; turns the strip round
};

struct ErrorPage {
  int status = 500;
  std::string message;  // one sentence, may be shown
  std::string number;   // found again in the log; empty for mistakes of the client
  std::string path;
};

struct Problem {
  std::string file;       // path below the folder that is served
  std::string item_path;  // "/item/…" where it has one
  std::string message;
  std::string since;
  std::string language = "en";  // of the message
};

struct StatusPage {
  std::vector<std::string> notices;                        // what needs a person now
  std::vector<std::pair<std::string, std::string>> facts;  // label, value
  std::vector<Problem> problems;
  std::uint64_t total_problems = 0;  // at least problems.size(); the list may be cut
  struct Table {
    std::string title;
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
  };
  std::vector<Table> tables;
};

enum class Viewer { kMirador, kUniversalViewer };

struct ViewerPage {
  Viewer viewer = Viewer::kMirador;
  std::string content;    // the parameter iiif-content as it came, decoded once
  std::string back_path;  // the page to return to; "/" if not known
};

// What a content state names where that is not one thing here.
struct StatePage {
  struct Entry {
    LanguageMap label;
    std::string path;       // of what is ours, with its query; or
    std::string elsewhere;  // the address of what is not
    std::string content;    // and the value of iiif-content that shows it
  };
  std::vector<Entry> entries;
};

// One entry of the site map.
struct SitemapEntry {
  std::string path;
  std::string last_modified;  // W3C date and time; may be empty
};

// Takes over what is said of a thing: label, summary, metadata, rights, required statement, providers, renderings and seeAlso.
void describe(Description& page, const iiif::Description& description);

// What holds for every page of an answer.
struct Site {
  std::string public_url;  // scheme, host and path below which everything lies, no slash at the end
  LanguageMap name;        // the label of the top collection
  std::string collection;  // address of the top Collection
  std::string contact;     // mailto: or web address of the people who run this; may be empty
};

}  // namespace armarium::api::site
