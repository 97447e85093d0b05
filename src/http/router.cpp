#include "http/router.h"

#include <algorithm>

#include "base/uri.h"
#include "http/text.h"

namespace armarium::http {
namespace {

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> segments;
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  for (;;) {
    const std::size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

// A literal also matches its percent-encoded spellings (RFC 3986, 6.2.2.2).
bool literal_matches(std::string_view literal, std::string_view segment) {
  if (segment == literal) return true;
  if (segment.find('%') == std::string_view::npos) return false;
  const auto decoded = base::percent_decode(segment);
  return decoded && *decoded == literal;
}

}  // namespace

std::string_view Parameters::get(std::string_view name) const {
  for (const auto& [known, value] : values_) {
    if (known == name) return value;
  }
  return {};
}

bool Router::same_pattern(const Route& a, const Route& b) {
  return std::equal(a.segments.begin(), a.segments.end(), b.segments.begin(), b.segments.end(),
                    [](const Segment& x, const Segment& y) {
                      return x.kind == y.kind && (x.kind != Segment::Kind::literal || x.text == y.text);
                    });
}

// Literals before names before rests, segment by segment; the longer pattern first.
bool Router::more_specific(const Route& a, const Route& b) {
  for (std::size_t i = 0; i < std::min(a.segments.size(), b.segments.size()); ++i) {
    if (a.segments[i].kind != b.segments[i].kind) return a.segments[i].kind < b.segments[i].kind;
  }
  return a.segments.size() > b.segments.size();
}

void Router::add(std::string_view methods, std::string_view pattern, std::string name, RouteHandler handler) {
  Route route;
  for (const auto method : split_list(methods)) route.methods.emplace_back(method);
  for (const auto text : split_path(pattern)) {
    if (text.size() >= 3 && text.front() == '{' && text.back() == '}') {
      const bool rest = text[text.size() - 2] == '*';
      route.segments.push_back({rest ? Segment::Kind::rest : Segment::Kind::name,
                                std::string(text.substr(1, text.size() - (rest ? 3 : 2)))});
    } else {
      route.segments.push_back({Segment::Kind::literal, std::string(text)});
    }
  }
  route.name = std::move(name);
  route.handler = std::move(handler);
  routes_.insert(std::upper_bound(routes_.begin(), routes_.end(), route, more_specific), std::move(route));
  for (Route& known : routes_) known.allow = allow_of(known);
}

bool Router::path_matches(const Route& route, const std::vector<std::string_view>& path) {
  for (std::size_t i = 0; i < route.segments.size(); ++i) {
    const Segment& segment = route.segments[i];
    if (i >= path.size()) return false;
    if (segment.kind == Segment::Kind::rest) return true;
    if (segment.kind == Segment::Kind::name ? path[i].empty() : !literal_matches(segment.text, path[i])) return false;
  }
  return route.segments.size() == path.size();
}

void Router::read_parameters(const Route& route, const std::vector<std::string_view>& path, Match& match) {
  for (std::size_t i = 0; i < route.segments.size(); ++i) {
    const Segment& segment = route.segments[i];
    if (segment.kind == Segment::Kind::name) {
      if (auto decoded = base::percent_decode(path[i])) {
        match.parameters.add(segment.text, std::move(*decoded));
      } else {
        match.bad_encoding = true;
      }
    } else if (segment.kind == Segment::Kind::rest) {
      const std::string_view last = path.back();
      match.parameters.add(
          segment.text,
          std::string(path[i].data(), static_cast<std::size_t>(last.data() + last.size() - path[i].data())));
    }
  }
}

std::string Router::allow_of(const Route& best) const {
  std::string allow;
  const auto add = [&](std::string_view method) {
    if (allow.find(method) != std::string::npos) return;
    if (!allow.empty()) allow += ", ";
    allow += method;
  };
  for (const Route& route : routes_) {
    if (!same_pattern(route, best)) continue;
    for (const std::string& method : route.methods) {
      add(method);
      if (method == "GET") add("HEAD");
    }
  }
  add("OPTIONS");
  return allow;
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  Match match;
  const std::vector<std::string_view> segments = split_path(path);
  const auto best =
      std::find_if(routes_.begin(), routes_.end(), [&](const Route& route) { return path_matches(route, segments); });
  if (best == routes_.end()) return match;
  match.name = best->name;
  match.allow = best->allow;
  const auto knows = [method](const Route& route) {
    return std::any_of(route.methods.begin(), route.methods.end(), [method](const std::string& known) {
      return known == method || (known == "GET" && method == "HEAD");
    });
  };
  for (auto route = best; route != routes_.end(); ++route) {
    if (!same_pattern(*route, *best) || !knows(*route)) continue;
    match.handler = &route->handler;
    match.name = route->name;
    read_parameters(*route, segments, match);
    break;
  }
  return match;
}

}  // namespace armarium::http
