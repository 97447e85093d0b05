#pragma once
// What the headers of one file say, kept so that no file is read twice. Values; the conversions are pure.

#include <string>
#include <vector>

#include "base/byte_source.h"
#include "base/error.h"
#include "codec/limits.h"
#include "iiif/description.h"
#include "image/geometry.h"

namespace armarium::ingest {

enum class FileState : std::uint8_t {
  ready = 1,
  damaged = 2,
  unsupported = 3,  // nothing here reads this kind: asked again when the program changes
  no_picture = 4,   // an unknown ending, and the content is no picture either
};

struct PageFacts {
  image::Size size;
  bool has_colour = true;
  bool bitonal = false;
  image::Size tile;
  std::vector<image::Size> levels;
};

struct FileFacts {
  FileState state = FileState::damaged;
  std::string format;
  std::string media_type;
  std::string version;      // the source's token
  std::string fingerprint;  // of parts of the content, for recognising moves
  std::string content;      // of all of it; empty until content_lane.h has read a large file whole
  std::string problem;      // one sentence, no path
  std::vector<PageFacts> pages;
  iiif::Description embedded;            // what may be published
  std::vector<iiif::LabelValue> others;  // embedded too: places, persons, devices; only read for `embedded: all`
};

struct ReadingRules {
  bool by_name = true;  // the ending promises a picture
  bool embedded_all = false;
};

// Opens, sniffs, reads headers. Never fails: what went wrong is in the facts.
FileFacts read_facts(const base::ByteSource& file, const ReadingRules& rules, const codec::Limits& limits);

std::string facts_text(const FileFacts& facts);
// corrupt when the text is not one that facts_text wrote.
base::Result<FileFacts> facts_of(const std::string& text);

}  // namespace armarium::ingest
