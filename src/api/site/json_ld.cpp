#include "api/site/json_ld.h"

#include "api/site/html.h"
#include "api/site/views.h"
#include "json/writer.h"

namespace armarium::api::site {
namespace {

// In a script element "</script" and "<!--" must not occur: '<' is written as an escape, as are '>' and '&'.
std::string for_script(std::string_view json) {
  std::string result;
  result.reserve(json.size());
  for (const char c : json) {
    if (c == '<')
      result += "\\u003c";
    else if (c == '>')
      result += "\\u003e";
    else if (c == '&')
      result += "\\u0026";
    else
      result += c;
  }
  return result;
}

void write_text(json::Writer& writer, std::string_view name, const std::string& text) {
  if (!text.empty()) writer.member(name, std::string_view(text));
}

void write_description(json::Writer& writer, const Site& site, const Description& page, const Locale& locale) {
  const Label label = label_of(page.label, locale);
  write_text(writer, "name", label.text);
  write_text(writer, "inLanguage", label.language);
  write_text(writer, "description", value_to_text(label_of(page.summary, locale).text));
  writer.member("@id", std::string_view(site.public_url + page.path))
      .member("url", std::string_view(site.public_url + page.path));
  if (page.picture)
    writer.member("image", std::string_view(page.picture->url))
        .member("thumbnailUrl", std::string_view(page.picture->url));
  write_text(writer, "license", page.rights);
  if (page.required_statement)
    write_text(writer, "creditText", value_to_text(label_of(page.required_statement->value, locale).text));
  if (!page.providers.empty()) {
    writer.key("provider").begin_object().member("@type", "Organization");
    write_text(writer, "name", label_of(page.providers.front().label, locale).text);
    write_text(writer, "url", page.providers.front().homepage);
    writer.end_object();
  }
  writer.key("encoding")
      .begin_object()
      .member("@type", "MediaObject")
      .member("contentUrl", std::string_view(page.document));
  writer.member("encodingFormat", "application/ld+json;profile=\"http://iiif.io/api/presentation/3/context.json\"")
      .end_object();
}

void write_breadcrumb(json::Writer& writer, const Site& site, const Description& page, const Locale& locale) {
  if (page.breadcrumb.empty()) return;
  writer.begin_object().member("@type", "BreadcrumbList").key("itemListElement").begin_array();
  int position = 0;
  for (const auto& crumb : page.breadcrumb) {
    writer.begin_object()
        .member("@type", "ListItem")
        .member("position", ++position)
        .member("name", std::string_view(label_of(crumb.label, locale).text));
    writer.member("item", std::string_view(site.public_url + crumb.path)).end_object();
  }
  writer.end_array().end_object();
}

template <class Extra>
std::string graph(const Site& site, const Description& page, const Locale& locale, const char* type, Extra&& extra) {
  json::Writer writer;
  writer.begin_object().member("@context", "https://schema.org").key("@graph").begin_array();
  writer.begin_object().member("@type", type);
  write_description(writer, site, page, locale);
  extra(writer);
  writer.end_object();
  write_breadcrumb(writer, site, page, locale);
  writer.end_array().end_object();
  return for_script(writer.take());
}

}  // namespace

std::string json_ld(const Site& site, const CollectionPage& page, const Locale& locale) {
  return graph(site, page, locale, "CollectionPage", [&](json::Writer& writer) {
    writer.key("hasPart").begin_array();
    for (const auto& child : page.children) {
      writer.begin_object()
          .member("@type", child.is_collection ? "Collection" : "CreativeWork")
          .member("name", std::string_view(label_of(child.label, locale).text));
      writer.member("url", std::string_view(child.elsewhere.empty() ? site.public_url + child.path : child.elsewhere))
          .end_object();
    }
    writer.end_array();
  });
}

std::string json_ld(const Site& site, const ItemPage& page, const Locale& locale) {
  return graph(site, page, locale, "CreativeWork", [&](json::Writer& writer) {
    if (!page.breadcrumb.empty()) {
      const Crumb& parent = page.breadcrumb.back();
      writer.key("isPartOf")
          .begin_object()
          .member("@type", "Collection")
          .member("name", std::string_view(label_of(parent.label, locale).text));
      writer.member("url", std::string_view(site.public_url + parent.path)).end_object();
    }
    writer.key("associatedMedia").begin_array();
    constexpr std::size_t kMostPictures = 20;
    for (std::size_t i = 0; i < page.canvases.size() && i < kMostPictures; ++i) {
      const Canvas& canvas = page.canvases[i];
      if (canvas.full.empty()) continue;
      writer.begin_object().member("@type", "ImageObject").member("contentUrl", std::string_view(canvas.full));
      writer.member("width", canvas.width).member("height", canvas.height);
      write_text(writer, "license", page.rights);
      writer.end_object();
    }
    writer.end_array();
  });
}

}  // namespace armarium::api::site
