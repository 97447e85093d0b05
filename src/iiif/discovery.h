#pragma once
// Change Discovery 1.0 documents as plain values, and their text. Every id is a full address, made elsewhere. The same values give the same bytes. Values and
// pure functions; any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"

namespace armarium::iiif::discovery {

inline constexpr std::string_view kContext = "http://iiif.io/api/discovery/1/context.json";

enum class ActivityType : std::uint8_t { create, update, remove, move, refresh };

struct Resource {
  std::string id;
  bool collection = false;  // else a Manifest
  std::string canonical;    // its persistent name, whatever the version; may be empty
  std::string format;       // media type with its profile; may be empty
  json::Value see_also;     // null, or an array of Datasets
};

struct Activity {
  std::string id;
  ActivityType type = ActivityType::create;
  Resource object;        // not of a refresh
  Resource target;        // of a move
  std::int64_t time = 0;  // milliseconds since 1970, UTC; when it ended, of a refresh when it began
};

struct Page {
  std::string id;
  std::string part_of;
  std::string previous;  // empty: the first
  std::string next;      // empty: the last
  std::uint64_t start_index = 0;
  std::vector<Activity> items;  // the oldest first; at least one
};

struct Collection {
  std::string id;
  std::uint64_t total_items = 0;
  std::string first;
  std::string last;
};

std::string write_collection(const Collection& collection);
std::string write_page(const Page& page);
// Alone, at its own id.
std::string write_activity(const Activity& activity);

}  // namespace armarium::iiif::discovery
