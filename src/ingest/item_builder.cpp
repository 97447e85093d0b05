#include "ingest/item_builder.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "ingest/embedded.h"
#include "ingest/identifiers.h"

namespace armarium::ingest {
namespace {

using catalogue::Asset;
using catalogue::AssetState;
using catalogue::Canvas;
using catalogue::ManifestChange;

constexpr image::Size kUnknownExtent{1000, 1000};

// A name as people read it: bytes that are no text as identifiers spell them.
std::string readable(std::string_view name) {
  std::string out = segment_of(name);
  for (const auto& [escape, sign] : {std::pair{"=7E", "~"}, std::pair{"=3D", "="}}) {
    for (std::size_t at = out.find(escape); at != std::string::npos; at = out.find(escape, at + 1))
      out.replace(at, 3, sign);
  }
  return out;
}

iiif::SizeLimits limits_of(const FolderContext& context) {
  for (const FolderContext* at = &context; at != nullptr; at = at->parent.get()) {
    const iiif::SizeLimits& limits = at->info.limits;
    if (limits.max_width || limits.max_height || limits.max_area) return limits;
  }
  return {};
}

class Builder {
 public:
  Builder(const Reading& reading, const FactsMap& facts, const Texts& texts, bool outline)
      : reading_(reading),
        facts_(facts),
        texts_(texts.infos),
        notes_(texts.annotations),
        records_(texts.records),
        outline_(outline) {
    for (const std::string& member : reading.plan.members) {
      folders_.insert(folder_identifier(join(reading.path, member)));
    }
    taken_ = folders_;
  }
  Built build() &&;
  std::optional<Asset> own_thumbnail();

 private:
  void annotate(const CanvasPlan& plan, Canvas& canvas);
  std::string place(const std::string& below, const json::Object& painting, Canvas& canvas) const;
  void fit_extent(const CanvasPlan& plan, Canvas& canvas) const;
  iiif::Description file_description(const CanvasPlan& plan) const;
  json::Object said_of(const CanvasPlan& plan) const;
  std::string asset_identifier(const std::string& below);
  Asset asset(const std::string& below, const std::string& identifier, const FileFacts& facts,
              std::uint32_t page) const;
  void canvases(const CanvasPlan& plan, const iiif::Description& description, bool alone, ManifestChange& manifest);
  void fill_extents(ManifestChange& manifest) const;
  void each_file();
  void one_manifest();
  void thumbnail(ManifestChange& manifest);
  const FileFacts* facts_for(const std::string& below) const {
    const auto found = facts_.find(below);
    return found == facts_.end() ? nullptr : &found->second;
  }

  const Reading& reading_;
  const FactsMap& facts_;
  const std::map<std::string, Info>& texts_;
  const std::map<std::string, CanvasAnnotation>& notes_;
  const std::map<std::string, iiif::Description>& records_;
  bool outline_;
  std::unordered_set<std::string> folders_;  // identifiers of the folders in this one
  std::unordered_set<std::string> taken_;    // identifiers that are in use in this folder
  Built built_;
};

// What is said of one file: name.yml, metadata.csv, what it carries, its name.
iiif::Description Builder::file_description(const CanvasPlan& plan) const {
  iiif::Description description;
  if (const auto text = texts_.find(plan.description); text != texts_.end()) description = text->second.description;
  for (const std::string& picture : plan.pictures) {
    if (const MetadataRow* row = reading_.context->row(join(reading_.path, picture)))
      description.merge_below(row->description);
  }
  if (const auto record = records_.find(plan.stem); record != records_.end()) description.merge_below(record->second);
  if (const FileFacts* facts = facts_for(plan.pictures.front())) {
    const bool all = reading_.context->embedded_all;
    const Crosswalk& crosswalk = *reading_.context->crosswalk;
    // What info.yml or metadata.csv says of the metadata stands in place of what is shown anyhow; what was asked for by `embedded: all` comes in any case.
    description.merge_below(publish_embedded(crosswalk, facts->embedded, {}));
    if (all) {
      iiif::Description others = publish_embedded(crosswalk, {}, facts->others);
      description.metadata.insert(description.metadata.end(), others.metadata.begin(), others.metadata.end());
    }
  }
  iiif::Description name;
  name.label = iiif::LanguageMap::none(readable(plan.stem));
  name.origins["label"] = "file name";
  description.merge_below(name);
  return description;
}

// What name.yml says of the Canvas besides its label, date and behavior, which have places of their own. What a picture carries is not said of its page.
json::Object Builder::said_of(const CanvasPlan& plan) const {
  const auto text = texts_.find(plan.description);
  const auto record = records_.find(plan.stem);
  if (text == texts_.end() && record == records_.end()) return {};
  iiif::Description said;
  if (text != texts_.end()) said = text->second.description;
  if (record != records_.end()) said.merge_below(record->second);
  said.label = {};
  said.nav_date.clear();
  said.behavior.clear();
  said.viewing_direction.clear();  // of Manifests, Collections and Ranges only: 3.0, 3.2
  said.language.clear();
  said.more.clear();
  said.origins.clear();
  return std::move(said.to_json().get_object());
}

std::string Builder::asset_identifier(const std::string& below) {
  const std::string path = join(reading_.path, below);
  std::string identifier = file_identifier(path);
  if (taken_.insert(identifier).second) return identifier;
  identifier = full_file_identifier(path);
  taken_.insert(identifier);
  return identifier;
}

Asset Builder::asset(const std::string& below, const std::string& identifier, const FileFacts& facts,
                     std::uint32_t page) const {
  Asset asset;
  asset.identifier = identifier;
  asset.path = join(reading_.path, below);
  asset.page = page;
  asset.format = facts.format;
  asset.media_type = facts.media_type;
  asset.version = facts.version;
  asset.problem = facts.problem;
  asset.limits = limits_of(*reading_.context);
  asset.whole_file = reading_.context->embedded_all;
  asset.state = facts.state == FileState::ready ? AssetState::ready : AssetState::damaged;
  if (page < facts.pages.size()) {
    const PageFacts& found = facts.pages[page];
    asset.size = found.size;
    asset.has_colour = found.has_colour;
    asset.bitonal = found.bitonal;
    asset.tile = found.tile;
    asset.stored_levels = found.levels;
  }
  return asset;
}

// A text that paints: a picture of the folder in its place, a text, or a picture elsewhere. Pictures that no text places are painted anyhow. Gives what is wrong
// with it, or nothing.
std::string Builder::place(const std::string& below, const json::Object& painting, Canvas& canvas) const {
  const std::string value(json::text_of(painting, "value"));
  const std::string path = join(reading_.path, join(parent_of(below), value));
  const bool is_here =
      std::any_of(canvas.assets.begin(), canvas.assets.end(), [&](const Asset& asset) { return asset.path == path; });
  json::Object placed = painting;
  if (is_here) {
    if (!painting.contains("xywh")) return {};
    const auto asset = std::find_if(canvas.assets.begin(), canvas.assets.end(),
                                    [&](const Asset& candidate) { return candidate.path == path; });
    placed["asset"] = asset->identifier;
    placed.erase("value");
    placed.erase("format");
  } else if (!value.empty() && value.find_first_of(" \n") == std::string::npos && kind_of(value) == NameKind::picture) {
    return "The picture that value names is not among those that are shown from this folder.";
  }
  canvas.annotations.emplace_back(std::move(placed));
  return {};
}

// What biiif's texts say of a canvas.
void Builder::annotate(const CanvasPlan& plan, Canvas& canvas) {
  for (const std::string& below : plan.annotations) {
    const auto text = notes_.find(below);
    if (text == notes_.end()) continue;
    for (const TextProblem& problem : text->second.problems) {
      built_.problems.push_back(
          {join(reading_.path, below), problem.line > 0 ? fmt::format("line {}", problem.line) : "", problem.reason});
    }
    const json::Object* annotation = text->second.annotation.if_object();
    if (annotation == nullptr) continue;
    if (json::text_of(*annotation, "motivation") != "painting") {
      canvas.annotations.emplace_back(*annotation);
    } else if (std::string wrong = place(below, *annotation, canvas); !wrong.empty()) {
      built_.problems.push_back({join(reading_.path, below), "", std::move(wrong)});
    }
  }
}

// biiif: a canvas is as wide and as high as info.yml says, or as its widest and its highest picture.
void Builder::fit_extent(const CanvasPlan& plan, Canvas& canvas) const {
  const auto text = texts_.find(plan.description);
  const image::Size said = text == texts_.end()
                               ? image::Size{}
                               : image::Size{text->second.width.value_or(0), text->second.height.value_or(0)};
  const bool places = std::any_of(canvas.annotations.begin(), canvas.annotations.end(),
                                  [](const json::Value& note) { return note.get_object().contains("asset"); });
  if (!places && said.width == 0 && said.height == 0) return;
  canvas.extent = said;
  for (const Asset& asset : canvas.assets) {
    canvas.extent.width = std::max(canvas.extent.width, asset.size.width);
    canvas.extent.height = std::max(canvas.extent.height, asset.size.height);
  }
}

// The canvases of one base name: one, or one for each page of its first file.
void Builder::canvases(const CanvasPlan& plan, const iiif::Description& description, bool alone,
                       ManifestChange& manifest) {
  const FileFacts* shown = facts_for(plan.pictures.front());
  if (shown == nullptr || shown->state == FileState::no_picture) return;
  const std::string identifier = asset_identifier(plan.pictures.front());
  const std::string rights = !description.rights.empty() ? description.rights : manifest.description.rights;
  const auto label_from = description.origins.find("label");
  const bool labelled =
      label_from != description.origins.end() && label_from->second != "file name" && label_from->second != "embedded";
  if (labelled) built_.labelled.insert(identifier);
  if (shown->state != FileState::ready || shown->pages.empty()) {
    Canvas canvas{.identifier = identifier,
                  .label = description.label,
                  .extent = {},
                  .assets = {},
                  .behavior = {},
                  .nav_date = {}};
    if (!alone) canvas.described = said_of(plan);
    manifest.canvases.push_back(std::move(canvas));
    manifest.more_assets.push_back(asset(plan.pictures.front(), identifier, *shown, 0));
    return;
  }
  const auto pages = static_cast<std::uint32_t>(shown->pages.size());
  for (std::uint32_t page = 0; page < pages; ++page) {
    Canvas canvas;
    canvas.identifier = pages == 1 ? identifier : page_identifier(identifier, page + 1);
    canvas.label = description.label;
    if (pages > 1)
      canvas.label = iiif::LanguageMap::none(alone ? fmt::format("{}", page + 1)
                                                   : fmt::format("{}, {}", readable(plan.stem), page + 1));
    canvas.behavior = description.behavior;
    canvas.nav_date = alone ? std::string() : description.nav_date;
    if (!alone && pages == 1) canvas.described = said_of(plan);
    Asset painted = asset(plan.pictures.front(), canvas.identifier, *shown, page);
    painted.rights = rights;
    canvas.extent = painted.size;
    canvas.assets.push_back(std::move(painted));
    if (page == 0 && pages > 1) annotate(plan, canvas);
    manifest.canvases.push_back(std::move(canvas));
  }
  // The file's own identifier means its first page; the other way round the catalogue knows by itself.
  if (pages > 1) built_.aliases.push_back({identifier, page_identifier(identifier, 1), "page"});
  if (pages > 1) return;
  for (std::size_t i = 1; i < plan.pictures.size(); ++i) {  // further formats of the same page
    const FileFacts* facts = facts_for(plan.pictures[i]);
    if (facts == nullptr || facts->state != FileState::ready || facts->pages.size() != 1) continue;
    Asset other = asset(plan.pictures[i], asset_identifier(plan.pictures[i]), *facts, 0);
    other.rights = rights;
    manifest.canvases.back().assets.push_back(std::move(other));
  }
  annotate(plan, manifest.canvases.back());
  fit_extent(plan, manifest.canvases.back());
}

// A canvas always has an extent: its neighbour's where its own cannot be read.
void Builder::fill_extents(ManifestChange& manifest) const {
  image::Size last{};
  for (Canvas& canvas : manifest.canvases) {
    if (canvas.extent.empty()) canvas.extent = last;
    last = canvas.extent;
  }
  for (auto canvas = manifest.canvases.rbegin(); canvas != manifest.canvases.rend(); ++canvas) {
    if (canvas->extent.empty()) canvas->extent = last.empty() ? kUnknownExtent : last;
    last = canvas->extent;
  }
}

std::optional<Asset> Builder::own_thumbnail() {
  const std::string& file = reading_.plan.thumbnail;
  const FileFacts* facts = file.empty() ? nullptr : facts_for(file);
  if (facts == nullptr || facts->state != FileState::ready || facts->pages.empty()) return std::nullopt;
  return asset(file, asset_identifier(file), *facts, 0);
}

void Builder::thumbnail(ManifestChange& manifest) {
  auto own = own_thumbnail();
  if (!own) return;
  manifest.thumbnail = own->identifier;
  manifest.more_assets.push_back(std::move(*own));
}

void Builder::each_file() {
  const iiif::Description& folder = reading_.context->info.description;
  for (const CanvasPlan& plan : reading_.plan.canvases) {
    const auto text = texts_.find(plan.description);
    if (text != texts_.end() && !text->second.publish) continue;
    const FileFacts* facts = facts_for(plan.pictures.front());
    if (facts != nullptr && facts->state == FileState::no_picture) continue;
    ManifestChange manifest;
    manifest.folder = reading_.path;
    manifest.description = file_description(plan);
    // What holds for all files of the folder is said once, at the folder.
    if (manifest.description.rights.empty()) manifest.description.rights = folder.rights;
    if (manifest.description.required_statement.empty())
      manifest.description.required_statement = folder.required_statement;
    if (manifest.description.provider.empty()) manifest.description.provider = folder.provider;
    manifest.outline = outline_ && facts == nullptr;  // what is known already need not wait for the others
    manifest.outline_count = 1;
    if (!manifest.outline) canvases(plan, manifest.description, true, manifest);
    const std::string path = join(reading_.path, plan.pictures.front());
    std::string identifier = file_identifier(path);
    if (folders_.contains(identifier)) identifier = full_file_identifier(path);
    const MetadataRow* row = reading_.context->row(path);
    std::string wished = text != texts_.end() ? text->second.id : std::string();
    if (wished.empty() && row != nullptr) wished = row->id;
    manifest.identifier = wished.empty() ? identifier : wished;
    if (manifest.identifier != identifier) built_.aliases.push_back({identifier, manifest.identifier, "id"});
    fill_extents(manifest);
    built_.manifests.push_back(std::move(manifest));
  }
}

void Builder::one_manifest() {
  ManifestChange manifest;
  manifest.identifier = manifest_identifier(reading_);
  manifest.folder = reading_.path;
  manifest.ranges = reading_.context->info.ranges;
  manifest.outline = outline_;
  manifest.outline_count = reading_.plan.canvases.size();
  manifest.description.rights = reading_.context->info.description.rights;
  const bool alone = reading_.plan.canvases.size() == 1;
  for (const CanvasPlan& plan : reading_.plan.canvases) {
    const auto text = texts_.find(plan.description);
    if (text != texts_.end() && !text->second.publish) continue;
    if (!outline_) canvases(plan, file_description(plan), alone, manifest);
  }
  if (!outline_ && manifest.canvases.empty()) return;
  fill_extents(manifest);
  thumbnail(manifest);
  built_.manifests.push_back(std::move(manifest));
}

Built Builder::build() && {
  if (reading_.plan.canvases.empty()) return std::move(built_);
  if (reading_.context->info.each_file) {
    each_file();
  } else {
    one_manifest();
  }
  for (const auto& [below, facts] : facts_) {
    if (!facts.problem.empty() && facts.state != FileState::no_picture) {
      built_.problems.push_back({join(reading_.path, below), "", facts.problem});
    }
  }
  for (const auto& [below, text] : texts_) {
    for (const TextProblem& problem : text.problems) {
      built_.problems.push_back(
          {join(reading_.path, below), problem.line > 0 ? fmt::format("line {}", problem.line) : "", problem.reason});
    }
  }
  return std::move(built_);
}

}  // namespace

Built build_manifests(const Reading& reading, const FactsMap& facts, const Texts& texts, bool outline) {
  return Builder(reading, facts, texts, outline).build();
}

std::optional<Asset> folder_thumbnail(const Reading& reading, const FactsMap& facts) {
  const Texts none;
  return Builder(reading, facts, none, false).own_thumbnail();
}

std::string collection_identifier(const Reading& reading) {
  if (reading.path.empty()) return {};
  if (!reading.context->info.id.empty()) return reading.context->info.id;
  const MetadataRow* row = reading.context->row(reading.path);
  if (row != nullptr && !row->id.empty()) return row->id;
  return folder_identifier(reading.path);
}

std::string manifest_identifier(const Reading& reading) {
  return reading.path.empty() ? std::string(kRootManifest) : collection_identifier(reading);
}

iiif::Description written_description(const Reading& reading) {
  iiif::Description description = reading.context->info.description;
  if (const MetadataRow* row = reading.path.empty() ? nullptr : reading.context->row(reading.path))
    description.merge_below(row->description);
  if (!reading.context->linked.empty()) description.more["linkedManifests"] = reading.context->linked;
  return description;
}

iiif::Description folder_description(const Reading& reading, const iiif::Description& record,
                                     std::string_view root_name) {
  iiif::Description description = written_description(reading);
  description.merge_below(record);
  iiif::Description name;
  name.label = iiif::LanguageMap::none(readable(reading.path.empty() ? root_name : name_of(reading.path)));
  name.origins["label"] = "file name";
  description.merge_below(name);
  return description;
}

}  // namespace armarium::ingest
