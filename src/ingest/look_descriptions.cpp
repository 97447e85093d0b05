#include <algorithm>

#include <fmt/format.h>

#include "base/uri.h"
#include "ingest/described_files.h"
#include "ingest/identifiers.h"
#include "ingest/look.h"
#include "ingest/member_note.h"

// Descriptions as institutions have them (readers/reader.h) in what a look publishes.

namespace armarium::ingest {

namespace {

constexpr std::size_t kMostFileProblems = 100;

// The file itself, as what else there is to see.
void link_source(iiif::Description& description, const readers::Described& described, const std::string& below) {
  iiif::Link link;
  link.id = readers::file_id(below);
  link.type = "Dataset";
  link.label = described.label;
  link.format = described.media_type;
  link.profile = described.profile;
  description.see_also.push_back(std::move(link));
  if (!description.origins.contains("seeAlso")) description.origins["seeAlso"] = below;
}

json::Object link_json(const readers::Described& described, const std::string& below) {
  json::Object link{{"id", readers::file_id(below)}, {"type", "Dataset"}};
  if (!described.label.empty()) link["label"] = described.label.to_json();
  link["format"] = described.media_type;
  if (!described.profile.empty()) link["profile"] = described.profile;
  return link;
}

}  // namespace

void Look::take(readers::Described described, const std::string& below) {
  for (std::size_t i = 0; i < described.problems.size() && i < kMostFileProblems; ++i) {
    readers::FileProblem& problem = described.problems[i];
    problems_.push_back({join(path_, problem.file.empty() ? below : problem.file),
                         problem.line > 0 ? fmt::format("line {}", problem.line) : std::string(),
                         std::move(problem.reason)});
  }
  inside_.insert(described.inside.begin(), described.inside.end());
  if (inside_.contains(below)) return;  // another description has all of it
  for (auto& [name, said] : described.of_files) {
    const std::string& file = name;  // clang 14 does not let a lambda see a binding
    for (const CanvasPlan& plan : reading_.plan.canvases) {
      const bool meant =
          plan.stem == file || std::any_of(plan.pictures.begin(), plan.pictures.end(),
                                           [&](auto& picture) { return picture == file || name_of(picture) == file; });
      if (!meant) continue;
      link_source(said, described, below);
      texts_.records[plan.stem].merge_below(said);
      break;
    }
  }
  if (!described.tree.empty()) {
    json::Value& links = described.tree["seeAlso"];
    if (!links.is_array()) links = json::Array();
    links.get_array().push_back(link_json(described, below));
    FolderDocument made = made_document(std::move(described.tree), below);
    if (made.is("Manifest") && reading_.context->info.each_file) {
      document_problem(
          made, "Every file of this folder is an item of its own: there is none that a Manifest could describe.");
      return;
    }
    add_document(std::move(made));
    texts_.record.merge_below(described.record);
    return;
  }
  if (described.of_files.empty() || !described.record.origins.empty()) take_record(std::move(described), below);
}

// Of one picture where it is called like that and there are others, else of the folder.
void Look::take_record(readers::Described described, const std::string& below) {
  const auto own = companion_of_.find(below);
  const bool of_picture =
      own != companion_of_.end() && (reading_.context->info.each_file || reading_.plan.canvases.size() > 1);
  link_source(described.record, described, below);
  iiif::Description& target = of_picture ? texts_.records[own->second->stem] : texts_.record;
  if (!target.see_also.empty()) target.see_also.push_back(described.record.see_also.back());  // each source is named
  target.merge_below(described.record);
}

void Look::describe(const std::string& below, const readers::Reader& reader, const std::vector<std::string>& files) {
  const std::string path = join(path_, below);
  auto text = owner_.tree_.text(path, readers::kLargestDescription);
  if (!text) {
    problems_.push_back({path, "", std::move(text.error().message)});
    return;
  }
  const auto sibling = [this](const std::string& other) -> base::Result<std::string> {
    if (!reading_.files.contains(other)) return base::fail(base::ErrorCode::not_found, "There is no such file.");
    auto found = owner_.tree_.text(join(path_, other), readers::kLargestSibling);
    if (!found) return found;
    sibling_bytes_ += found->size();
    if (sibling_bytes_ > readers::kMostSiblingBytes)
      return base::fail(base::ErrorCode::resource_limit, "The files that it refers to are too large in all.");
    return found;
  };
  take(reader.read({.name = below,
                    .bytes = *text,
                    .root = xml::sniff(base::as_bytes(std::string_view(*text).substr(0, readers::kHeadBytes))),
                    .crosswalk = *reading_.context->crosswalk,
                    .files = files,
                    .folders = reading_.plan.members,
                    .sibling = sibling}),
       below);
}

void Look::read_descriptions() {
  struct Found {
    const readers::Reader* reader;
    std::string below;
  };
  std::vector<Found> found;
  const auto ask = [&](const std::string& below) {
    const auto head = owner_.tree_.head(join(path_, below), readers::kHeadBytes);
    if (const readers::Reader* reader = head ? readers::reader_of(below, *head) : nullptr)
      found.push_back({reader, below});
  };
  const std::set<std::string> listed(reading_.descriptions.begin(), reading_.descriptions.end());
  for (const std::string& below : reading_.descriptions) ask(below);
  for (const CanvasPlan& plan : reading_.plan.canvases) {
    for (const std::string& companion : plan.companions) {
      companion_of_.emplace(companion, &plan);
      const bool beside = parent_of(companion) == parent_of(plan.pictures.front());
      if (beside && !listed.contains(companion) && readers::may_describe(companion)) ask(companion);
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.reader < b.reader; });
  std::vector<std::string> files;
  if (!found.empty()) files.reserve(reading_.files.size());
  for (const auto& [below, entry] : reading_.files) {
    if (!found.empty()) files.push_back(below);
  }
  for (const Found& one : found) {
    if (!inside_.contains(one.below)) describe(one.below, *one.reader, files);
  }
  // A table of records above speaks of this folder where nothing in it does.
  if (const iiif::Description* said = reading_.context->record()) texts_.record.merge_below(*said);
}

// The local id of the item of a subfolder that a tree names (readers::folder_id); empty where there is none.
std::string Look::item_of_subfolder(std::string_view id) const {
  const std::string prefix = readers::folder_id({});
  if (!id.starts_with(prefix)) return {};
  const auto below = base::percent_decode(id.substr(prefix.size()));
  const auto child = below ? children_.find(join(path_, *below)) : children_.end();
  const auto member = child == children_.end() ? std::nullopt : member_of(child->second);
  if (!member) return {};
  return fmt::format("/iiif/{}/{}", base::encode_segment(member->identifier),
                     member->kind == store::Kind::manifest ? "manifest" : "collection");
}

// Links to files of the folder, now that the items have their identifiers.
void Look::name_own_files() {
  for (catalogue::ManifestChange& manifest : changes_.manifests) {
    name_files(manifest.description, manifest.identifier);
    for (catalogue::Canvas& canvas : manifest.canvases) name_files(canvas.described, manifest.identifier);
  }
  for (catalogue::CollectionChange& collection : changes_.collections)
    name_files(collection.description, collection.identifier);
}

}  // namespace armarium::ingest
