#pragma once
// Where the blocks of an ALTO file lie, by their ids, in the units of its page (ALTO 2 to 4: HPOS, VPOS, WIDTH, HEIGHT). Pure; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace armarium::ingest::readers {

struct Area {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
  double width() const noexcept { return right - left; }
  double height() const noexcept { return bottom - top; }
  void take(const Area& other) noexcept;
};

struct AltoAreas {
  double width = 0;  // of the page; 0: the file does not say
  double height = 0;
  std::unordered_map<std::string, Area> areas{};  // of blocks and lines
};
// Nothing when it is no ALTO that can be read.
std::optional<AltoAreas> alto_areas(std::string_view bytes);

}  // namespace armarium::ingest::readers
