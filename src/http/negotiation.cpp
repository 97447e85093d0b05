#include "http/negotiation.h"

#include <algorithm>
#include <utility>

#include "http/text.h"

namespace armarium::http {
namespace {

struct Element {
  std::string value;                                            // "text/html", "de", "gzip", lower case
  std::vector<std::pair<std::string, std::string>> parameters;  // names in lower case, q left out
  int quality = 1000;                                           // thousandths
};

// RFC 9110, 12.4.2: at most three digits behind the point. Anything else counts as absent.
std::optional<int> parse_quality(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int value = text[0] == '1' ? 1000 : 0;
  int unit = 100;
  for (std::size_t i = 2; i < text.size(); ++i, unit /= 10) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value += (text[i] - '0') * unit;
  }
  return std::min(value, 1000);
}

std::vector<Element> parse_elements(std::string_view header) {
  std::vector<Element> elements;
  for (const auto part : split_list(header)) {
    const auto pieces = split_list(part, ';');
    if (pieces.empty()) continue;
    Element element;
    element.value = lower(pieces.front());
    for (std::size_t i = 1; i < pieces.size(); ++i) {
      const std::size_t equals = pieces[i].find('=');
      if (equals == std::string_view::npos) continue;
      std::string name = lower(trim(pieces[i].substr(0, equals)));
      const std::string_view value = trim(pieces[i].substr(equals + 1));
      if (name == "q") {
        element.quality = parse_quality(value).value_or(1000);
      } else {
        element.parameters.emplace_back(std::move(name), unquote(value));
      }
    }
    elements.push_back(std::move(element));
    if (elements.size() >= 64) break;
  }
  return elements;
}

bool names_profile(std::string_view wanted, std::string_view offered) {
  for (const auto one : split_list(wanted, ' ')) {
    if (one == offered) return true;
  }
  return false;
}

// How exactly an element names an offer: 0 not at all, 1 */*, 2 type/*, 3 the type, 4 with its profile.
int media_fit(const Element& element, const Offer& offer) {
  const std::string type = lower(offer.media_type);
  const auto profile = std::find_if(element.parameters.begin(), element.parameters.end(),
                                    [](const auto& p) { return p.first == "profile"; });
  if (element.value == type) {
    if (profile == element.parameters.end()) return 3;
    return names_profile(profile->second, offer.profile) ? 4 : 0;
  }
  if (element.value == "*/*" || element.value == "*") return 1;
  if (element.value.size() > 2 && element.value.ends_with("/*") &&
      type.starts_with(element.value.substr(0, element.value.size() - 1)))
    return 2;
  return 0;
}

}  // namespace

std::optional<std::size_t> choose_media_type(std::string_view accept, const std::vector<Offer>& offers) {
  if (offers.empty()) return std::nullopt;
  const std::vector<Element> elements = parse_elements(accept);
  if (elements.empty()) return 0;
  std::optional<std::size_t> best;
  std::pair<int, int> best_rank{0, 0};  // quality, and between equals how exactly it was named
  for (std::size_t i = 0; i < offers.size(); ++i) {
    int fit = 0;
    int quality = 0;
    for (const Element& element : elements) {
      const int this_fit = media_fit(element, offers[i]);
      if (this_fit > fit || (this_fit == fit && fit > 0 && element.quality > quality)) {
        fit = this_fit;
        quality = element.quality;
      }
    }
    if (quality == 0) continue;
    const std::pair rank{quality, fit};
    if (!best || rank > best_rank) {
      best = i;
      best_rank = rank;
    }
  }
  return best;
}

std::optional<std::size_t> choose_language(std::string_view accept_language, const std::vector<std::string>& offers) {
  if (offers.empty()) return std::nullopt;
  std::vector<Element> elements = parse_elements(accept_language);
  if (elements.empty()) return 0;
  std::stable_sort(elements.begin(), elements.end(),
                   [](const Element& a, const Element& b) { return a.quality > b.quality; });
  for (const Element& element : elements) {
    if (element.quality == 0) continue;
    if (element.value == "*") return 0;
    for (std::string range = element.value; !range.empty();) {
      for (std::size_t i = 0; i < offers.size(); ++i) {
        const std::string offer = lower(offers[i]);
        if (offer == range || offer.starts_with(range + "-")) return i;
      }
      const std::size_t dash = range.rfind('-');
      range.resize(dash == std::string::npos ? 0 : dash);
    }
  }
  return std::nullopt;
}

std::string_view name_of(Coding coding) noexcept {
  switch (coding) {
    case Coding::gzip: return "gzip";
    case Coding::brotli: return "br";
    case Coding::identity: break;
  }
  return "identity";
}

Coding choose_coding(std::string_view accept_encoding) {
  const std::vector<Element> elements = parse_elements(accept_encoding);
  const auto quality_of = [&](std::string_view name, int otherwise) {
    int quality = otherwise;
    for (const Element& element : elements) {
      if (element.value == name || (name == "gzip" && element.value == "x-gzip")) return element.quality;
      if (element.value == "*") quality = element.quality;
    }
    return quality;
  };
  const int brotli = quality_of("br", 0);
  const int gzip = quality_of("gzip", 0);
  const int identity = quality_of("identity", 1);
  if (brotli > 0 && brotli >= gzip && brotli >= identity) return Coding::brotli;
  if (gzip > 0 && gzip >= identity) return Coding::gzip;
  return Coding::identity;
}

}  // namespace armarium::http
