#include "api/site/html.h"
#include "api/site/rights.h"
#include "api/site/views.h"
#include "base/uri.h"

namespace armarium::api::site {
namespace {

View::List value_views(const LanguageMap& map, const Locale& locale) {
  const Chosen chosen = choose_values(map, locale.code());
  const std::string attributes = language_attributes(chosen.language, locale.code());
  View::List values;
  for (const auto& value : chosen.values)
    values.push_back(View{}.set("html", value_to_html(value)).set("attributes", attributes));
  return values;
}

View::List metadata_views(const Context& context, const Description& page) {
  View::List rows;
  for (const auto& entry : page.metadata) {
    const Label label = label_of(entry.label, context.locale);
    rows.push_back(View{}
                       .set("label", label.text)
                       .set("label_attributes", label.attributes)
                       .set("values", value_views(entry.value, context.locale)));
  }
  return rows;
}

View::List link_views(const Context& context, const std::vector<Link>& links) {
  View::List result;
  for (const auto& link : links) {
    if (!is_web_address(link.url)) continue;
    const Label label = label_of(link.label, context.locale);
    result.push_back(View{}
                         .set("id", false)
                         .set("url", link.url)
                         .set("label", label.text.empty() ? link.url : label.text)
                         .set("attributes", label.attributes)
                         .set_or_absent("format", link.format));
  }
  return result;
}

View rights_view(const Context& context, const std::string& address) {
  const RightsNotice notice = rights_notice(address, context.locale);
  View::List marks;
  for (const auto& name : notice.marks) marks.push_back(View{}.set("name", name));
  return View{}
      .set("url", notice.url)
      .set("text", notice.text)
      .set_or_absent("explanation", notice.explanation)
      .set("marks", std::move(marks));
}

// A logo is shown only when it is ours: a page makes no request to a third party.
View::List provider_views(const Context& context, const Description& page) {
  View::List result;
  for (const auto& provider : page.providers) {
    const Label label = label_of(provider.label, context.locale);
    View view;
    view.set("label", label.text).set("attributes", label.attributes);
    view.set_or_absent("homepage", is_web_address(provider.homepage) ? provider.homepage : std::string{});
    const bool own =
        provider.logo && provider.logo->width > 0 && provider.logo->url.rfind(context.site.public_url + '/', 0) == 0;
    if (own)
      view.set("logo", picture_view(*provider.logo));
    else
      view.set("logo", false);
    result.push_back(std::move(view));
  }
  return result;
}

void add_rights(View& view, const Context& context, const Description& page) {
  const bool stated = is_web_address(page.rights);
  view.set("has_rights", stated || page.required_statement || !page.providers.empty());
  if (stated)
    view.set("rights", rights_view(context, page.rights));
  else
    view.set("rights", false);
  view.set("providers", provider_views(context, page)).set("required_statement", false);
  if (!page.required_statement) return;
  const Label label = label_of(page.required_statement->label, context.locale);
  view.set("required_statement", View{}
                                     .set("label", label.text)
                                     .set("label_attributes", label.attributes)
                                     .set("values", value_views(page.required_statement->value, context.locale)));
}

void add_breadcrumb(View& view, const Context& context, const Description& page) {
  View::List crumbs;
  for (const auto& crumb : page.breadcrumb) {
    const Label label = label_of(crumb.label, context.locale);
    crumbs.push_back(
        View{}.set("label", label.text).set("attributes", label.attributes).set("href", context.link(crumb.path)));
  }
  view.set_list("has_breadcrumb", "breadcrumb", std::move(crumbs));
}

void add_summary(View& view, const Context& context, const Description& page) {
  const Chosen chosen = choose_values(page.summary, context.locale.code());
  std::string html;
  for (const auto& value : chosen.values) html += "<p>" + value_to_html(value) + "</p>";
  // A paragraph cannot hold a paragraph: HTML that brings its own stands as it is.
  if (chosen.values.size() == 1 && value_to_html(chosen.values.front()).rfind("<p", 0) == 0)
    html = value_to_html(chosen.values.front());
  if (html.empty())
    view.set("summary", false);
  else
    view.set("summary",
             View{}.set("html", html).set("attributes", language_attributes(chosen.language, context.locale.code())));
}

}  // namespace

void add_description(View& view, const Context& context, const Description& page, View::List downloads) {
  const Label label = label_of(page.label, context.locale);
  view.set("label", label.text).set("label_attributes", label.attributes).set("graph_title", label.text);
  view.set("incomplete", page.incomplete).set("graph", true);
  add_breadcrumb(view, context, page);
  add_summary(view, context, page);
  view.set("has_about", !page.metadata.empty()).set("metadata", metadata_views(context, page));
  add_rights(view, context, page);
  view.set_or_absent("manifest", page.document).set("manifest_encoded", base::encode_query(page.document));
  view.set_or_absent("state_link", page.state_link).set("state_base", context.site.public_url + "/?iiif-content=");
  view.set("has_mirador", context.mirador)
      .set("has_uv", context.universal_viewer)
      .set("has_viewers", context.mirador || context.universal_viewer);
  for (View& link : link_views(context, page.downloads)) downloads.push_back(std::move(link));
  View::List links = link_views(context, page.see_also);
  view.set_list("has_downloads", "downloads", std::move(downloads));
  view.set_list("has_links", "links", std::move(links));
  if (page.picture)
    view.set("picture", picture_view(*page.picture));
  else
    view.set("picture", false);
}

}  // namespace armarium::api::site
