// Which directories of a TIFF file are pages, which are smaller copies of them, and which are neither.

#include <algorithm>
#include <cmath>

#include "codec/tiff_directory.h"

namespace armarium::codec {
namespace {

constexpr std::uint32_t kReduced = 1;  // TIFF 6.0, NewSubfileType
constexpr std::uint32_t kMask = 4;

bool close(double a, double b) { return std::abs(a - b) <= 1.0; }

// Whether `level` is `page` made smaller by the same factor both ways.
bool shrunk(image::Size page, image::Size level) {
  if (level.width > page.width || level.height > page.height || level == page) return false;
  const bool wide = page.width >= page.height;
  const double factor =
      wide ? static_cast<double>(page.width) / level.width : static_cast<double>(page.height) / level.height;
  // Rounding of either side may be off by one pixel at each halving; 1 % covers odd factors.
  const double other = wide ? page.height / factor : page.width / factor;
  const double have = wide ? level.height : level.width;
  return std::abs(other - have) <= std::max(1.5, 0.01 * other);
}

bool halved(image::Size page, image::Size level) {
  return close(page.width / 2.0, level.width) && close(page.height / 2.0, level.height);
}

bool by_whole_factor(image::Size page, image::Size level) {
  const double factor = std::round(static_cast<double>(page.width) / level.width);
  return factor >= 2 && close(page.width / factor, level.width) && close(page.height / factor, level.height);
}

class Grouping {
 public:
  explicit Grouping(const std::vector<TiffDirectory>& directories) : directories_(directories) {
    slide_ = !directories.empty() && directories.front().description.starts_with("Aperio");
  }

  void add(std::uint32_t i) {
    const TiffDirectory& d = directories_[i];
    if ((d.subfile & kMask) != 0) return;
    if (pages_.empty()) {
      pages_.push_back({i});
      return;
    }
    std::vector<std::uint32_t>& page = pages_.back();
    const TiffDirectory& full = directories_[page.front()];
    if ((d.subfile & kReduced) != 0) {
      add_level(page, i);  // a thumbnail of another shape is left out
      return;
    }
    if (slide_) {
      // Aperio marks nothing: its levels are tiled, its thumbnail, label and macro pictures are not.
      if (d.tiled && by_whole_factor(full.size, d.size)) add_level(page, i);
      return;
    }
    // A preview in front of the picture, as cameras write it.
    if (pages_.size() == 1 && page.size() == 1 && (full.subfile & kReduced) != 0 && shrunk(d.size, full.size)) {
      page = {i};
      return;
    }
    // Unmarked pyramids: tiled, each half the one before. Pages of a document are not tiled, or carry numbers.
    if (d.tiled && full.tiled && !d.numbered && halved(directories_[page.back()].size, d.size) && add_level(page, i))
      return;
    pages_.push_back({i});
  }

  void add_child(std::uint32_t i, std::uint32_t parent) {
    for (std::vector<std::uint32_t>& page : pages_) {
      if (page.front() == parent) add_level(page, i);
    }
  }

  std::vector<std::vector<std::uint32_t>> take() {
    for (std::vector<std::uint32_t>& page : pages_) {
      std::sort(page.begin(), page.end(), [this](std::uint32_t a, std::uint32_t b) {
        return directories_[a].size.area() > directories_[b].size.area();
      });
    }
    return std::move(pages_);
  }

 private:
  // Levels must give the same kind of pixels, and no size twice.
  bool add_level(std::vector<std::uint32_t>& page, std::uint32_t i) {
    const TiffDirectory& d = directories_[i];
    const TiffDirectory& full = directories_[page.front()];
    const bool twice =
        std::any_of(page.begin(), page.end(), [&](std::uint32_t level) { return directories_[level].size == d.size; });
    if (d.path == TiffPath::unsupported || twice || !(d.pixels == full.pixels) || !shrunk(full.size, d.size))
      return false;
    page.push_back(i);
    return true;
  }

  const std::vector<TiffDirectory>& directories_;
  std::vector<std::vector<std::uint32_t>> pages_;
  bool slide_ = false;
};

}  // namespace

std::vector<std::vector<std::uint32_t>> group_tiff_pages(const std::vector<TiffDirectory>& directories,
                                                         std::uint32_t main,
                                                         const std::vector<std::uint32_t>& parents) {
  Grouping grouping(directories);
  for (std::uint32_t i = 0; i < main; ++i) grouping.add(i);
  for (std::uint32_t i = main; i < directories.size(); ++i) grouping.add_child(i, parents[i - main]);
  return grouping.take();
}

}  // namespace armarium::codec
