#include <algorithm>

#include "api/site/html.h"
#include "api/site/json_ld.h"
#include "api/site/views.h"

namespace armarium::api::site {
namespace {

std::string position_of(const Context& context, std::size_t index, std::size_t total) {
  return context.locale.text("canvas_position",
                             {{"n", context.locale.number(index + 1)}, {"total", context.locale.number(total)}});
}

// How a picture is called where it cannot be seen: by its page and the work; a single picture by the work alone.
std::string alternative_text(const Context& context, const ItemPage& page, const Canvas& canvas) {
  std::string label = label_of(page.label, context.locale).text;
  const std::string own = label_of(canvas.label, context.locale).text;
  if (page.canvases.size() < 2 || own.empty() || own == label) return label;
  return context.locale.text("page_of", {{"label", label}, {"page", own}});
}

std::string canvas_query(std::size_t index) {
  return index == 0 ? std::string{} : "canvas=" + std::to_string(index + 1);
}

// Why there is nothing to see: the reason where there is one, else a sentence in the reader's language.
std::string error_of(const Context& context, const Canvas& canvas) {
  if (!canvas.error.empty() || !canvas.service.empty()) return canvas.error;
  if (!canvas.elsewhere.empty()) return context.locale.text("picture_elsewhere", {{"host", host_of(canvas.elsewhere)}});
  return context.locale.text("picture_failed");
}

View canvas_view(const Context& context, const ItemPage& page, std::size_t index) {
  const Canvas& canvas = page.canvases[index];
  const Label label = label_of(canvas.label, context.locale);
  const std::string number = context.locale.number(index + 1);
  View view;
  view.set("label", label.text.empty() ? number : label.text).set("attributes", label.attributes);
  view.set("href", context.link(page.path, join_query(page.query, canvas_query(index))));
  view.set("current_page", index == page.current).set("position", position_of(context, index, page.canvases.size()));
  view.set("id", canvas.id).set("width", std::to_string(canvas.width)).set("height", std::to_string(canvas.height));
  view.set_or_absent("service", canvas.service)
      .set("full", canvas.full)
      .set("preview_url", canvas.preview ? canvas.preview->url : std::string{});
  view.set_or_absent("error", error_of(context, canvas));
  if (canvas.thumbnail)
    view.set("thumbnail", picture_view(*canvas.thumbnail));
  else
    view.set("thumbnail", false);
  return view;
}

View stage_view(const Context& context, const ItemPage& page, const Canvas& canvas) {
  View view;
  view.set("id", canvas.id).set("width", std::to_string(canvas.width)).set("height", std::to_string(canvas.height));
  view.set_or_absent("service", canvas.service)
      .set("full", canvas.full.empty() && canvas.preview ? canvas.preview->url : canvas.full);
  view.set("alt", alternative_text(context, page, canvas)).set_or_absent("error", error_of(context, canvas));
  if (canvas.preview)
    view.set("preview", picture_view(*canvas.preview));
  else
    view.set("preview", false);
  return view;
}

// The picture that is shown; the viewer's script keeps the link up to date when pages are turned.
View::List picture_download(const Context& context, const Canvas& canvas) {
  View::List links;
  if (canvas.full.empty()) return links;
  links.push_back(View{}
                      .set("id", "download-picture")
                      .set("url", canvas.full)
                      .set("label", context.locale.text("download_picture"))
                      .set("attributes", "")
                      .set("format", "image/jpeg"));
  return links;
}

}  // namespace

View item_view(const Context& context, const ItemPage& page) {
  Head head;
  head.title = label_of(page.label, context.locale).text;
  head.description = label_of(page.summary, context.locale).text;
  head.path = page.path;
  const std::size_t current = page.canvases.empty() ? 0 : std::min(page.current, page.canvases.size() - 1);
  head.query = join_query(page.query, canvas_query(current));
  head.canonical_query = page.query;
  head.indexed = !page.hidden_from_robots;
  head.json_ld = json_ld(context.site, page, context.locale);
  View view = frame_view(context, head);
  add_description(view, context, page,
                  page.canvases.empty() ? View::List{} : picture_download(context, page.canvases[current]));
  view.set("about_heading", context.locale.text("about_work"))
      .set("address_label", context.locale.text("manifest_address"));
  view.set("previous", false).set("next", false);
  view.set("has_viewer", context.zoom_viewer)
      .set("has_canvases", !page.canvases.empty())
      .set("many", page.canvases.size() > 1);
  view.set("strip_direction", page.right_to_left ? "rtl" : "ltr");
  if (page.canvases.empty()) return view;
  const Canvas& shown = page.canvases[current];
  const Label label = label_of(shown.label, context.locale);
  view.set("position", position_of(context, current, page.canvases.size()))
      .set("canvas_label", page.canvases.size() > 1 ? label.text : std::string{})
      .set("canvas_attributes", label.attributes);
  view.set("current", stage_view(context, page, shown));
  View::List canvases;
  if (page.canvases.size() > 1)
    for (std::size_t i = 0; i < page.canvases.size(); ++i) canvases.push_back(canvas_view(context, page, i));
  view.set("canvases", std::move(canvases));
  return view;
}

}  // namespace armarium::api::site
