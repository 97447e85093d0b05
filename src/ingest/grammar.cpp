#include "ingest/grammar.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "ingest/identifiers.h"
#include "ingest/order.h"

namespace armarium::ingest {
namespace {

// What is shown before what. Masters start at 50.
constexpr int kFirstMaster = 50;

int rank_of_word(std::string_view word) {
  if (word == "access" || word == "web") return 0;
  if (word == "master" || word == "masters" || word == "raw") return 100;
  return -1;
}

int rank_of_extension(std::string_view extension) {
  if (extension == "jpg" || extension == "jpeg" || extension == "jpe" || extension == "jfif") return 10;
  if (extension == "jp2" || extension == "jph" || extension == "j2k" || extension == "jpx" || extension == "jhc" ||
      extension == "j2c")
    return 11;
  if (extension == "tif" || extension == "tiff") return kFirstMaster;
  if (extension == "dng" || extension == "cr2" || extension == "cr3" || extension == "nef" || extension == "arw" ||
      extension == "psd")
    return 60;
  return 20;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

struct Picture {
  std::string path;
  int rank = 0;
};

// "p1" and 100 of "p1_master"; the whole stem and -1 where no such word stands at its end.
std::pair<std::string_view, int> split_suffix(std::string_view stem) {
  const std::size_t mark = stem.find_last_of("-_.");
  if (mark == std::string_view::npos || mark == 0) return {stem, -1};
  const int rank = rank_of_word(lower(stem.substr(mark + 1)));
  return rank < 0 ? std::pair{stem, -1} : std::pair{stem.substr(0, mark), rank};
}

struct Group {
  std::string stem;
  std::vector<Picture> pictures;
  std::vector<std::string> companions;
  std::string description;
  std::vector<std::string> annotations;
};

// biiif takes any picture of this name; here only what a browser shows, in small letters or capitals.
bool is_thumbnail(const std::string& name) {
  const std::string extension = extension_of(name);
  return lower(stem_of(name)) == "thumb" &&
         (extension == "jpg" || extension == "jpeg" || extension == "png" || extension == "gif" || extension == "webp");
}

class Planner {
 public:
  Planner(const NameList& names, const Rules& rules) : names_(names), rules_(rules) {}
  FolderPlan plan() &&;

 private:
  void own_pictures();
  void canvas_folders();
  void format_folders();
  void named_parts();
  void companions();
  void sort_members();
  Group& group(const std::string& stem);
  bool has_pictures(const std::string& folder) const;

  const NameList& names_;
  const Rules& rules_;
  std::vector<Group> groups_;
  std::unordered_map<std::string, std::size_t> by_stem_;
  std::set<std::string> parts_;
  FolderPlan plan_;
};

Group& Planner::group(const std::string& stem) {
  const auto [found, added] = by_stem_.emplace(stem, groups_.size());
  if (added) groups_.push_back({stem, {}, {}, {}, {}});
  return groups_[found->second];
}

bool Planner::has_pictures(const std::string& folder) const {
  const auto inner = names_.inner.find(folder);
  return inner != names_.inner.end() &&
         std::any_of(inner->second.begin(), inner->second.end(),
                     [&](const std::string& name) { return names_.is_picture(join(folder, name)); });
}

void Planner::own_pictures() {
  std::unordered_set<std::string> stems;
  for (const std::string& name : names_.files) {
    if (names_.is_picture(name)) stems.insert(std::string(base_of(name)));
  }
  // A suffix counts only where another file shows that it is one.
  std::unordered_map<std::string, int> bases;
  for (const std::string& stem : stems) ++bases[std::string(split_suffix(stem).first)];
  for (const std::string& name : names_.files) {
    if (!names_.is_picture(name)) continue;
    if (is_thumbnail(name) && names_.files.size() + names_.folders.size() > 1) {
      plan_.thumbnail = name;
      continue;
    }
    const std::string_view stem = base_of(name);
    const auto [base, word] = split_suffix(stem);
    const bool is_format = word >= 0 && bases[std::string(base)] > 1;
    const int rank =
        is_format && word >= kFirstMaster ? word : rank_of_extension(extension_of(name)) - (is_format ? 10 : 0);
    group(std::string(is_format ? base : stem)).pictures.push_back({name, rank});
  }
}

// biiif: the pictures of a folder "_x" are one canvas.
void Planner::canvas_folders() {
  for (const std::string& folder : names_.folders) {
    if (folder.front() != '_' || parts_.contains(folder) || !has_pictures(folder)) continue;
    parts_.insert(folder);
    Group& canvas = group(folder);
    for (const std::string& name : names_.inner.at(folder)) {
      if (!names_.is_picture(join(folder, name)) || is_thumbnail(name)) continue;
      canvas.pictures.push_back({join(folder, name), rank_of_extension(extension_of(name))});
    }
    if (canvas.pictures.empty()) {  // nothing but a thumbnail
      const auto& all = names_.inner.at(folder);
      const auto thumbnail = std::find_if(all.begin(), all.end(), is_thumbnail);
      canvas.pictures.push_back({join(folder, *thumbnail), 0});
    }
    const auto& inner = names_.inner.at(folder);
    for (const std::string& name : inner) {
      if (name == "info.yml") canvas.description = join(folder, name);
      if (name != "info.yml" && extension_of(name) == "yml") canvas.annotations.push_back(join(folder, name));
    }
  }
}

void Planner::format_folders() {
  std::vector<std::string> candidates;
  bool nothing_else = true;
  for (const std::string& folder : names_.folders) {
    if (parts_.contains(folder)) continue;
    if (is_format_folder(folder) && has_pictures(folder)) {
      candidates.push_back(folder);
    } else if (!is_companion_folder(folder) || has_pictures(folder)) {
      nothing_else = false;
    }
  }
  if (candidates.empty()) return;
  // Beside pictures of its own: a folder that repeats at least one base name. Without: two such folders that share one and nothing else beside them.
  std::map<std::string, int> shared;
  for (const std::string& folder : candidates) {
    for (const std::string& name : names_.inner.at(folder)) {
      if (names_.is_picture(join(folder, name))) ++shared[std::string(split_suffix(base_of(name)).first)];
    }
  }
  const bool own = !groups_.empty();
  const bool repeated = std::any_of(shared.begin(), shared.end(), [](const auto& entry) { return entry.second > 1; });
  const bool beside_texts = names_.folders.size() > candidates.size() && candidates.size() == 1;
  if (!own && !(nothing_else && (repeated || beside_texts))) return;
  for (const std::string& folder : candidates) {
    const auto& inner = names_.inner.at(folder);
    const bool belongs = !own || std::any_of(inner.begin(), inner.end(), [&](const std::string& name) {
      return names_.is_picture(join(folder, name)) && by_stem_.contains(std::string(split_suffix(base_of(name)).first));
    });
    if (!belongs) continue;
    parts_.insert(folder);
    const int word = rank_of_word(lower(folder));
    for (const std::string& name : inner) {
      if (!names_.is_picture(join(folder, name))) continue;
      const int rank = word >= kFirstMaster ? word : rank_of_extension(extension_of(name)) - (word == 0 ? 10 : 0);
      group(std::string(split_suffix(base_of(name)).first)).pictures.push_back({join(folder, name), rank});
    }
  }
}

// A description knows better than the names of folders.
void Planner::named_parts() {
  for (const NamedPart& part : rules_.parts) {
    const auto inner = names_.inner.find(part.path);
    if (inner == names_.inner.end()) continue;
    parts_.insert(part.path);
    parts_.insert(part.path.substr(0, part.path.find('/')));
    if (part.thumbnails) continue;
    for (const std::string& name : inner->second) {
      const std::string below = join(part.path, name);
      if (!names_.is_picture(below)) continue;
      const int rank = rank_of_extension(extension_of(name)) + part.rank;
      const std::string stem(split_suffix(base_of(name)).first);
      group(part.apart ? join(part.path, stem) : stem)
          .pictures.push_back({below, part.rank >= kFirstMaster ? part.rank : std::min(rank, kFirstMaster - 1)});
    }
  }
}

void Planner::companions() {
  if (groups_.empty()) return;
  const auto claim = [&](std::string_view path) {
    const std::string_view name = name_of(path);
    auto found = by_stem_.find(std::string(stem_of(name)));
    if (found == by_stem_.end()) found = by_stem_.find(std::string(name));                    // p1.jpg.yml is met below
    if (found == by_stem_.end()) found = by_stem_.find(std::string(stem_of(stem_of(name))));  // p1.alto.xml, p1.jpg.yml
    if (found == by_stem_.end()) return;
    Group& owner = groups_[found->second];
    const std::string extension = extension_of(name);
    if (extension == "yml" || extension == "yaml") {
      if (owner.description.empty()) owner.description = path;
    } else {
      owner.companions.emplace_back(path);
    }
  };
  for (const std::string& name : names_.files) {
    const NameKind kind = kind_of(name);
    if (kind == NameKind::text ||
        (kind == NameKind::description && extension_of(name).starts_with('y') && name != "info.yml"))
      claim(name);
  }
  for (const NamedPart& part : rules_.parts) {
    const auto inner = names_.inner.find(part.path);
    if (inner == names_.inner.end() || part.thumbnails) continue;
    for (const std::string& name : inner->second) {
      if (kind_of(name) == NameKind::text) claim(join(part.path, name));
    }
  }
  for (const std::string& folder : names_.folders) {
    if (parts_.contains(folder) || !is_companion_folder(folder) || has_pictures(folder)) continue;
    parts_.insert(folder);
    const auto inner = names_.inner.find(folder);
    if (inner == names_.inner.end()) continue;
    for (const std::string& name : inner->second) claim(join(folder, name));
  }
}

template <class T, class Names>
void sort_by_name(std::vector<T>& list, const NamedOrder& named, Names&& names) {
  struct Place {
    std::size_t named;
    OrderKey key;
    std::size_t index;
  };
  std::vector<Place> places;
  places.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto [name, stem] = names(list[i]);
    places.push_back({named.place(name, stem), OrderKey(stem), i});
  }
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return a.named != b.named ? a.named < b.named : a.key < b.key; });
  std::vector<T> sorted;
  sorted.reserve(list.size());
  for (const Place& place : places) sorted.push_back(std::move(list[place.index]));
  list = std::move(sorted);
}

void Planner::sort_members() {
  using Names = std::pair<std::string_view, std::string_view>;
  const NamedOrder named(rules_.order);
  sort_by_name(plan_.members, named, [](const std::string& folder) { return Names(folder, folder); });
  sort_by_name(plan_.canvases, named,
               [](const CanvasPlan& canvas) { return Names(name_of(canvas.pictures.front()), canvas.stem); });
}

FolderPlan Planner::plan() && {
  own_pictures();
  named_parts();
  canvas_folders();
  format_folders();
  companions();
  for (Group& group : groups_) {
    std::stable_sort(group.pictures.begin(), group.pictures.end(),
                     [](const Picture& a, const Picture& b) { return a.rank < b.rank; });
    CanvasPlan canvas;
    canvas.stem = group.stem;
    const bool has_access = group.pictures.front().rank < kFirstMaster;
    for (Picture& picture : group.pictures) {
      const bool withheld = has_access && picture.rank >= kFirstMaster && !rules_.masters_public;
      (withheld ? canvas.masters : canvas.pictures).push_back(std::move(picture.path));
    }
    canvas.companions = std::move(group.companions);
    canvas.description = std::move(group.description);
    canvas.annotations = std::move(group.annotations);
    plan_.canvases.push_back(std::move(canvas));
  }
  for (const std::string& folder : names_.folders) {
    if (!parts_.contains(folder)) plan_.members.push_back(folder);
  }
  plan_.part_folders.assign(parts_.begin(), parts_.end());
  sort_members();
  return std::move(plan_);
}

}  // namespace

FolderPlan plan_folder(const NameList& names, const Rules& rules) { return Planner(names, rules).plan(); }

}  // namespace armarium::ingest
