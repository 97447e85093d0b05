#pragma once
// Chooses a handler by the raw path (identifiers hold %2F, so nothing is decoded before it is split). Patterns are literal segments and {names};
// a name takes one segment, decoded once; {name*} at the end takes the rest, raw. Longest literal prefix wins; built once, then immutable and shared.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "http/exchange.h"

namespace armarium::http {

struct Parameters {
  std::map<std::string, std::string, std::less<>> decoded;
  std::map<std::string, std::string, std::less<>> raw;
  // Decoded where the pattern has {name}, raw where it has {name*}; empty when the pattern has no such name.
  std::string_view get(std::string_view name) const;
};

using RouteHandler = std::function<void(ExchangePtr, const Parameters&)>;

class Router {
 public:
  // `methods` like "GET" or "GET,POST"; GET answers HEAD too. `name` labels metrics and the access log ("image").
  void add(std::string_view methods, std::string_view pattern, std::string name, RouteHandler handler);

  struct Match {
    const RouteHandler* handler = nullptr;  // null: no such path, or the method is not known there
    std::string_view name = "none";
    Parameters parameters;
    std::string allow;          // set when the path is known: for 405 and OPTIONS
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
