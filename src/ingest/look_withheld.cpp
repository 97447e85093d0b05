#include <algorithm>

#include "ingest/identifiers.h"
#include "ingest/look.h"

// What was taken down is not read and not published, under whatever name it lies in FOLDER now.

namespace armarium::ingest {
namespace {

// What tells a file from others, and nothing that was read from it.
std::string facts_alone(const FileFacts& facts) {
  FileFacts kept;
  kept.state = facts.state;
  kept.version = facts.version;
  kept.fingerprint = facts.fingerprint;
  kept.content = facts.content;
  return facts_text(kept);
}

store::TakedownRow moved_to(const store::TakedownRow& row, std::string identifier, const std::string& folder) {
  store::TakedownRow now = row;
  now.identifier = std::move(identifier);
  now.folder = folder;
  return now;
}

}  // namespace

// By what the whole folder is withheld.
const store::TakedownRow* Look::folder_withheld() const {
  if (path_.empty()) return nullptr;
  if (const auto* row = takedowns_->find(folder_identifier(path_))) return row;
  return takedowns_->find(collection_identifier(reading_));
}

// A folder that moved away from a name that is withheld takes that along.
bool Look::moved_from_withheld() {
  if (!moved_from_ || path_.empty()) return false;
  const store::TakedownRow* row = takedowns_->find(folder_identifier(moved_from_->path));
  if (row == nullptr) return false;
  changes_.takedowns.push_back(moved_to(*row, folder_identifier(path_), path_));
  changes_.removed_folders.push_back(moved_from_->path);
  for (const auto& [below, old] : old_files_) {  // so that another move is seen, too
    if (!reading_.files.contains(below)) continue;
    store::FileRow file = old;
    file.path = join(path_, below);
    file.folder = path_;
    changes_.files.push_back(std::move(file));
  }
  moved_from_.reset();
  return true;
}

// Nothing of the folder is published; what was is hidden.
void Look::withhold() {
  changes_.manifests.clear();
  changes_.collections.clear();
  changes_.aliases.clear();
  changes_.moves.clear();
  changes_.removed.clear();
  changes_.problems.clear();
  changes_.problems.emplace_back(path_, std::vector<catalogue::Problem>());
  for (store::FileRow& file : changes_.files) {
    if (auto facts = facts_of(file.document)) file.document = facts_alone(*facts);
  }
  member_.reset();
  hide();
}

// Takes files out of the plan, so that they are not even read.
void Look::leave_out_withheld() {
  FolderPlan& plan = reading_.plan;
  const auto held = [this](const std::string& below, bool full) {
    const std::string path = join(path_, below);
    return takedowns_->holds(file_identifier(path)) || (full && takedowns_->holds(full_file_identifier(path)));
  };
  if (path_.empty() && !reading_.context->info.each_file && takedowns_->holds(kRootManifest)) plan.canvases.clear();
  if (!plan.thumbnail.empty() && held(plan.thumbnail, true)) plan.thumbnail.clear();
  if (has_document()) return;
  std::erase_if(plan.canvases, [&](CanvasPlan& canvas) {
    if (held(canvas.pictures.front(), true)) return true;
    std::erase_if(canvas.pictures, [&](const std::string& below) {
      return takedowns_->holds(full_file_identifier(join(path_, below)));
    });
    return false;
  });
}

// A document tells its Canvases from each other by all of the pictures: then the catalogue leaves out what is withheld.
bool Look::has_document() const {
  return !reading_.descriptions.empty() ||
         std::any_of(std::begin(kDocumentNames), std::end(kDocumentNames),
                     [this](const char* name) { return reading_.files.contains(name); });
}

// What is remembered of a file.
std::string Look::facts_row(const std::string& path, const FileFacts& facts) const {
  const bool held = takedowns_->holds(file_identifier(path)) || takedowns_->holds(full_file_identifier(path));
  return held ? facts_alone(facts) : facts_text(facts);
}

// Files that were withheld under another name before.
void Look::find_moved_withheld() {
  if (takedowns_->empty() || unknown_.empty()) return;
  auto reader = owner_.store_.read();
  if (!reader) return;
  MoveFinder finder = move_finder(**reader);
  for (const std::string& below : unknown_) {
    const auto facts = facts_.find(below);
    const auto entry = reading_.files.find(below);
    if (facts == facts_.end() || entry == reading_.files.end()) continue;
    const std::string path = join(path_, below);
    const auto from = finder.file(path, entry->second, facts->second);
    if (finder.stopped()) {
      moves_unknown_ = true;
      return;
    }
    const store::TakedownRow* row = from ? takedowns_->find(file_identifier(*from)) : nullptr;
    if (row == nullptr) continue;
    changes_.takedowns.push_back(moved_to(*row, file_identifier(path), path_));
    if (!has_document()) {
      std::erase_if(reading_.plan.canvases, [&](const CanvasPlan& canvas) { return canvas.pictures.front() == below; });
      for (CanvasPlan& canvas : reading_.plan.canvases) std::erase(canvas.pictures, below);
    }
    for (store::FileRow& file : changes_.files) {
      if (file.path == path) file.document = facts_alone(facts->second);
    }
  }
}

}  // namespace armarium::ingest
