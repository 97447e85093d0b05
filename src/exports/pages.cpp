#include "exports/pages.h"

#include <algorithm>
#include <array>

#include "exports/documents.h"
#include "json/json.h"

namespace armarium::exports {
namespace {

constexpr std::string_view kData = "<script type=\"application/ld+json\">";

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

std::string unescaped(std::string_view value) {
  std::string out(value);
  for (const auto& [name, letter] :
       {std::pair{"&quot;", "\""}, {"&#39;", "'"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}})
    out = replaced(std::move(out), name, letter);
  return out;
}

std::string escaped(std::string value) {
  for (const auto& [letter, name] : {std::pair{"&", "&amp;"}, {"\"", "&quot;"}, {"<", "&lt;"}, {">", "&gt;"}})
    value = replaced(std::move(value), letter, name);
  return value;
}

// An address without its host may stand in these only; elsewhere a slash at the beginning is text.
bool is_link(std::string_view attribute) {
  constexpr std::array<std::string_view, 5> kLinks = {"href", "src", "action", "poster", "data-home"};
  return std::find(kLinks.begin(), kLinks.end(), attribute) != kLinks.end();
}

class PageRewriter {
 public:
  PageRewriter(std::string_view html, const Places& places) : rest_(html), places_(places) {}

  RewrittenPage run() {
    while (!rest_.empty()) {
      const std::size_t open = rest_.find('<');
      copy(std::min(open, rest_.size()));
      if (rest_.empty()) break;
      if (rest_.starts_with(kData))
        data();
      else
        tag();
    }
    return std::move(out_);
  }

 private:
  void copy(std::size_t count) {
    out_.html += rest_.substr(0, count);
    rest_.remove_prefix(count);
  }

  void data() {
    copy(kData.size());
    const std::size_t end = std::min(rest_.find("</script>"), rest_.size());
    auto value = json::parse(rest_.substr(0, end));
    if (!value) return copy(end);
    for (Place& place : rewrite_addresses(*value, places_)) out_.found.push_back(std::move(place));
    out_.html += replaced(json::to_text(*value), "<", "\\u003c");
    rest_.remove_prefix(end);
  }

  void tag() {
    for (std::size_t stop = rest_.find_first_of("\">", 1); stop != std::string_view::npos;
         stop = rest_.find_first_of("\">")) {
      if (rest_[stop] == '>') return copy(stop + 1);
      const std::size_t close = rest_.find('"', stop + 1);
      if (close == std::string_view::npos) break;
      const std::string_view before = rest_.substr(0, stop > 0 ? stop - 1 : 0);
      const std::size_t blank = before.find_last_of(" \t\r\n");
      const std::string name(blank == std::string_view::npos ? before : before.substr(blank + 1));
      copy(stop + 1);
      attribute(name, rest_.substr(0, close - stop - 1));
      rest_.remove_prefix(close - stop - 1);
      copy(1);
    }
    copy(rest_.size());
  }

  void attribute(std::string_view name, std::string_view value) {
    std::string text = unescaped(value);
    const bool absolute = text.starts_with("http");
    // A script goes on from here with a content state.
    const bool home = name == "data-home";
    if (home) text += "?iiif-content=";
    auto place = absolute || (is_link(name) && text.starts_with('/')) ? places_.find(text) : std::nullopt;
    if (!place) {
      out_.html += value;
      return;
    }
    if (home) place->address.resize(place->address.find('?'));
    // What had no host has none now, so that the pages work at another address, too.
    if (!absolute && place->address.starts_with(places_.base_url())) {
      const std::size_t path = places_.base_url().find('/', places_.base_url().find("://") + 3);
      place->address.erase(0, std::min(path, places_.base_url().size()));
    }
    out_.html += escaped(place->address);
    out_.found.push_back(std::move(*place));
  }

  std::string_view rest_;
  const Places& places_;
  RewrittenPage out_{};
};

}  // namespace

RewrittenPage rewrite_page(std::string_view html, const Places& places) { return PageRewriter(html, places).run(); }

std::string rewrite_text(std::string_view text, const Places& places) {
  std::string out;
  while (!text.empty()) {
    const std::size_t start = std::min(text.find(places.base_url()), text.size());
    out += text.substr(0, start);
    text.remove_prefix(start);
    const std::string_view address = text.substr(0, text.find_first_of("<>\" \t\r\n"));
    const auto place = places.find(unescaped(address));
    out += place ? escaped(place->address) : std::string(address);
    text.remove_prefix(address.size());
  }
  return out;
}

std::string language_of_page(std::string_view html) {
  constexpr std::string_view kStart = "<html lang=\"";
  const std::size_t at = html.find(kStart);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = html.substr(at + kStart.size());
  return std::string(rest.substr(0, rest.find('"')));
}

}  // namespace armarium::exports
