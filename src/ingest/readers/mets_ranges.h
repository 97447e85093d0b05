#pragma once
// The logical structure of a METS file as Ranges. Inside the reader of METS only; any thread.

#include <functional>
#include <map>
#include <string>

#include "ingest/readers/alto_areas.h"
#include "ingest/readers/mets_pages.h"

namespace armarium::ingest::readers {

struct MetsRanges {
  json::Array structures{};                                   // of Presentation 3
  std::map<std::size_t, std::pair<double, double>> spaces{};  // page → the size that regions on it count in
};

struct RangeInput {
  MetsFile& mets;
  const MetsPages& pages;
  std::function<std::string(std::size_t page)> canvas_id{};
  // The label of a div out of its description; empty when it has none.
  std::function<iiif::LanguageMap(std::string_view ids)> title{};
  // The blocks of the file of that id; null when it cannot be read.
  std::function<const AltoAreas*(std::string_view file)> areas{};
};
// `whole`: the div that is the item itself; what is in it is at the top.
MetsRanges ranges_of(const RangeInput& input, const xml::Node& whole);

// "TitlePage", "TITLE_SECTION" → "Title page", "Title section".
std::string readable_type(std::string_view type);

}  // namespace armarium::ingest::readers
