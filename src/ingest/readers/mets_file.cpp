#include "ingest/readers/mets_file.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/uri.h"
#include "ingest/grammar.h"
#include "ingest/identifiers.h"

namespace armarium::ingest::readers {
namespace {

using xml::Node;

constexpr std::size_t kMostFileRows = 2'000'000;
constexpr std::size_t kMostLinks = 4'000'000;
constexpr int kDeepestGroup = 20;

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// Groups by what profiles call them: DFG MAX, DEFAULT, THUMBS; NDNP service, master; BnF Viewing, Preservation; BnL Images, BlackWhiteImages; Archivematica original, access, preservation.
int rank_of(std::string_view group) {
  const std::string use = lowered(group);
  if (has(use, "thumb") || has(use, "teaser") || has(use, "icon")) return kThumbnailRank;
  if (has(use, "blackwhite") || has(use, "bitonal") || has(use, "1bit") || has(use, "-bin")) return 6;
  if (use == "min") return 5;
  if (has(use, "service") || has(use, "access") || has(use, "viewing") || has(use, "presentation")) return 0;
  if (use == "max" || has(use, "max")) return 1;
  if (has(use, "master") || has(use, "preservation") || has(use, "archiv") || has(use, "original")) return kMasterRank;
  if (use == "default") return 3;
  return 2;
}

MetsUse kind_of_file(const MetsEntry& file) {
  const std::string type = lowered(file.media_type);
  const std::string use = lowered(file.use);
  const std::string extension = extension_of(name_of(mets_path(file.href)));
  if (type == "application/pdf" || extension == "pdf" || extension == "epub") return MetsUse::download;
  if (type.starts_with("image/")) return MetsUse::picture;
  if (type.starts_with("video/") || type.starts_with("audio/")) return MetsUse::media;
  if (type.starts_with("text/") || has(type, "xml") || has(type, "html") || has(use, "alto") || has(use, "ocr") ||
      has(use, "fulltext"))
    return extension.empty() || kind_of("x." + extension) != NameKind::picture ? MetsUse::text : MetsUse::picture;
  const NameKind kind = kind_of("x." + extension);
  if (kind == NameKind::picture) return MetsUse::picture;
  if (kind == NameKind::text) return MetsUse::text;
  if (kind == NameKind::media) return MetsUse::media;
  if (has(use, "download")) return MetsUse::download;
  return MetsUse::other;
}

class Looker {
 public:
  explicit Looker(const Node& root) {
    out_.root = root;
    out_.space = root.space();
  }

  MetsFile look() && {
    for (const Node section : out_.root.children(out_.space, {})) {
      const std::string_view name = section.name();
      if (name == "dmdSec") {
        describe(section);
      } else if (name == "mdSec") {
        descriptions_2(section, 0);
      } else if (name == "fileSec") {
        group(section, {}, 0);
      } else if (name == "structMap") {
        out_.structures.push_back(section);
      } else if (name == "structSec") {
        for (const Node map : section.children(out_.space, "structMap")) out_.structures.push_back(map);
        link(section.child(out_.space, "structLink"));
      } else if (name == "structLink") {
        link(section);
      }
    }
    if (repeated_ > 0) {
      out_.problem(repeated_line_, fmt::format("{} ids are used twice, the first is {}: the first of each counts.",
                                               repeated_, repeated_id_));
    }
    return std::move(out_);
  }

 private:
  void repeated(std::string_view id, int line) {
    if (repeated_++ > 0) return;
    repeated_id_ = id;
    repeated_line_ = line;
  }

  void describe(const Node& section) {
    const std::string_view id = section.attribute("ID");
    if (!id.empty() && !out_.descriptions.emplace(id, section).second) return repeated(id, section.line());
    out_.description_order.push_back(section);
  }

  // METS 2: mdSec, mdGrp, md.
  void descriptions_2(const Node& section, int depth) {
    if (depth > kDeepestGroup) return;
    for (const Node part : section.children(out_.space, {})) {
      if (part.name() == "mdGrp") {
        descriptions_2(part, depth + 1);
      } else if (part.name() == "md" && lowered(part.attribute("USE")) == "descriptive") {
        describe(part);
      }
    }
  }

  void group(const Node& node, std::string_view use, int depth) {
    if (depth > kDeepestGroup) return out_.problem(node.line(), "Groups of files are nested too deep.");
    for (const Node part : node.children(out_.space, {})) {
      if (part.name() == "fileGrp") {
        const std::string_view own = part.attribute("USE");
        group(part, !own.empty() ? own : !use.empty() ? use : part.attribute("ID"), depth + 1);
      } else if (part.name() == "file") {
        add(part, use);
        group(part, use, depth + 1);  // files inside of files
      }
    }
  }

  void add(const Node& node, std::string_view use) {
    if (out_.files.size() >= kMostFileRows) return;
    MetsEntry file;
    file.id = node.attribute("ID");
    file.use = node.attribute("USE").empty() ? use : node.attribute("USE");
    file.media_type = node.attribute("MIMETYPE");
    file.line = node.line();
    for (const Node place : node.children(out_.space, "FLocat")) {
      std::string_view href = place.attribute(xml::kXlinkSpace, "href");
      if (href.empty()) href = place.attribute("LOCREF");
      if (href.empty()) href = place.attribute("href");
      if (!trimmed_text(href).empty()) {
        file.href = trimmed_text(href);
        break;
      }
    }
    file.kind = kind_of_file(file);
    file.rank = rank_of(file.use);
    if (file.id.empty()) return;
    if (!out_.files.emplace(file.id, file).second) return repeated(file.id, file.line);
    out_.file_order.push_back(file.id);
  }

  void link(const Node& section) {
    std::size_t count = 0;
    for (const Node part : section.children(out_.space, "smLink")) {
      if (++count > kMostLinks) return;
      std::string_view from = part.attribute(xml::kXlinkSpace, "from");
      std::string_view to = part.attribute(xml::kXlinkSpace, "to");
      if (from.empty()) from = part.attribute("FROM");
      if (to.empty()) to = part.attribute("TO");
      if (from.starts_with('#')) from.remove_prefix(1);
      if (to.starts_with('#')) to.remove_prefix(1);
      out_.links[from].push_back(to);
    }
  }

  MetsFile out_;
  std::size_t repeated_ = 0;
  std::string_view repeated_id_;
  int repeated_line_ = 0;
};

}  // namespace

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& sign : out) {
    if (sign >= 'A' && sign <= 'Z') sign = static_cast<char>(sign + 32);
  }
  return out;
}

std::string_view trimmed_text(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) + 1 - first);
}

std::vector<std::string_view> ids_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (text = trimmed_text(text); !text.empty();) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n"), text.size());
    out.push_back(text.substr(0, end));
    text = trimmed_text(text.substr(end));
  }
  return out;
}

bool is_remote(std::string_view href) {
  const std::string start = lowered(href.substr(0, 8));
  return start.starts_with("http://") || start.starts_with("https://");
}

std::string mets_path(std::string_view href) {
  if (is_remote(href)) return std::string(href);
  if (lowered(href.substr(0, 7)) == "file://") href.remove_prefix(7);
  if (lowered(href.substr(0, 5)) == "file:") href.remove_prefix(5);
  std::string path = base::percent_decode(href).value_or(std::string(href));
  std::replace(path.begin(), path.end(), '\\', '/');
  std::string out;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view segment = std::string_view(path).substr(at, end - at);
    if (!segment.empty() && segment != "." && segment != "..") {
      if (!out.empty()) out += '/';
      out += segment;
    }
    at = end + 1;
  }
  return out;
}

MetsFile look_at_mets(const xml::Document& document) { return Looker(document.root()).look(); }

}  // namespace armarium::ingest::readers
