#pragma once
// Chooses a handler by the raw path (identifiers hold %2F, so nothing is decoded before it is split). Patterns are literal segments and {names};
// a name takes one segment, decoded once; {name*} at the end takes the rest, raw. Longest literal prefix wins; built once, then immutable and shared.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/exchange.h"

namespace armarium::http {

// What the names of a pattern stand for in one path. Valid as long as the router.
class Parameters {
 public:
  // Decoded where the pattern has {name}, raw where it has {name*}; empty when the pattern has no such name.
  std::string_view get(std::string_view name) const;
  void add(std::string_view name, std::string value) { values_.emplace_back(name, std::move(value)); }

 private:
  std::vector<std::pair<std::string_view, std::string>> values_;
};

using RouteHandler = std::function<void(ExchangePtr, const Parameters&)>;

class Router {
 public:
  // `methods` like "GET" or "GET,POST"; GET answers HEAD too; HEAD alone is no GET. `name` labels metrics and the access log ("image").
  void add(std::string_view methods, std::string_view pattern, std::string name, RouteHandler handler);

  struct Match {
    const RouteHandler* handler = nullptr;  // null: no such path, or the method is not known there
    std::string_view name = "none";
    Parameters parameters;
    std::string_view allow;     // set when the path is known: for 405 and OPTIONS
    bool bad_encoding = false;  // a segment does not decode
  };
  Match match(std::string_view method, std::string_view path) const;

 private:
  struct Segment {
    enum class Kind { literal, name, rest } kind;
    std::string text;
  };
  struct Route {
    std::vector<std::string> methods;
    std::vector<Segment> segments;
    std::string name;
    std::string allow;  // of all routes with this pattern
    RouteHandler handler;
  };
  static bool same_pattern(const Route& a, const Route& b);
  static bool more_specific(const Route& a, const Route& b);
  static bool path_matches(const Route& route, const std::vector<std::string_view>& path);
  static void read_parameters(const Route& route, const std::vector<std::string_view>& path, Match& match);
  std::string allow_of(const Route& best) const;

  std::vector<Route> routes_;  // the most specific first
};

}  // namespace armarium::http
