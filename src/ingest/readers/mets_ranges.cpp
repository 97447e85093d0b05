#include "ingest/readers/mets_ranges.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <unordered_set>

#include <fmt/format.h>

namespace armarium::ingest::readers {
namespace {

using xml::Node;

constexpr std::size_t kMostRanges = 200'000;
constexpr std::size_t kMostRegions = 500'000;

// What is a part of a newspaper or a book for its readers, even where nobody gave it a title. Blocks of an article are not.
bool is_part_type(std::string_view type) {
  constexpr std::array<std::string_view, 16> kParts{"article",      "section",   "advertisement",     "advert",
                                                    "chapter",      "cover",     "tableofcontents",   "title_section",
                                                    "illustration", "obituary",  "table_of_contents", "supplement",
                                                    "death_notice", "titlepage", "title_page",        "index"};
  return std::find(kParts.begin(), kParts.end(), type) != kParts.end();
}

struct Piece {
  std::size_t page = 0;
  std::optional<Area> area{};  // none: the whole page
};

// Blocks of one column that follow each other are one region.
bool follows(const Area& above, const Area& below) {
  const double shared = std::min(above.right, below.right) - std::max(above.left, below.left);
  const double wide = std::max(above.width(), below.width());
  const double gap = below.top - above.bottom;
  return shared >= 0.8 * wide && gap > -0.5 * below.height() && gap < 0.5 * (above.height() + below.height());
}

// Regions and pages in order, each page once.
struct Pieces {
  std::vector<Piece> list{};
  std::unordered_set<std::size_t> pages{};
  std::unordered_set<std::size_t> whole{};

  void add(const Piece& piece) {
    if (!list.empty() && list.back().page == piece.page && list.back().area && piece.area &&
        follows(*list.back().area, *piece.area)) {
      list.back().area->take(*piece.area);
      return;
    }
    if (whole.contains(piece.page) || (!piece.area && pages.contains(piece.page))) return;
    pages.insert(piece.page);
    if (!piece.area) whole.insert(piece.page);
    list.push_back(piece);
  }
};

// "10,20,110,220" of SHAPE RECT.
std::optional<Area> rectangle(std::string_view text) {
  std::array<double, 4> sides{};
  for (double& side : sides) {
    while (!text.empty() && (text.front() == ' ' || text.front() == ',')) text.remove_prefix(1);
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), side);
    if (failed != std::errc{} || !std::isfinite(side)) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  const Area area{sides[0], sides[1], sides[2], sides[3]};
  return area.width() > 0 && area.height() > 0 && area.left >= 0 && area.top >= 0 ? std::optional(area) : std::nullopt;
}

class Maker {
 public:
  explicit Maker(const RangeInput& input) : in_(input) {}

  MetsRanges make(const Node& whole) && {
    Pieces loose;
    Built top = inside(whole, loose, 0);
    for (json::Value& range : top.items) out_.structures.push_back(std::move(range));
    return std::move(out_);
  }

 private:
  struct Built {
    std::vector<json::Value> items{};
    std::vector<std::size_t> first{};  // page of each
    std::vector<std::size_t> pages{};  // that they cover
  };

  std::string_view ids(const Node& div) const {
    const std::string_view ids = div.attribute("DMDID");
    return ids.empty() ? div.attribute("MDID") : ids;
  }

  // A leaf that is nothing but one of the pages.
  bool is_page(const Node& div) const {
    if (!div.children(in_.mets.space, "div").empty()) return false;
    const std::string type = lowered(div.attribute("TYPE"));
    if (type.substr(type.rfind(':') + 1) == "page") return true;
    bool pointer = false;
    for (const Node node : div.children(in_.mets.space, "fptr")) {
      if (!node.has_attribute("FILEID")) return false;
      pointer = true;
    }
    return pointer;
  }

  // Its label; empty where it is no Range but a part of the one above.
  iiif::LanguageMap label(const Node& div, bool in_part) {
    if (is_page(div)) return {};
    std::string_view own = trimmed_text(div.attribute("LABEL"));
    iiif::LanguageMap title = in_.title(ids(div));
    if (!title.empty()) return title;
    if (!own.empty()) return iiif::LanguageMap::none(std::string(own));
    const std::string type = lowered(div.attribute("TYPE"));
    const bool linked = in_.mets.links.contains(div.attribute("ID"));
    const std::string_view order = trimmed_text(div.attribute("ORDERLABEL"));
    if (linked || (!in_part && is_part_type(type))) {
      std::string name = readable_type(div.attribute("TYPE"));
      if (!order.empty()) name = name.empty() ? std::string(order) : fmt::format("{} {}", name, order);
      return name.empty() ? iiif::LanguageMap() : iiif::LanguageMap::of("en", std::move(name));
    }
    return {};
  }

  void own_pieces(const Node& div, Pieces& pieces) {
    for (const Node pointer : div.children(in_.mets.space, "fptr")) {
      bool any = false;
      for (const Node area : pointer.below(in_.mets.space, "area")) any = add_area(area, pieces) || any;
      const auto page = in_.pages.by_file.find(pointer.attribute("FILEID"));
      if (!any && page != in_.pages.by_file.end()) pieces.add({page->second, std::nullopt});
    }
    const auto links = in_.mets.links.find(div.attribute("ID"));
    if (links == in_.mets.links.end()) return;
    for (const std::string_view to : links->second) {
      const auto found = in_.pages.by_id.find(to);
      if (found == in_.pages.by_id.end()) {
        continue;
      }
      for (const std::size_t page : found->second) pieces.add({page, std::nullopt});
    }
  }

  bool add_area(const Node& node, Pieces& pieces) {
    const std::string_view file = node.attribute("FILEID");
    const auto page = in_.pages.by_file.find(file);
    if (page == in_.pages.by_file.end()) return false;
    Piece piece{page->second, std::nullopt};
    const std::string type = lowered(node.attribute("BETYPE"));
    if (type == "idref" && ++regions_ <= kMostRegions) {
      const AltoAreas* areas = in_.areas(file);
      if (areas != nullptr) {
        const auto area = areas->areas.find(std::string(node.attribute("BEGIN")));
        if (area != areas->areas.end()) {
          piece.area = area->second;
          if (areas->width > 0 && areas->height > 0)
            out_.spaces.emplace(page->second, std::pair(areas->width, areas->height));
        }
      }
    } else if (lowered(node.attribute("SHAPE")) == "rect" && ++regions_ <= kMostRegions) {
      piece.area = rectangle(node.attribute("COORDS"));
    }
    pieces.add(piece);
    return true;
  }

  // The Ranges in a div; areas and pages of what is no Range of its own go to `pieces`.
  Built inside(const Node& div, Pieces& pieces, int depth) {
    Built built;
    own_pieces(div, pieces);
    for (const Node child : div.children(in_.mets.space, "div")) {
      const bool in_part = depth > 0 && !is_container(div);
      iiif::LanguageMap name = label(child, in_part);
      if (name.empty() || ranges_ >= kMostRanges) {
        Built parts = inside(child, pieces, depth);
        append(built, std::move(parts));
        continue;
      }
      ++ranges_;
      append(built, range(child, name, depth));
    }
    return built;
  }

  static bool is_container(const Node& div) {
    const std::string type = lowered(div.attribute("TYPE"));
    return type == "section" || type == "issue" || type == "volume" || type == "newspaper" || type == "content";
  }

  static void append(Built& to, Built from) {
    for (std::size_t i = 0; i < from.items.size(); ++i) {
      to.items.push_back(std::move(from.items[i]));
      to.first.push_back(from.first[i]);
    }
    to.pages.insert(to.pages.end(), from.pages.begin(), from.pages.end());
  }

  Built range(const Node& div, const iiif::LanguageMap& name, int depth) {
    std::string id(div.attribute("ID"));
    if (id.empty() || !used_.insert(id).second) {
      id = fmt::format("range {}", ranges_);
      used_.insert(id);
    }
    Pieces pieces;
    Built parts = inside(div, pieces, depth + 1);
    // A page that a Range inside has already is not said again, nor one that is there by its regions.
    std::sort(parts.pages.begin(), parts.pages.end());
    std::erase_if(pieces.list, [&](const Piece& piece) {
      return !piece.area && std::binary_search(parts.pages.begin(), parts.pages.end(), piece.page);
    });
    struct Place {
      std::size_t page;
      json::Value item;
    };
    std::vector<Place> places;
    for (const Piece& piece : pieces.list) places.push_back({piece.page, item(piece)});
    for (std::size_t i = 0; i < parts.items.size(); ++i) places.push_back({parts.first[i], std::move(parts.items[i])});
    std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.page < b.page; });
    Built out;
    if (places.empty()) return out;  // not digitised: nothing to go to
    json::Array items;
    for (Place& place : places) items.push_back(std::move(place.item));
    out.first.push_back(places.front().page);
    for (const Piece& piece : pieces.list) out.pages.push_back(piece.page);
    out.pages.insert(out.pages.end(), parts.pages.begin(), parts.pages.end());
    out.items.emplace_back(json::Object{
        {"id", part_id("range", id)}, {"type", "Range"}, {"label", name.to_json()}, {"items", std::move(items)}});
    return out;
  }

  json::Value item(const Piece& piece) const {
    std::string id = in_.canvas_id(piece.page);
    if (piece.area) {
      id += fmt::format("#xywh={:.2f},{:.2f},{:.2f},{:.2f}", std::max(piece.area->left, 0.0),
                        std::max(piece.area->top, 0.0), piece.area->width(), piece.area->height());
    }
    return json::Object{{"id", std::move(id)}, {"type", "Canvas"}};
  }

  const RangeInput& in_;
  MetsRanges out_;
  std::set<std::string> used_;
  std::size_t ranges_ = 0;
  std::size_t regions_ = 0;
};

}  // namespace

std::string readable_type(std::string_view type) {
  type = trimmed_text(type);
  type.remove_prefix(std::min(type.rfind(':') + 1, type.size()));
  std::string out;
  bool before_small = false;
  for (const char sign : type) {
    const bool capital = sign >= 'A' && sign <= 'Z';
    if (sign == '_' || sign == '-' || sign == ' ') {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else if (capital && before_small) {
      out += ' ';
      out += static_cast<char>(sign + 32);
    } else {
      out += out.empty() ? (sign >= 'a' && sign <= 'z' ? static_cast<char>(sign - 32) : sign)
             : capital   ? static_cast<char>(sign + 32)
                         : sign;
    }
    before_small = sign >= 'a' && sign <= 'z';
  }
  return out;
}

MetsRanges ranges_of(const RangeInput& input, const xml::Node& whole) { return Maker(input).make(whole); }

}  // namespace armarium::ingest::readers
