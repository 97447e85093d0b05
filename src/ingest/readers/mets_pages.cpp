#include "ingest/readers/mets_pages.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "ingest/document_pictures.h"
#include "ingest/grammar.h"
#include "ingest/identifiers.h"

namespace armarium::ingest::readers {
namespace {

using xml::Node;

constexpr std::size_t kMostPages = 200'000;

// "np:page" → "page".
std::string type_of_div(const Node& div) {
  const std::string type = lowered(div.attribute("TYPE"));
  return type.substr(type.rfind(':') + 1);
}

bool is_page_type(std::string_view type) {
  return type == "page" || type.ends_with("_page") || type.ends_with(" page") || type == "image" || type == "folio" ||
         type == "track" || type == "doublepage" || type == "double page";
}

std::optional<long> order_of(const Node& div) {
  const std::string_view text = trimmed_text(div.attribute("ORDER"));
  long order = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), order);
  return failed == std::errc{} && end == text.data() + text.size() && !text.empty() ? std::optional(order)
                                                                                    : std::nullopt;
}

// METS schema, div: ORDER is the place among the siblings.
std::vector<Node> ordered_children(const MetsFile& mets, const Node& div) {
  std::vector<Node> children;
  bool all = true;
  for (const Node child : div.children(mets.space, "div")) {
    children.push_back(child);
    all = all && order_of(child).has_value();
  }
  if (all) {
    std::stable_sort(children.begin(), children.end(),
                     [](const Node& a, const Node& b) { return *order_of(a) < *order_of(b); });
  }
  return children;
}

// Flags of a scanner, not a label: "CHAPTER_START, IMPLICIT_PAGE_NUMBER" (HathiTrust).
bool is_flags(std::string_view text) {
  return text.find('_') != std::string_view::npos && std::all_of(text.begin(), text.end(), [](char sign) {
           return (sign >= 'A' && sign <= 'Z') || sign == '_' || sign == ',' || sign == ' ';
         });
}

// The number of a page in its own description: MODS part (NDNP).
std::string number_in_description(const MetsFile& mets, const Node& div) {
  std::string_view ids = div.attribute("DMDID");
  if (ids.empty()) ids = div.attribute("MDID");
  for (const std::string_view id : ids_of(ids)) {
    const auto found = mets.descriptions.find(id);
    if (found == mets.descriptions.end()) continue;
    for (const Node part : found->second.below(xml::kAnySpace, "part")) {
      for (const Node extent : part.children(part.space(), "extent")) {
        if (lowered(extent.attribute("unit")).starts_with("page"))
          if (std::string start = extent.child_text(part.space(), "start"); !start.empty()) return start;
      }
      for (const Node detail : part.children(part.space(), "detail")) {
        if (lowered(detail.attribute("type")).starts_with("page"))
          if (std::string number = detail.child_text(part.space(), "number"); !number.empty()) return number;
      }
    }
  }
  return {};
}

std::string label_of(const MetsFile& mets, const Node& div, std::size_t place) {
  const auto said = [](std::string_view text) {
    text = trimmed_text(text);
    return text == "-" || text == "–" || text == "uncounted" ? std::string_view() : text;
  };
  if (const auto order = said(div.attribute("ORDERLABEL")); !order.empty()) return std::string(order);
  if (const auto label = said(div.attribute("LABEL")); !label.empty() && !is_flags(label)) return std::string(label);
  if (std::string number = number_in_description(mets, div); !number.empty()) return number;
  return fmt::format("[{}]", place + 1);  // one that is not counted
}

class Walker {
 public:
  Walker(MetsFile& mets, MetsPages& out) : mets_(mets), out_(out) {}

  // Whether there was a page in it.
  bool walk(const Node& div, int depth) {
    const std::size_t before = out_.pages.size();
    const std::vector<std::string_view> files = files_of(mets_, div);
    const std::string type = type_of_div(div);
    bool inside = false;
    if (!is_page_type(type) || files.empty()) {
      for (const Node child : ordered_children(mets_, div)) inside = walk(child, depth + 1) || inside;
    }
    const bool shows = std::any_of(files.begin(), files.end(), [&](std::string_view id) {
      const MetsUse kind = mets_.files.at(id).kind;
      return kind == MetsUse::picture && mets_.files.at(id).rank != kThumbnailRank;
    });
    if (!inside && (shows || is_page_type(type))) {
      page(div, files);
    } else if (depth == 0 || inside) {
      out_.whole.insert(out_.whole.end(), files.begin(), files.end());
    }
    if (const std::string_view id = div.attribute("ID"); !id.empty()) {
      std::vector<std::size_t>& places = out_.by_id[id];
      for (std::size_t i = before; i < out_.pages.size(); ++i) places.push_back(i);
    }
    return out_.pages.size() > before;
  }

 private:
  void page(const Node& div, const std::vector<std::string_view>& files) {
    if (out_.pages.size() >= kMostPages) {
      if (!told_) mets_.problem(div.line(), fmt::format("Only the first {} pages are read.", kMostPages));
      told_ = true;
      return;
    }
    MetsPage page{.div = div, .id = std::string(div.attribute("ID")), .files = files};
    const std::size_t place = out_.pages.size();
    if (page.id.empty() || out_.by_id.contains(div.attribute("ID"))) page.id = fmt::format("page {}", place + 1);
    page.label = label_of(mets_, div, place);
    for (const std::string_view file : files) out_.by_file.emplace(file, place);
    out_.pages.push_back(std::move(page));
  }

  MetsFile& mets_;
  MetsPages& out_;
  bool told_ = false;
};

// Where no structure has pages, the files in their order are.
void pages_of_files(MetsFile& mets, MetsPages& out) {
  std::unordered_map<std::string_view, std::size_t> groups;
  int best = kThumbnailRank;
  for (const std::string_view id : mets.file_order) {
    const MetsEntry& file = mets.files.at(id);
    if (file.kind == MetsUse::picture) best = std::min(best, file.rank);
  }
  for (const std::string_view id : mets.file_order) {
    const MetsEntry& file = mets.files.at(id);
    if (file.kind != MetsUse::picture || file.rank != best || out.pages.size() >= kMostPages) continue;
    MetsPage page{.id = fmt::format("page {}", out.pages.size() + 1),
                  .label = fmt::format("[{}]", out.pages.size() + 1)};
    page.files.push_back(id);
    out.by_file.emplace(id, out.pages.size());
    out.pages.push_back(std::move(page));
  }
}

}  // namespace

std::vector<std::string_view> files_of(const MetsFile& mets, const Node& div) {
  std::vector<std::string_view> out;
  const auto add = [&](const Node& node) {
    const std::string_view id = node.attribute("FILEID");
    if (!id.empty() && mets.files.contains(id) && std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
  };
  for (const Node pointer : div.children(mets.space, "fptr")) {
    add(pointer);
    for (const Node area : pointer.below(mets.space, "area")) add(area);
  }
  return out;
}

MetsPages pages_of(MetsFile& mets) {
  std::vector<Node> maps = mets.structures;
  const auto rank = [](const Node& map) {
    const std::string type = lowered(map.attribute("TYPE"));
    return type.starts_with("physical") ? 0 : type.empty() ? 1 : type == "logical" ? 3 : 2;
  };
  std::stable_sort(maps.begin(), maps.end(), [&](const Node& a, const Node& b) { return rank(a) < rank(b); });
  for (const Node& map : maps) {
    MetsPages out;
    out.root = map.child(mets.space, "div");
    Walker walker(mets, out);
    for (const Node root : map.children(mets.space, "div")) walker.walk(root, 0);
    if (out.pages.empty()) continue;
    if (const std::string_view id = map.attribute("ID"); !id.empty()) {
      for (std::size_t i = 0; i < out.pages.size(); ++i) out.by_id[id].push_back(i);
    }
    return out;
  }
  MetsPages out;
  const bool refers =
      std::any_of(maps.begin(), maps.end(), [&](const Node& map) { return !map.below(mets.space, "mptr").empty(); });
  if (!refers) pages_of_files(mets, out);
  return out;
}

MetsFolder::MetsFolder(const SourceFile& file) : file_(file) {
  for (const std::string& below : file.files) {
    const std::string name(name_of(below));
    const auto [known, fresh] = by_name_.emplace(name, below);
    if (!fresh && parent_of(known->second) != parent_of(below)) known->second.clear();
    if (kind_of(name) != NameKind::picture || extension_of(name) == "pdf") continue;
    pictures_by_stem_.emplace(join(parent_of(below), stem_of(name)), below);
    pictures_by_stem_.emplace(std::string(stem_of(name)), below);
  }
}

std::optional<std::string> MetsFolder::find(const MetsEntry& file) const {
  if (file.href.empty()) return std::nullopt;
  const bool remote = is_remote(file.href);
  std::string path = mets_path(file.href);
  if (remote)
    path =
        mets_path(std::string_view(path).substr(path.find("//") + 2, path.find_first_of("?#") - path.find("//") - 2));
  for (std::string_view rest = path; !rest.empty();) {
    if (file_.has(rest)) return std::string(rest);
    const std::size_t slash = rest.find('/');
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  }
  std::vector<std::string> names =
      remote ? names_in_address(file.href) : std::vector<std::string>{std::string(name_of(path))};
  for (const std::string& name : names) {
    const auto known = by_name_.find(name);
    if (known != by_name_.end() && !known->second.empty()) return known->second;
  }
  if (file.kind != MetsUse::picture) return std::nullopt;
  for (std::string_view rest = path; !rest.empty();) {
    const auto known = pictures_by_stem_.find(join(parent_of(rest), stem_of(name_of(rest))));
    if (known != pictures_by_stem_.end()) return known->second;
    const std::size_t slash = rest.find('/');
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  }
  for (const std::string& name : names) {
    for (const std::string& stem : {std::string(stem_of(name)), name}) {
      const auto known = pictures_by_stem_.find(stem);
      if (known != pictures_by_stem_.end()) return known->second;
    }
  }
  return std::nullopt;
}

}  // namespace armarium::ingest::readers
