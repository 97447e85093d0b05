#include "exports/places.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/uri.h"
#include "exports/documents.h"
#include "iiif/content_state.h"
#include "json/json.h"

namespace armarium::exports {
namespace {

constexpr std::size_t kLongestName = 255;
constexpr std::string_view kImages = "/iiif/image/3/";

bool is_part(std::string_view path) {
  constexpr std::array<std::string_view, 4> kParts = {"/iiif/canvas/", "/iiif/range/", "/iiif/annotation/",
                                                      "/iiif/page/"};
  return std::any_of(kParts.begin(), kParts.end(), [&](std::string_view part) { return path.starts_with(part); });
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && name != "." && name != ".." &&
         name.find('\0') == std::string_view::npos;
}

// The parameters of a query, decoded, by name.
std::map<std::string, std::string> parameters_of(std::string_view query) {
  std::map<std::string, std::string> out;
  while (!query.empty()) {
    const std::string_view one = query.substr(0, query.find('&'));
    const std::string name(one.substr(0, one.find('=')));
    if (const auto value = base::query_value(one, name)) out.emplace(name, *value);
    query.remove_prefix(std::min(query.size(), one.size() + 1));
  }
  return out;
}

std::string take(std::map<std::string, std::string>& parameters, const std::string& name) {
  const auto node = parameters.extract(name);
  return node.empty() ? std::string() : node.mapped();
}

}  // namespace

std::optional<std::string> file_of_path(std::string_view path) {
  std::string out;
  while (path.starts_with('/')) path.remove_prefix(1);
  while (!path.empty()) {
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
    auto name = base::percent_decode(segment);
    if (!name) return std::nullopt;
    // An encoded slash is one to most web servers.
    for (std::string_view rest = *name; !rest.empty() || name->empty();) {
      const std::string_view part = rest.substr(0, rest.find('/'));
      if (!is_plain_name(part)) return std::nullopt;
      if (!out.empty()) out += '/';
      out += part;
      rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    }
  }
  return out;
}

Places::Places(std::string base_url, std::string language, bool has_mirador)
    : base_url_(std::move(base_url)), language_(std::move(language)), has_mirador_(has_mirador) {
  const std::size_t host = base_url_.find("://");
  const std::size_t path = host == std::string::npos ? host : base_url_.find('/', host + 3);
  if (path != std::string::npos) base_path_ = base_url_.substr(path);
}

std::optional<std::string_view> Places::below_base(std::string_view address) const {
  const auto rest = [&](std::string_view start) -> std::optional<std::string_view> {
    if (!address.starts_with(start)) return std::nullopt;
    const std::string_view below = address.substr(start.size());
    if (below.empty()) return std::string_view("/");
    return below.front() == '/' && !below.starts_with("//") ? std::optional(below) : std::nullopt;
  };
  if (address.starts_with('/')) return rest(base_path_);
  return rest(base_url_);
}

std::optional<Place> Places::find(std::string_view address) const {
  const auto below = below_base(address);
  if (!below) return std::nullopt;
  std::string_view path = *below;
  std::string_view query;
  std::string_view fragment;
  if (const auto hash = path.find('#'); hash != std::string_view::npos) {
    fragment = path.substr(hash);
    path = path.substr(0, hash);
  }
  if (const auto question = path.find('?'); question != std::string_view::npos) {
    query = path.substr(question + 1);
    path = path.substr(0, question);
  }
  if (path == "/" || path == "/accessibility" || path.starts_with("/item/") || path.starts_with("/viewer/"))
    return page(path, query, fragment);
  if (is_part(path)) return std::nullopt;
  if (path.starts_with(kImages)) return image(path);
  if (path.starts_with("/iiif/image/") || path.starts_with("/iiif/presentation/")) return std::nullopt;
  if (path == "/iiif/collection" ||
      (path.starts_with("/iiif/") &&
       (path.ends_with("/manifest") || path.find("/collection") != std::string_view::npos))) {
    auto found = document(path);
    // The symbol that is dragged names the document once more.
    if (found && query.starts_with("manifest=")) found->address += "?manifest=" + base::encode_query(found->address);
    return found;
  }
  const bool is_file = path.starts_with("/media/") || path.starts_with("/text/") || path.starts_with("/assets/");
  const bool is_text = path == "/sitemap.xml" || path == "/robots.txt";
  if (!is_file && !is_text) return std::nullopt;
  const std::string part = path == "/sitemap.xml" ? base::query_value(query, "page").value_or("") : std::string();
  if (!part.empty()) {
    const std::string name = fmt::format("sitemap-{}.xml", base::encode_segment(part));
    return Place{.kind = Kind::text,
                 .target = fmt::format("{}?{}", path, query),
                 .file = name,
                 .address = fmt::format("{}/{}", base_url_, name)};
  }
  return Place{.kind = is_text ? Kind::text : Kind::file,
               .target = std::string(path),
               .file = file_of_path(path).value_or(""),
               .address = base_url_ + std::string(path)};
}

std::optional<Place> Places::find_document(std::string_view address) const {
  const auto below = below_base(address);
  return below ? document(below->substr(0, below->find_first_of("?#"))) : std::nullopt;
}

std::optional<Place> Places::document(std::string_view path) const {
  const auto file = file_of_path(path);
  if (file && file->empty()) return std::nullopt;
  return Place{.kind = Kind::document,
               .target = std::string(path),
               .file = file ? *file + ".json" : std::string(),
               .address = fmt::format("{}{}.json", base_url_, path)};
}

std::optional<Place> Places::image(std::string_view path) const {
  const std::string_view rest = path.substr(kImages.size());
  const auto slashes = std::count(rest.begin(), rest.end(), '/');
  const bool information = slashes == 1 && rest.ends_with("/info.json");
  if (slashes != 0 && slashes != 4 && !information) return std::nullopt;
  const std::string service(information ? path.substr(0, path.size() - std::string_view("/info.json").size()) : path);
  const std::string target = slashes == 4 ? service : service + "/info.json";
  return Place{.kind = slashes == 4 ? Kind::picture : Kind::service,
               .target = target,
               .file = file_of_path(target).value_or(""),
               .address = base_url_ + std::string(path)};
}

// The addresses in a content state are those of the site, too.
std::string Places::rewritten_state(const std::string& parameter) const {
  if (const auto place = find(parameter)) return place->address;
  auto text = iiif::content_state::decode(parameter);
  if (!text) return parameter;
  auto state = json::parse(*text, {.max_bytes = iiif::content_state::kLongest, .max_depth = 16});
  if (!state) return parameter;
  rewrite_addresses(*state, *this);
  return iiif::content_state::encode(json::to_text(*state));
}

// A page has a folder of its own; its language and its part are folders, too. What the script of a page reads stays in the address.
std::optional<Place> Places::page(std::string_view path, std::string_view query, std::string_view fragment) const {
  auto parameters = parameters_of(query);
  const std::string language = take(parameters, "lang");
  const std::string number = take(parameters, "page");
  const bool asks_state = parameters.contains("iiif-content");
  std::string folder(path);
  if (path == "/" && asks_state && has_mirador_) folder = "/viewer/mirador";
  if (!folder.ends_with('/')) folder += '/';
  std::string target = folder.size() > 1 ? folder.substr(0, folder.size() - 1) : folder;
  const auto ask = [&](std::string_view name, const std::string& value) {
    target +=
        fmt::format("{}{}={}", target.find('?') == std::string::npos ? '?' : '&', name, base::encode_query(value));
  };
  if (take(parameters, "as") == "manifest") {
    folder += "as-manifest/";
    ask("as", "manifest");
  }
  if (!number.empty() && number != "1") {
    folder += "page-" + base::encode_segment(number) + '/';
    ask("page", number);
  }
  if (!language.empty() && language != language_) {
    folder = '/' + base::encode_segment(language) + folder;
    ask("lang", language);
  }
  const auto file = file_of_path(folder);
  std::string address = base_url_ + folder;
  char separator = '?';
  for (const char* kept : {"canvas", "xywh", "iiif-content"}) {
    if (!parameters.contains(kept)) continue;
    const std::string value = take(parameters, kept);
    address +=
        fmt::format("{}{}={}", separator, kept,
                    base::encode_query(
                        std::string_view(kept) == "iiif-content" && !value.empty() ? rewritten_state(value) : value));
    separator = '&';
  }
  return Place{.kind = Kind::page,
               .target = std::move(target),
               .file = !file           ? std::string()
                       : file->empty() ? "index.html"
                                       : *file + "/index.html",
               .address = address + std::string(fragment)};
}

}  // namespace armarium::exports
