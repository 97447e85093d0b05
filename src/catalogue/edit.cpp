#include "catalogue/edit.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "base/uri.h"
#include "catalogue/documents.h"
#include "iiif/presentation/tree.h"
#include "iiif/presentation/write_3.h"
#include "json/merge_patch.h"

namespace armarium::catalogue {
namespace {

namespace doc = iiif::presentation;
using base::ErrorCode;
using base::Result;
using store::ItemKey;
using store::ItemRow;
using store::Kind;
using store::StatementRow;

const base::Principal kSystem = base::Principal::system();
constexpr std::string_view kWritten = "written";
constexpr std::string_view kFolder = "folder";
// Of a statement: a whole document stands in place of the files'.
constexpr std::string_view kWhole = "whole";
// The patches that lie over the files', one after the other.
constexpr std::string_view kPatches = "patches";

// What a tree says in the words of a description.
Result<iiif::Description> description_of(const json::Object& tree) {
  json::Object said;
  const json::Object in_3 = doc::write_3(tree);
  for (const char* key : {"label", "summary", "metadata", "requiredStatement", "rights", "provider", "navDate",
                          "navPlace", "behavior", "viewingDirection", "homepage", "seeAlso", "rendering"}) {
    if (in_3.contains(key)) said[key] = in_3.at(key);
  }
  std::vector<std::string> ignored;  // the document itself is published as it is
  auto description = iiif::Description::from_json(said, ignored);
  if (description.label.empty())
    return base::fail(ErrorCode::invalid_argument, "label must be a language map with at least one text.");
  return description;
}

std::optional<json::Object> statement_of(const std::vector<StatementRow>& statements, std::string_view origin) {
  const auto found =
      std::find_if(statements.begin(), statements.end(), [&](const StatementRow& one) { return one.origin == origin; });
  if (found == statements.end()) return std::nullopt;
  auto value = json::parse(found->document);
  return value && value->is_object() ? std::optional(std::move(value->get_object())) : std::nullopt;
}

// ---- what the files say, kept below ----------------------------------------------------------------------------------------------

StatementRow below_of(const ItemRow& row, const std::vector<store::CanvasRow>& canvases,
                      const std::vector<ItemKey>& members) {
  json::Array list;
  for (const store::CanvasRow& canvas : canvases) list.emplace_back(json::Array{canvas.identifier, canvas.document});
  json::Array keys;
  for (const ItemKey& key : members) keys.emplace_back(json::Array{static_cast<int>(key.kind), key.identifier});
  const json::Object kept{{"label", row.label},       {"nav_date", row.nav_date},    {"thumbnail", row.thumbnail},
                          {"document", row.document}, {"canvases", std::move(list)}, {"members", std::move(keys)}};
  return {row.key, std::string(kFolder), {}, json::to_text(kept)};
}

void put_back(const json::Object& kept, ItemRow& row, store::Batch& batch) {
  row.label = json::text_of(kept, "label");
  row.nav_date = json::text_of(kept, "nav_date");
  row.thumbnail = json::text_of(kept, "thumbnail");
  row.document = json::text_of(kept, "document");
  if (row.key.kind == Kind::manifest) {
    std::vector<store::CanvasRow> canvases;
    for (const json::Value& one : doc::array_in(kept, "canvases")) {
      const json::Array& pair = one.get_array();
      canvases.push_back({std::string(pair[0].get_string()), std::string(pair[1].get_string())});
    }
    if (row.count != canvases.size()) row.first_page = 0;
    row.count = canvases.size();
    batch.canvases.emplace_back(row.key.identifier, std::move(canvases));
    return;
  }
  std::vector<ItemKey> members;
  for (const json::Value& one : doc::array_in(kept, "members")) {
    const json::Array& pair = one.get_array();
    members.push_back({static_cast<Kind>(pair[0].to_number<int>()), std::string(pair[1].get_string())});
  }
  row.count = members.size();
  batch.members.emplace_back(row.key.identifier, std::move(members));
}

// ---- patches ---------------------------------------------------------------------------------------------------------------------

// The properties of a row under a patch.
Result<iiif::Description> patch_row(ItemRow& row, const json::Object& patch) {
  auto document = item_document_of(row.document);
  if (!document) return base::fail(std::move(document.error()));
  if (!document->tree.empty()) {
    json::Value tree = json::merge_patch(document->tree, patch);
    document->tree = std::move(tree.get_object());
    auto description = description_of(document->tree);
    if (!description) return description;
    document->description = std::move(*description);
  } else {
    const json::Value merged = json::merge_patch(document->description.to_json(), patch);
    auto description = iiif::Description::from_json(merged);
    if (!description) return description;
    document->description = std::move(*description);
    for (const auto& member : patch) document->description.origins[std::string(member.key())] = kWritten;
  }
  row.label = label_text(document->description.label);
  row.nav_date = document->description.nav_date;
  row.document = document_text(document->description, document->ranges, document->tree);
  return std::move(document->description);
}

// ---- documents -------------------------------------------------------------------------------------------------------------------

// The picture of ours that an image service or an image of the tree stands for; empty for those of others.
std::string asset_of(const json::Object& image) {
  constexpr std::string_view kPrefix = "/iiif/image/3/";
  for (const json::Value& service : doc::array_in(image, "service")) {
    const std::string_view id = service.is_object() ? json::text_of(service.get_object(), "id") : std::string_view();
    if (id.starts_with(kPrefix)) return base::percent_decode(id.substr(kPrefix.size())).value_or("");
  }
  return {};
}

void find_assets(const json::Value& value, int depth, std::vector<std::string>& found) {
  if (depth > doc::kDeepestTree) return;
  if (const json::Array* array = value.if_array()) {
    for (const json::Value& item : *array) find_assets(item, depth + 1, found);
  } else if (const json::Object* object = value.if_object()) {
    if (doc::type_of(*object) == "Image") {
      if (std::string name = asset_of(*object); !name.empty()) found.push_back(std::move(name));
      return;
    }
    for (const char* key : {"items", "body", "source"}) {
      if (object->contains(key)) find_assets(object->at(key), depth + 1, found);
    }
  }
}

store::CanvasRow canvas_row(json::Object tree) {
  Canvas canvas;
  const std::string_view id = json::text_of(tree, "id");
  canvas.identifier = base::percent_decode(id.substr(id.rfind('/') + 1)).value_or("");
  if (const json::Value* label = tree.if_contains("label")) {
    if (auto read = iiif::LanguageMap::from_json(*label, "label")) canvas.label = std::move(*read);
  }
  const auto side = [&](std::string_view key) -> std::uint32_t {
    boost::system::error_code failed;
    const json::Value* value = tree.if_contains(key);
    const auto number = value == nullptr ? 0.0 : value->to_number<double>(failed);
    return failed || number < 1 || number > 4e9 ? 0 : static_cast<std::uint32_t>(number);
  };
  canvas.extent = {side("width"), side("height")};
  std::vector<std::string> pictures;
  find_assets(tree, 0, pictures);
  for (std::string& name : pictures) {
    Asset asset;
    asset.identifier = std::move(name);
    canvas.assets.push_back(std::move(asset));
  }
  canvas.tree = std::move(tree);
  return row_of(canvas);
}

// The items of ours that a Collection lists.
std::vector<ItemKey> member_keys(const json::Object& tree) {
  std::vector<ItemKey> keys;
  for (const json::Value& item : doc::array_in(tree, "items")) {
    const std::string_view id = item.is_object() ? json::text_of(item.get_object(), "id") : std::string_view();
    constexpr std::string_view kPrefix = "/iiif/";
    if (!id.starts_with(kPrefix)) continue;
    const std::string_view rest = id.substr(kPrefix.size());
    const std::size_t slash = rest.find('/');
    const std::string_view last = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    const auto identifier = base::percent_decode(rest.substr(0, slash));
    if (!identifier) continue;
    if (last == "manifest") keys.push_back({Kind::manifest, *identifier});
    if (last == "collection") keys.push_back({Kind::collection, *identifier});
  }
  return keys;
}

class Editor {
 public:
  Editor(const Edit& edit, const store::Reader& before) : edit_(edit), before_(before) {}

  Result<EditedRows> run() && {
    auto was = before_.item(edit_.item, kSystem);
    if (!was) return base::fail(std::move(was.error()));
    auto statements = before_.statements(edit_.item);
    if (!statements) return base::fail(std::move(statements.error()));
    was_ = std::move(*was);
    written_ = statement_of(*statements, kWritten);
    for (const StatementRow& statement : *statements) {
      if (statement.origin == kWritten) hangs_in_ = statement.collection;
    }
    below_ = statement_of(*statements, kFolder);
    if (auto met = conditions(); !met) return base::fail(std::move(met.error()));
    auto done = edit_.kind == Edit::Kind::put ? put() : edit_.kind == Edit::Kind::patch ? patch() : remove();
    if (!done) return base::fail(std::move(done.error()));
    store::VersionRow version{.item = edit_.item, .method = edit_.method, .who = edit_.who, .why = edit_.why};
    version.media_type = edit_.media_type;
    version.content = edit_.source;
    out_.batch.versions.push_back(std::move(version));
    return std::move(out_);
  }

 private:
  bool has_files() const { return was_ && was_->folder != store::kNoFolder; }

  // RFC 9110, 13.1.1 and 13.1.2.
  Result<> conditions() const {
    if (was_ && edit_.only_new) return base::fail(ErrorCode::precondition_failed, "There is such an item already.");
    if (!was_ && edit_.must_exist) return base::fail(ErrorCode::precondition_failed, "There is no such item.");
    if (!edit_.seen) return {};
    if (!was_) return base::fail(ErrorCode::precondition_failed, "There is no such item any more.");
    auto revision = document_revision(before_, *was_, kSystem);
    if (!revision) return base::fail(std::move(revision.error()));
    if (std::find(edit_.seen->begin(), edit_.seen->end(), *revision) != edit_.seen->end()) return {};
    return base::fail(ErrorCode::precondition_failed,
                      "The item was changed since you read it; read it again before you change it.");
  }

  // Keeps what the files say before it is written over for the first time.
  Result<> keep_below() {
    if (!has_files() || written_) return {};
    auto canvases = before_.canvases(edit_.item.identifier);
    if (!canvases) return base::fail(std::move(canvases.error()));
    auto members = before_.member_keys(edit_.item.identifier);
    if (!members) return base::fail(std::move(members.error()));
    const bool manifest = edit_.item.kind == Kind::manifest;
    out_.batch.statements.push_back(below_of(*was_, manifest ? *canvases : std::vector<store::CanvasRow>(),
                                             manifest ? std::vector<ItemKey>() : *members));
    return {};
  }

  void write_statement(json::Object content) {
    out_.batch.statements.push_back({edit_.item, std::string(kWritten), was_ ? hangs_in_ : edit_.collection,
                                     json::to_text(json::Value(std::move(content)))});
  }

  Result<> put() {
    json::Object tree = edit_.content;
    auto description = description_of(tree);
    if (!description) return base::fail(std::move(description.error()));
    if (auto kept = keep_below(); !kept) return kept;
    ItemRow row = was_.value_or(ItemRow{.key = edit_.item, .folder = std::string(store::kNoFolder)});
    row.label = label_text(description->label);
    row.nav_date = description->nav_date;
    row.complete = true;
    row.thumbnail.clear();
    if (const json::Array& pictures = doc::array_in(tree, "thumbnail");
        !pictures.empty() && pictures.front().is_object())
      row.thumbnail = asset_of(pictures.front().get_object());
    if (edit_.item.kind == Kind::manifest) {
      put_canvases(tree, row);
    } else {
      std::vector<ItemKey> members = member_keys(tree);
      row.count = doc::array_in(tree, "items").size();
      out_.batch.members.emplace_back(edit_.item.identifier, std::move(members));
    }
    row.document = document_text(*description, {}, tree);
    if (auto named = put_aliases(); !named) return named;
    write_statement({{kWhole, true}});
    return publish(std::move(row), std::move(*description));
  }

  void put_canvases(json::Object& tree, ItemRow& row) {
    std::vector<store::CanvasRow> canvases;
    if (json::Value* items = tree.if_contains("items"); items != nullptr && items->is_array()) {
      for (json::Value& item : items->get_array()) canvases.push_back(canvas_row(std::move(item.get_object())));
    }
    tree.stable_erase("items");
    if (row.count != canvases.size()) row.first_page = 0;  // a new block of numbers
    row.count = canvases.size();
    for (std::size_t i = 0; i < canvases.size() && row.thumbnail.empty(); ++i) {
      const std::vector<std::string> names = assets_in(canvases[i]);
      if (!names.empty()) row.thumbnail = names.front();
    }
    out_.batch.canvases.emplace_back(edit_.item.identifier, std::move(canvases));
  }

  // The ids under which its parts came answer, too.
  Result<> put_aliases() {
    const std::string origin = fmt::format("written:{}:{}", static_cast<int>(edit_.item.kind), edit_.item.identifier);
    auto old = before_.aliases_from(origin);
    if (!old) return base::fail(std::move(old.error()));
    for (const store::AliasRow& alias : *old) {
      const bool stays =
          std::any_of(edit_.ids.begin(), edit_.ids.end(), [&](const auto& one) { return one.first == alias.alias; });
      if (!stays) out_.batch.removed_aliases.push_back(alias.alias);
    }
    for (const auto& [outside, identifier] : edit_.ids) out_.batch.aliases.push_back({outside, identifier, origin});
    return {};
  }

  Result<> patch() {
    if (!was_) return missing();
    if (auto checked = check_patch(edit_.content); !checked) return checked;
    if (auto kept = keep_below(); !kept) return kept;
    ItemRow row = *was_;
    auto description = patch_row(row, edit_.content);
    if (!description) return base::fail(std::move(description.error()));
    if (!written_ || written_->contains(kPatches)) {
      json::Array patches = written_ ? doc::array_in(*written_, kPatches) : json::Array();
      patches.emplace_back(edit_.content);
      write_statement({{kPatches, std::move(patches)}});
    }
    return publish(std::move(row), std::move(*description));
  }

  Result<> remove() {
    if (!was_) return missing();
    if (!has_files()) {
      out_.batch.removed_statements.emplace_back(edit_.item, kWritten);
      if (auto named = put_aliases(); !named) return named;
      out_.removed.push_back(edit_.item);
      return leave_collections();
    }
    if (!written_ || !below_) {
      return base::fail(
          ErrorCode::conflict,
          "This item comes from files: remove them, or say `publish: false` beside them. Nothing was written "
          "over it that could be taken away.");
    }
    ItemRow row = *was_;
    put_back(*below_, row, out_.batch);
    auto document = item_document_of(row.document);
    if (!document) return base::fail(std::move(document.error()));
    for (const std::string_view origin : {kWritten, kFolder})
      out_.batch.removed_statements.emplace_back(edit_.item, origin);
    if (auto named = put_aliases(); !named) return named;
    out_.rows.push_back({std::move(row), was_, true, std::move(document->description)});
    return {};
  }

  Result<> missing() const {
    auto gone = before_.is_gone(edit_.item);
    if (!gone) return base::fail(std::move(gone.error()));
    if (*gone) return base::fail(ErrorCode::gone, "This item was deleted.");
    return base::fail(ErrorCode::not_found, "There is no such item.");
  }

  Result<> publish(ItemRow row, iiif::Description description) {
    if (!was_) {
      out_.batch.not_gone.push_back(edit_.item);
      if (auto listed = join(); !listed) return listed;
    }
    out_.rows.push_back({std::move(row), was_, true, std::move(description)});
    return {};
  }

  // A collection row that lists other members now.
  Result<> relist(const ItemRow& collection, std::vector<ItemKey> members) {
    auto document = item_document_of(collection.document);
    if (!document) return base::fail(std::move(document.error()));
    ItemRow row = collection;
    row.count = members.size();
    out_.batch.members.emplace_back(row.key.identifier, std::move(members));
    out_.rows.push_back({std::move(row), collection, true, std::move(document->description)});
    return {};
  }

  // A new item hangs in a collection from its first day.
  Result<> join() {
    auto collection = before_.item({Kind::collection, edit_.collection}, kSystem);
    if (!collection) return base::fail(std::move(collection.error()));
    if (!*collection) return base::fail(ErrorCode::not_found, "There is no such collection to put the item into.");
    auto members = before_.member_keys(edit_.collection);
    if (!members) return base::fail(std::move(members.error()));
    if (std::find(members->begin(), members->end(), edit_.item) != members->end()) return {};
    members->push_back(edit_.item);
    return relist(**collection, std::move(*members));
  }

  Result<> leave_collections() {
    auto holders = before_.holders(edit_.item, kSystem);
    if (!holders) return base::fail(std::move(holders.error()));
    for (const ItemRow& holder : *holders) {
      auto members = before_.member_keys(holder.key.identifier);
      if (!members) return base::fail(std::move(members.error()));
      std::erase(*members, edit_.item);
      if (auto listed = relist(holder, std::move(*members)); !listed) return listed;
    }
    return {};
  }

  const Edit& edit_;
  const store::Reader& before_;
  std::optional<ItemRow> was_;
  std::optional<json::Object> written_;
  std::optional<json::Object> below_;
  std::string hangs_in_;  // the collection of the statement that is there
  EditedRows out_;
};

}  // namespace

Result<> check_patch(const json::Object& patch) {
  for (const char* key : {"id", "@id", "type", "@type", "@context", "items", "structures", "@origins"}) {
    if (patch.contains(key)) {
      return base::fail(
          ErrorCode::invalid_argument,
          fmt::format("A patch changes properties such as label or metadata; {} is changed by sending the "
                      "whole document with PUT.",
                      key));
    }
  }
  return {};
}

Result<EditedRows> edit_rows(const Edit& edit, const store::Reader& before) { return Editor(edit, before).run(); }

Result<store::Revision> document_revision(const store::Reader& reader, const ItemRow& row, const base::Principal& who) {
  store::Revision revision = row.revision;
  auto holders = reader.holders(row.key, who);
  if (!holders) return base::fail(std::move(holders.error()));
  for (const ItemRow& holder : *holders) revision = std::max(revision, holder.face_revision);
  if (row.key.kind != Kind::collection) return revision;
  auto summary = reader.member_summary(row.key.identifier, who);
  if (!summary) return base::fail(std::move(summary.error()));
  return std::max(revision, summary->face_revision);
}

Result<Overlay> lay_over(const store::Reader& before, ItemRow& row, const std::vector<store::CanvasRow>& canvases,
                         const std::vector<ItemKey>& members) {
  Overlay out;
  auto statements = before.statements(row.key);
  if (!statements) return base::fail(std::move(statements.error()));
  const auto written = statement_of(*statements, kWritten);
  if (!written) return out;
  StatementRow below = below_of(row, canvases, members);
  if (std::find(statements->begin(), statements->end(), below) == statements->end()) out.below = std::move(below);
  if (written->contains(kPatches)) {
    for (const json::Value& patch : doc::array_in(*written, kPatches)) {
      // What the files say now may no longer fit a patch: then they win, and it waits.
      ItemRow patched = row;
      if (patch.is_object() && patch_row(patched, patch.get_object())) row = std::move(patched);
    }
    return out;
  }
  auto was = before.item(row.key, kSystem);
  if (!was) return base::fail(std::move(was.error()));
  if (!*was) return out;
  out.keep_rows = true;
  row.label = (*was)->label;
  row.nav_date = (*was)->nav_date;
  row.thumbnail = (*was)->thumbnail;
  row.document = (*was)->document;
  row.count = (*was)->count;
  row.first_page = (*was)->first_page;
  return out;
}

}  // namespace armarium::catalogue
