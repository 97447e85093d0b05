#pragma once
// Content State 1.0: what a link, a paste or a drop asks a viewer to show. Reads every form (Annotation, target body, several targets, address; JSON or encoded) and writes
// the short ones. Hostile input: bounded in bytes, depth and number of targets; nothing is fetched. Pure; any thread. Errors: invalid_argument, too_large.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "json/json.h"

namespace armarium::iiif::content_state {

// In a state that is kept: the address of this server, with its slash; no name of a host ends so (RFC 2606, 2).
inline constexpr std::string_view kHere = "https://here.invalid/";
inline constexpr std::size_t kLongest = 64U << 10;  // bytes of a state as JSON
inline constexpr std::size_t kMostTargets = 100;

// Media Fragments 1.0, 4.2.2: in the Canvas's own measure, or in hundredths of it.
struct Region {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
  bool percent = false;
  friend bool operator==(const Region&, const Region&) = default;
};

struct Point {
  double x = 0;
  double y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

struct Target {
  std::string id;        // http or https, without a fragment
  std::string type;      // "Manifest", "Canvas", "Range", …; empty where only the address is known
  std::string manifest;  // that it is part of; empty where that is not said
  std::optional<Region> region;
  std::optional<Point> point;
  std::optional<double> time;  // seconds
  std::optional<double> time_end;
  friend bool operator==(const Target&, const Target&) = default;
};

using Targets = std::vector<Target>;  // at least one

// 6: encodeURIComponent, UTF-8, base64url, no padding; and back, padded or not.
std::string encode(std::string_view state);
base::Result<std::string> decode(std::string_view encoded);

// JSON of any form; 2.2.
base::Result<Targets> parse(const json::Value& state);
// What was POSTed, pasted, dropped or uploaded: JSON or an address, never encoded. 3.2 to 3.5.
base::Result<Targets> read_plain(std::string_view text);
// The value of the parameter `iiif-content`, percent-decoded once: an address, or encoded JSON. 3.1.
base::Result<Targets> read_parameter(std::string_view value);

// 2.2.3: the target body; a list where there are several.
json::Value write(const Targets& targets);
// 2.2.1, to stand at `id`.
json::Value write_annotation(const Targets& targets, std::string_view id);
// The shortest value of `iiif-content`: an address where that says all, else encoded.
std::string write_parameter(const Targets& targets);

}  // namespace armarium::iiif::content_state
