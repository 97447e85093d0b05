#include "ingest/readers/mets.h"

#include <algorithm>
#include <memory>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "base/uri.h"
#include "ingest/identifiers.h"
#include "ingest/readers/mets_pages.h"
#include "ingest/readers/mets_ranges.h"
#include "ingest/readers/mets_records.h"

namespace armarium::ingest::readers {
namespace {

using xml::Node;

constexpr xml::Limits kLimits{
    .bytes = kLargestDescription, .depth = 100, .elements = 8'000'000, .attributes = 24'000'000};
constexpr int kDeepestVolume = 4;
constexpr int kLastRank = 100;
constexpr std::size_t kMostVolumes = 1'000;

json::Value words(std::string_view text) { return iiif::LanguageMap::none(std::string(text)).to_json(); }

bool is_outer(std::string_view type) {
  constexpr std::string_view kTypes[] = {"newspaper", "periodical", "volume",  "issue",  "year",
                                         "month",     "day",        "journal", "serial", "ephemera"};
  return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}

std::string div_type(const Node& div) {
  const std::string type = lowered(div.attribute("TYPE"));
  return type.substr(type.rfind(':') + 1);
}

std::string_view described_by(const Node& div) {
  const std::string_view ids = div.attribute("DMDID");
  return ids.empty() ? div.attribute("MDID") : ids;
}

std::string_view pointer_of(const MetsFile& mets, const Node& div) {
  const Node pointer = div.child(mets.space, "mptr");
  std::string_view href = pointer.attribute(xml::kXlinkSpace, "href");
  if (href.empty()) href = pointer.attribute("LOCREF");
  return trimmed_text(href);
}

Node logical_of(const MetsFile& mets, const MetsPages& pages) {
  for (const Node& map : mets.structures) {
    if (lowered(map.attribute("TYPE")).starts_with("logical")) return map.child(mets.space, "div");
  }
  if (pages.root) return pages.root;
  return mets.structures.empty() ? Node() : mets.structures.front().child(mets.space, "div");
}

// One METS file, as a whole or as a volume of another.
struct Part {
  json::Array canvases{};
  json::Array structures{};
  json::Array members{};  // of a Collection
  json::Array renderings{};
  Record record{};
  std::string label{};
  bool newspaper = false;
  std::string day{};
  std::size_t first = 0;
};

class Reading {
 public:
  explicit Reading(const SourceFile& file) : file_(file), folder_(file) {}

  Described read() && {
    out_.label = iiif::LanguageMap::none("METS");
    out_.profile = file_.root.space;
    open_.insert(file_.name);
    auto part = read_part(file_.name, file_.bytes, 0);
    if (!part) return std::move(out_);
    publish_part(std::move(*part));
    return std::move(out_);
  }

 private:
  void problem(const std::string& name, int line, std::string reason) {
    out_.problems.push_back({name == file_.name ? std::string() : name, line, std::move(reason)});
  }

  std::string canvas_id(const std::string& name, const std::string& page, int depth) const {
    return part_id("canvas", depth == 0 ? page : name + ' ' + page);
  }

  std::optional<Part> read_part(const std::string& name, std::string_view bytes, int depth) {
    auto document = xml::Document::parse(bytes, kLimits);
    if (!document) {
      problem(name, document.error().line, document.error().reason);
      return std::nullopt;
    }
    for (const xml::Fault& note : document->notes()) problem(name, note.line, note.reason);
    MetsFile mets = look_at_mets(*document);
    const MetsPages pages = pages_of(mets);
    const Node logical = logical_of(mets, pages);
    Part part;
    if (depth == 0 && !own_volume(mets, logical)) return std::nullopt;
    Node whole = describe(mets, pages, logical, part);
    canvases(mets, pages, name, depth, part);
    ranges(mets, pages, whole, name, depth, part);
    for (const std::string_view id : pages.whole) link(mets.files.at(id), part.renderings, nullptr);
    volumes(mets, logical, name, depth, part);
    if (depth == 0) administrative(mets, tree_);
    for (FileProblem& found : mets.problems) problem(name, found.line, std::move(found.reason));
    return part;
  }

  // A volume whose work lies beside it is read with that.
  bool own_volume(const MetsFile& mets, const Node& logical) {
    const std::string up(name_of(mets_path(pointer_of(mets, logical))));
    if (up.empty() || up == file_.name || !file_.has(up) || !file_.sibling) return true;
    const auto bytes = file_.sibling(up);
    const auto document = bytes ? xml::Document::parse(*bytes, kLimits) : xml::Document::parse(std::string_view());
    if (!document || document->root().name() != "mets") return true;
    const MetsFile above = look_at_mets(*document);
    for (const Node pointer : above.root.below(above.space, "mptr")) {
      const Node holder = pointer.parent();
      const bool down = holder.parent().name() == "div";
      if (down && name_of(mets_path(pointer_of(above, holder))) == file_.name) {
        out_.inside.push_back(file_.name);
        return false;
      }
    }
    return true;
  }

  // Gives the div that is the item itself.
  Node describe(const MetsFile& mets, const MetsPages& pages, const Node& logical, Part& part) {
    std::vector<Node> chain;
    for (Node div = logical; div;) {
      chain.push_back(div);
      Node only;
      std::size_t count = 0;
      for (const Node child : div.children(mets.space, "div")) {
        only = child;
        ++count;
      }
      if (count != 1 || !is_outer(div_type(only))) break;
      div = only;
    }
    std::vector<std::string_view> ids;
    const auto add = [&](const Node& div) {
      for (const std::string_view id : ids_of(described_by(div))) {
        if (mets.descriptions.contains(id) && std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
      }
    };
    for (auto div = chain.rbegin(); div != chain.rend(); ++div) add(*div);
    if (pages.root && !(pages.root == logical)) add(pages.root);
    for (const Node& map : mets.structures) {
      if (ids.empty()) add(map.child(mets.space, "div"));
    }
    if (ids.empty()) {
      for (const Node& section : mets.description_order) {
        if (mets.description_order.size() == 1) ids.push_back(section.attribute("ID"));
      }
    }
    part.record = record_of(mets, ids);
    part.newspaper = lowered(mets.root.attribute("TYPE")).find("newspaper") != std::string::npos;
    for (const Node& div : chain) {
      const std::string type = div_type(div);
      part.newspaper = part.newspaper || type == "newspaper" || type == "issue" || type == "day";
    }
    name_part(mets, chain, part);
    return chain.empty() ? logical : chain.back();
  }

  void name_part(const MetsFile& mets, const std::vector<Node>& chain, Part& part) const {
    const std::string_view said = trimmed_text(mets.root.attribute("LABEL"));
    std::string_view inner;
    for (const Node& div : chain) {
      if (const auto label = trimmed_text(div.attribute("LABEL")); !label.empty()) inner = label;
    }
    part.label = std::string(said.empty() ? inner : said);
    if (!part.newspaper) return;
    for (const RecordField& field : part.record.fields) {
      if (part.day.empty() && field.name.find("date") != std::string::npos) part.day = day_in(field.value);
    }
    if (part.day.empty()) part.day = day_in(part.label);
    for (auto div = chain.rbegin(); div != chain.rend() && part.day.empty(); ++div) {
      part.day = day_in(div->attribute("ORDERLABEL"));
      if (part.day.empty()) part.day = day_in(div->attribute("LABEL"));
    }
  }

  // A text, a download: by its address here, else where it was.
  void link(const MetsEntry& file, json::Array& renderings, json::Array* also) const {
    const bool text = file.kind == MetsUse::text;
    if (!text && file.kind != MetsUse::download) return;
    const auto below = folder_.find(file);
    if (!below && !is_remote(file.href)) return;
    const std::string path = below ? *below : mets_path(file.href);
    const std::string extension = extension_of(name_of(path));
    const std::string use = lowered(file.use);
    json::Object out{{"id", below ? file_id(*below) : std::string(file.href)}};
    const bool page = use.find("page") != std::string::npos || file.media_type.find("prima") != std::string_view::npos;
    const bool xml = extension == "xml";
    const bool hocr = extension == "html" || extension == "htm" || extension == "hocr" || extension == "xhtml";
    out["type"] = text && (xml || hocr) ? "Dataset" : "Text";
    out["label"] = words(!text ? "PDF" : xml ? (page ? "PAGE" : "ALTO") : hocr ? "hOCR" : "Text");
    if (!text && extension != "pdf" && file.media_type != "application/pdf") out["label"] = words(name_of(path));
    out["format"] = !text  ? (file.media_type.empty() ? std::string("application/pdf") : std::string(file.media_type))
                    : xml  ? "application/xml"
                    : hocr ? "text/html"
                           : "text/plain";
    if (text && xml)
      out["profile"] = page ? "http://www.primaresearch.org/PAGE/" : "http://www.loc.gov/standards/alto/";
    if (text && also != nullptr && (xml || hocr)) {
      also->push_back(std::move(out));
    } else {
      renderings.push_back(std::move(out));
    }
  }

  static bool is_for_browsers(const MetsEntry& file) {
    const std::string type = lowered(file.media_type);
    return type != "image/tiff" && type != "image/jp2" && type != "image/tif";
  }

  // The best picture of a page that there is in the folder, else elsewhere.
  json::Object picture(const MetsFile& mets, const MetsPage& page) const {
    const MetsEntry* best = nullptr;
    int best_rank = 0;
    std::optional<std::string> here;
    for (const std::string_view id : page.files) {
      const MetsEntry& file = mets.files.at(id);
      if (file.kind != MetsUse::picture || file.rank == kThumbnailRank) continue;
      auto below = folder_.find(file);
      if (!below && (here || !is_remote(file.href))) continue;
      const int rank = below ? file.rank : file.rank + (is_for_browsers(file) ? 0 : kLastRank);
      if (best != nullptr && !(below && !here) && rank >= best_rank) continue;
      best = &file;
      best_rank = rank;
      here = std::move(below);
    }
    if (best == nullptr) return {};
    const std::string id = here ? part_id("picture", *here) : std::string(best->href);
    return {{"id", id}, {"type", "Image"}, {"format", best->media_type.empty() ? "image/jpeg" : best->media_type}};
  }

  void canvases(const MetsFile& mets, const MetsPages& pages, const std::string& name, int depth, Part& part) {
    std::size_t media = 0;
    std::size_t missing = 0;
    for (const MetsPage& page : pages.pages) {
      const std::string id = canvas_id(name, page.id, depth);
      json::Object canvas{{"id", id}, {"type", "Canvas"}, {"label", words(page.label)}};
      json::Array also;
      json::Array renderings;
      bool plays = false;
      for (const std::string_view file : page.files) {
        link(mets.files.at(file), renderings, &also);
        plays = plays || mets.files.at(file).kind == MetsUse::media;
      }
      json::Object body = picture(mets, page);
      if (body.empty() && plays) ++media;
      if (body.empty() && !plays) ++missing;
      if (!body.empty()) {
        json::Object note{
            {"type", "Annotation"}, {"motivation", "painting"}, {"body", std::move(body)}, {"target", id}};
        canvas["items"] =
            json::Array{json::Object{{"type", "AnnotationPage"}, {"items", json::Array{std::move(note)}}}};
      }
      if (!also.empty()) canvas["seeAlso"] = std::move(also);
      if (!renderings.empty()) canvas["rendering"] = std::move(renderings);
      part.canvases.emplace_back(std::move(canvas));
    }
    if (media > 0) problem(name, 0, fmt::format("{} pages are sound or film, which is not read from METS.", media));
    if (missing > 0)
      problem(name, 0, fmt::format("{} of the {} pages have no picture in the folder.", missing, pages.pages.size()));
  }

  void ranges(MetsFile& mets, const MetsPages& pages, const Node& whole, const std::string& name, int depth,
              Part& part) {
    std::unordered_map<std::string_view, std::unique_ptr<AltoAreas>> known;
    RangeInput input{.mets = mets, .pages = pages};
    input.canvas_id = [&](std::size_t page) { return canvas_id(name, pages.pages[page].id, depth); };
    input.title = [&](std::string_view ids) { return title_of(mets, ids); };
    input.areas = [&](std::string_view id) -> const AltoAreas* {
      const auto [found, fresh] = known.emplace(id, nullptr);
      if (!fresh) return found->second.get();
      const auto below = folder_.find(mets.files.at(id));
      const auto bytes = below && file_.sibling ? file_.sibling(*below) : base::Result<std::string>(std::string());
      auto areas = bytes ? alto_areas(*bytes) : std::nullopt;
      if (below && !areas)
        problem(name, mets.files.at(id).line,
                fmt::format("{} is no ALTO that can be read: its articles are given by their pages.", *below));
      if (areas) found->second = std::make_unique<AltoAreas>(std::move(*areas));
      return found->second.get();
    };
    if (!whole) return;
    MetsRanges made = ranges_of(input, whole);
    for (const auto& [page, space] : made.spaces)
      part.canvases[page].get_object()[kSpaceMark] = json::Array{space.first, space.second};
    part.structures = std::move(made.structures);
    if (depth == 0) return;
    for (json::Value& range : part.structures) rename(range.get_object(), name);
  }

  // Ids of a volume's Ranges are its own.
  static void rename(json::Object& range, const std::string& name) {
    const std::string id(json::text_of(range, "id"));
    range["id"] = id + base::encode_segment(' ' + name);
    for (json::Value& item : range["items"].get_array()) {
      if (json::text_of(item.get_object(), "type") == "Range") rename(item.get_object(), name);
    }
  }

  void volumes(const MetsFile& mets, const Node& logical, const std::string& name, int depth, Part& part) {
    std::size_t elsewhere = 0;
    std::size_t count = 0;
    for (const Node pointer : logical.below(mets.space, "mptr")) {
      const Node div = pointer.parent();
      if (div == logical || ++count > kMostVolumes) continue;
      const std::string path = mets_path(pointer_of(mets, div));
      const std::string other(name_of(path));
      if (const std::string sub = subfolder_of(path); !sub.empty()) {
        part.members.push_back(member(div, folder_id(sub)));
      } else if (!other.empty() && file_.has(other) && file_.sibling && !(is_remote(path) && open_.contains(other))) {
        volume(name, div, other, depth, part);
      } else if (is_remote(path)) {
        ++elsewhere;
      } else {
        problem(name, div.line(), fmt::format("{} is not in the folder.", other.empty() ? "A part" : other));
      }
    }
    if (count > kMostVolumes) problem(name, 0, fmt::format("Only the first {} parts are read.", kMostVolumes));
    if (elsewhere > 0)
      problem(name, 0, fmt::format("{} parts lie elsewhere; nothing is fetched, and they are not listed.", elsewhere));
  }

  static json::Value member(const Node& div, std::string id) {
    json::Object out{{"id", std::move(id)}, {"type", "Manifest"}};
    std::string_view label = trimmed_text(div.attribute("LABEL"));
    if (label.empty()) label = trimmed_text(div.attribute("ORDERLABEL"));
    out["label"] = words(label.empty() ? readable_type(div.attribute("TYPE")) : std::string(label));
    std::string day = day_in(div.attribute("ORDERLABEL"));
    if (day.empty()) day = day_in(label);
    if (!day.empty()) out["navDate"] = day;
    return out;
  }

  std::string subfolder_of(const std::string& path) const {
    for (std::string_view rest = parent_of(path); !rest.empty();) {
      std::string first(rest.substr(0, rest.find('/')));
      if (std::find(file_.folders.begin(), file_.folders.end(), first) != file_.folders.end()) return first;
      const std::size_t slash = rest.find('/');
      rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    }
    return {};
  }

  // A volume that lies beside its work: its pages follow, under a Range of its own.
  void volume(const std::string& name, const Node& div, const std::string& other, int depth, Part& part) {
    if (open_.contains(other)) {
      return problem(name, div.line(), fmt::format("{} leads back to itself by {}: it is read once.", other, name));
    }
    if (depth + 1 >= kDeepestVolume)
      return problem(name, div.line(), fmt::format("Files refer to each other deeper than {} levels.", kDeepestVolume));
    open_.insert(other);
    out_.inside.push_back(other);
    const auto bytes = file_.sibling(other);
    if (!bytes) return problem(other, 0, bytes.error().message);
    auto read = read_part(other, *bytes, depth + 1);
    if (!read || read->canvases.empty()) return;
    json::Array items;
    if (read->structures.empty()) {
      for (const json::Value& canvas : read->canvases)
        items.push_back(json::Object{{"id", canvas.get_object().at("id")}, {"type", "Canvas"}});
    } else {
      items = std::move(read->structures);
    }
    std::string label(trimmed_text(div.attribute("LABEL")));
    if (label.empty()) label = read->label.empty() ? other : read->label;
    part.structures.push_back(json::Object{{"id", part_id("range", "volume " + other)},
                                           {"type", "Range"},
                                           {"label", words(label)},
                                           {"items", std::move(items)}});
    for (json::Value& canvas : read->canvases) part.canvases.push_back(std::move(canvas));
  }

  void publish_part(Part part) {
    out_.record = publish(part.record, file_.crosswalk, file_.name);
    json::Object tree = std::move(tree_);
    const bool collection = part.canvases.empty() && !part.members.empty();
    if (part.canvases.empty() && !collection) {
      if (out_.record.label.empty() && !part.label.empty()) out_.record.label = iiif::LanguageMap::none(part.label);
      if (!out_.record.label.empty()) out_.record.origins["label"] = file_.name;
      return;
    }
    tree["type"] = collection ? "Collection" : "Manifest";
    if (!part.label.empty() && (part.newspaper || out_.record.label.empty())) tree["label"] = words(part.label);
    if (part.newspaper && !part.day.empty() && !collection) tree["navDate"] = part.day;
    if (!part.renderings.empty()) tree["rendering"] = std::move(part.renderings);
    tree["items"] = collection ? std::move(part.members) : std::move(part.canvases);
    if (!part.structures.empty() && !collection) tree["structures"] = std::move(part.structures);
    out_.tree = std::move(tree);
  }

  const SourceFile& file_;
  MetsFolder folder_;
  Described out_;
  json::Object tree_;
  std::set<std::string> open_;
};

// Groups in which one name stands in several folders: those are different pages (volumes).
std::set<std::string> uses_apart(const MetsFile& mets) {
  std::set<std::string> out;
  std::unordered_map<std::string, std::string> folders;
  for (const std::string_view id : mets.file_order) {
    const MetsEntry& file = mets.files.at(id);
    if (file.kind != MetsUse::picture || file.rank == kThumbnailRank) continue;
    const std::string path = mets_path(file.href);
    const std::string use(file.use);
    const auto [found, fresh] = folders.emplace(use + '\n' + std::string(name_of(path)), parent_of(path));
    if (!fresh && found->second != parent_of(path)) out.insert(use);
  }
  return out;
}

}  // namespace

bool claims_mets(const Head& head) {
  return head.root.name == "mets" && head.root.space.starts_with("http://www.loc.gov/METS");
}

Described read_mets(const SourceFile& file) { return Reading(file).read(); }

std::vector<PartFolder> mets_parts(std::string_view bytes) {
  std::vector<PartFolder> out;
  const auto document = xml::Document::parse(bytes, kLimits);
  if (!document) return out;
  const MetsFile mets = look_at_mets(*document);
  std::unordered_map<std::string, std::size_t> known;
  const std::set<std::string> apart = uses_apart(mets);
  constexpr std::size_t kMost = 1'000;
  constexpr int kMostLevels = 6;
  for (const std::string_view id : mets.file_order) {
    const MetsEntry& file = mets.files.at(id);
    if (file.kind == MetsUse::other || file.kind == MetsUse::media || file.href.empty()) continue;
    std::string path = mets_path(file.href);
    if (is_remote(file.href)) path = mets_path(std::string_view(path).substr(path.find("//") + 2));
    const bool hidden =
        file.kind == MetsUse::download || (file.kind == MetsUse::picture && file.rank == kThumbnailRank);
    const int rank = file.rank == kMasterRank ? 50 : file.rank * 2;
    // Where it lay when it was written, by as much of its path as there may be here.
    std::string_view tail = parent_of(path);
    for (int level = 0; !tail.empty() && level < kMostLevels; ++level) {
      const auto [found, fresh] = known.emplace(tail, out.size());
      if (fresh && out.size() < kMost) {
        out.push_back({std::string(tail), hidden, rank, apart.contains(std::string(file.use))});
      } else if (found->second < out.size()) {
        PartFolder& part = out[found->second];
        part.thumbnails = part.thumbnails && hidden;
        part.rank = std::min(part.rank, rank);
      }
      const std::size_t slash = tail.find('/');
      tail = slash == std::string_view::npos ? std::string_view() : tail.substr(slash + 1);
    }
  }
  return out;
}

}  // namespace armarium::ingest::readers
