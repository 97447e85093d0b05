#include <array>
#include <cmath>

#include "api/site/html.h"
#include "api/site/json_ld.h"
#include "api/site/views.h"
#include "base/uri.h"

namespace armarium::api::site {
namespace {

// The class that carries the proportion of a picture into the rows of the gallery; without inline styles there is one for each of these.
std::string shape_of(const std::optional<Picture>& picture) {
  static constexpr std::array<int, 11> kShapes = {50, 60, 67, 75, 85, 100, 115, 133, 150, 175, 220};
  if (!picture || picture->width == 0 || picture->height == 0) return "shape-100";
  const double proportion = 100.0 * picture->width / picture->height;
  int best = kShapes.front();
  for (const int shape : kShapes)
    if (std::abs(std::log(proportion / shape)) < std::abs(std::log(proportion / best))) best = shape;
  return "shape-" + std::to_string(best);
}

constexpr std::size_t kEagerPictures = 8;

// Manifests of others open in a viewer of ours where there is one.
std::string href_of(const Context& context, const Child& child) {
  if (child.elsewhere.empty()) return context.link(child.path);
  if (!context.mirador && !context.universal_viewer) return child.elsewhere;
  return context.link(context.mirador ? "/viewer/mirador" : "/viewer/uv",
                      "iiif-content=" + base::encode_segment(child.elsewhere));
}

View child_view(const Context& context, const Child& child, std::size_t index) {
  const Label label = label_of(child.label, context.locale);
  View view;
  view.set("href", href_of(context, child)).set("label", label.text).set("label_attributes", label.attributes);
  view.set("is_collection", child.is_collection)
      .set("shape", shape_of(child.thumbnail))
      .set("blank", child.is_collection ? "folder" : "picture");
  view.set("loading", index < kEagerPictures ? "eager" : "lazy");
  const bool told = child.count > 1 || (child.is_collection && child.count > 0);
  view.set_or_absent(
      "count",
      told ? context.locale.count(child.is_collection ? "entries_count" : "images_count", child.count) : std::string{});
  if (!child.elsewhere.empty())
    view.set("count", context.locale.text("elsewhere", {{"host", host_of(child.elsewhere)}}));
  if (child.thumbnail)
    view.set("thumbnail", picture_view(*child.thumbnail));
  else
    view.set("thumbnail", false);
  return view;
}

// First, last and two around the current one; gaps between.
View::List page_links(const Context& context, const CollectionPage& page) {
  View::List links;
  std::uint64_t previous = 0;
  for (std::uint64_t number = 1; number <= page.page_count;) {
    if (previous + 1 < number) links.push_back(View{}.set("gap", true));
    links.push_back(
        View{}
            .set("gap", false)
            .set("number", context.locale.number(number))
            .set("current", number == page.page)
            .set("href", context.link(page.path, number == 1 ? std::string{} : "page=" + std::to_string(number))));
    previous = number;
    const std::uint64_t window = page.page > 3 ? page.page - 2 : 1;
    if (number < window)
      number = window;
    else if (number < page.page + 2)
      ++number;
    else if (number < page.page_count)
      number = page.page_count;
    else
      break;
  }
  return links;
}

std::string page_query(std::uint64_t number) { return number <= 1 ? std::string{} : "page=" + std::to_string(number); }

std::string tally(const Context& context, const CollectionPage& page) {
  std::string text;
  if (page.total_collections > 0) text = context.locale.count("collections_count", page.total_collections);
  if (page.total_items > 0) text += (text.empty() ? "" : ", ") + context.locale.count("works_count", page.total_items);
  if (text.empty() && page.total_entries > 0) text = context.locale.count("entries_count", page.total_entries);
  return text;
}

}  // namespace

View collection_view(const Context& context, const CollectionPage& page) {
  Head head;
  head.title = label_of(page.label, context.locale).text;
  head.description = label_of(page.summary, context.locale).text;
  head.path = page.path;
  head.query = head.canonical_query = page_query(page.page);
  head.indexed = !page.hidden_from_robots;
  head.json_ld = json_ld(context.site, page, context.locale);
  View view = frame_view(context, head);
  add_description(view, context, page);
  view.set("about_heading", context.locale.text("about_collection"))
      .set("address_label", context.locale.text("collection_address"));
  view.set("tally", tally(context, page)).set("has_script", context.zoom_viewer);
  const bool many = page.page_count > 1;
  view.set_or_absent("page_position",
                     many ? context.locale.text("page_position", {{"n", context.locale.number(page.page)},
                                                                  {"total", context.locale.number(page.page_count)}})
                          : std::string{});
  View::List children;
  for (std::size_t i = 0; i < page.children.size(); ++i) children.push_back(child_view(context, page.children[i], i));
  view.set_list("has_children", "children", std::move(children)).set("has_pages", many);
  view.set("page_links", many ? page_links(context, page) : View::List{});
  view.set_or_absent("previous", page.page > 1 ? context.link(page.path, page_query(page.page - 1)) : std::string{});
  view.set_or_absent("next",
                     page.page < page.page_count ? context.link(page.path, page_query(page.page + 1)) : std::string{});
  return view;
}

}  // namespace armarium::api::site
