#include "api/site/html.h"
#include "api/site/views.h"
#include "base/uri.h"

namespace armarium::api::site {
namespace {

constexpr std::size_t kDescriptionLength = 300;

// Cut at a space below the limit, never inside a UTF-8 sequence.
std::string shorten(std::string text) {
  for (char& c : text)
    if (c == '\n' || c == '\t' || c == '\r') c = ' ';
  if (text.size() <= kDescriptionLength) return text;
  const auto space = text.rfind(' ', kDescriptionLength);
  std::size_t end = space == std::string::npos || space < kDescriptionLength / 2 ? kDescriptionLength : space;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

View::List language_links(const Context& context, const Head& head) {
  View::List links;
  for (const auto& strings : context.catalogue.languages()) {
    const bool current = strings.code == context.locale.code();
    if (!strings.offered && !current) continue;
    const std::string query = (head.query.empty() ? std::string{} : head.query + '&') + "lang=" + strings.code;
    links.push_back(View{}
                        .set("code", strings.code)
                        .set("name", strings.name)
                        .set("current", current)
                        .set("href", context.base() + head.path + '?' + query));
  }
  return links;
}

View::List alternates(const Context& context, const Head& head) {
  View::List links;
  const std::string query = head.canonical_query.empty() ? std::string{} : head.canonical_query + '&';
  for (const auto& strings : context.catalogue.languages())
    if (strings.offered)
      links.push_back(View{}
                          .set("code", strings.code)
                          .set("href", context.site.public_url + head.path + '?' + query + "lang=" + strings.code));
  return links;
}

}  // namespace

std::string Context::base() const {
  const auto scheme = site.public_url.find("://");
  const auto slash = site.public_url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  return slash == std::string::npos ? std::string{} : site.public_url.substr(slash);
}

std::string Context::link(std::string_view path, std::string_view query) const {
  std::string result = base();
  result.append(path);
  char separator = path.find('?') == std::string_view::npos ? '?' : '&';
  for (const std::string& part :
       {std::string(query), locale.explicit_choice() ? "lang=" + locale.code() : std::string{}}) {
    if (part.empty()) continue;
    result.append(1, separator).append(part);
    separator = '&';
  }
  return result;
}

std::string join_query(std::string_view first, std::string_view second) {
  std::string result(first);
  if (!first.empty() && !second.empty()) result += '&';
  return result.append(second);
}

Label label_of(const LanguageMap& map, const Locale& locale) {
  const Chosen chosen = choose_values(map, locale.code());
  Label label;
  for (const auto& value : chosen.values) label.text += (label.text.empty() ? "" : "; ") + value;
  label.language = chosen.language;
  label.attributes = language_attributes(chosen.language, locale.code());
  return label;
}

View picture_view(const Picture& picture) {
  return View{}
      .set("url", picture.url)
      .set("width", std::to_string(picture.width))
      .set("height", std::to_string(picture.height));
}

View frame_view(const Context& context, const Head& head) {
  View view;
  const Label name = label_of(context.site.name, context.locale);
  const std::string site_name = name.text.empty() ? "Armarium" : name.text;
  view.set("lang", context.locale.code()).set("dir", context.locale.direction());
  view.set("title", head.title.empty() || head.title == site_name ? site_name : head.title + " – " + site_name);
  view.set("base", context.base()).set("assets", context.base() + context.assets_path);
  const std::string language = context.locale.explicit_choice() ? "lang=" + context.locale.code() : std::string{};
  view.set("lang_query", language.empty() ? std::string{} : '?' + language)
      .set("lang_and", language.empty() ? std::string{} : '&' + language);
  view.set("site_name", site_name)
      .set_or_absent("site_lang", name.language)
      .set("site_dir", direction_of(name.language));
  view.set("languages", language_links(context, head));
  view.set_or_absent("description", shorten(value_to_text(head.description)));
  view.set("noindex", !head.indexed).set("has_fonts", context.fonts).set("graph", false).set("manifest", false);
  view.set_or_absent("collection_address", context.site.collection).set_or_absent("json_ld", head.json_ld);
  const std::string own_query = head.canonical_query.empty() ? std::string{} : '?' + head.canonical_query;
  view.set_or_absent("canonical", head.has_address ? context.site.public_url + head.path + own_query : std::string{});
  view.set("alternates", head.has_address && head.indexed ? alternates(context, head) : View::List{});
  return view;
}

}  // namespace armarium::api::site
