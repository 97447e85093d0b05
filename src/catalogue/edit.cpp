#include "catalogue/edit.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include <fmt/format.h>

#include "base/log.h"
#include "catalogue/documents.h"
#include "catalogue/parts.h"
#include "catalogue/patches.h"
#include "catalogue/written.h"
#include "iiif/presentation/tree.h"

namespace armarium::catalogue {
namespace {

using base::ErrorCode;
using base::Result;
using store::ItemKey;
using store::ItemRow;
using store::Kind;

const base::Principal kSystem = base::Principal::system();

// The item whose aliases_origin() this is.
std::optional<ItemKey> item_of_origin(std::string_view origin) {
  for (const Kind kind : {Kind::manifest, Kind::collection}) {
    const std::string begin = aliases_origin({kind, ""});
    if (origin.starts_with(begin)) return ItemKey{kind, std::string(origin.substr(begin.size()))};
  }
  return std::nullopt;
}

class Editor {
 public:
  Editor(const Edit& edit, const store::Reader& before) : edit_(edit), before_(before) {}

  Result<EditedRows> run() && {
    auto was = before_.item(edit_.item, kSystem);
    if (!was) return base::fail(std::move(was.error()));
    auto said = statements_of(before_, edit_.item);
    if (!said) return base::fail(std::move(said.error()));
    was_ = std::move(*was);
    said_ = std::move(*said);
    if (auto met = conditions(); !met) return base::fail(std::move(met.error()));
    Result<> done;
    switch (edit_.kind) {
      case Edit::Kind::put: done = put(); break;
      case Edit::Kind::patch: done = patch(); break;
      case Edit::Kind::patches: done = patches(); break;
      case Edit::Kind::remove: done = remove(); break;
    }
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
    if (!has_files() || said_.written) return {};
    auto canvases = before_.canvases(edit_.item.identifier);
    if (!canvases) return base::fail(std::move(canvases.error()));
    auto members = before_.member_keys(edit_.item.identifier);
    if (!members) return base::fail(std::move(members.error()));
    const bool manifest = edit_.item.kind == Kind::manifest;
    out_.batch.statements.push_back(below_of(*was_, manifest ? *canvases : std::vector<store::CanvasRow>(),
                                             manifest ? std::vector<ItemKey>() : *members));
    return {};
  }

  Result<> write_statement(Written written) {
    written.collection = was_ && said_.written ? said_.written->collection : edit_.collection;
    store::StatementRow row = statement_row(edit_.item, written);
    if (auto checked = check_statement(row); !checked) return checked;
    out_.batch.statements.push_back(std::move(row));
    return {};
  }

  Result<> put() {
    if (auto kept = keep_below(); !kept) return kept;
    ItemRow row = was_.value_or(ItemRow{.key = edit_.item, .folder = std::string(store::kNoFolder)});
    auto rows = lay_out(edit_.content, row);
    if (!rows) return base::fail(std::move(rows.error()));
    iiif::Description description = std::move(rows->description);
    std::move(*rows).put_into(out_.batch, edit_.item);
    if (auto named = put_aliases(); !named) return named;
    if (auto written = write_statement({.whole = true}); !written) return written;
    return publish(std::move(row), std::move(description));
  }

  // Ids by which something else answers stay there, as where a document in a folder has them.
  Result<bool> is_anothers(const std::string& outside, const std::string& identifier, std::string_view origin) const {
    auto alias = before_.alias(outside);
    if (!alias) return base::fail(std::move(alias.error()));
    if (!*alias || (*alias)->origin == origin || (*alias)->identifier == identifier) return false;
    const auto other = item_of_origin((*alias)->origin);
    if (!other) return true;
    auto row = before_.item(*other, kSystem);
    if (!row) return base::fail(std::move(row.error()));
    if (*row) return true;
    auto said = before_.statements(*other);
    if (!said) return base::fail(std::move(said.error()));
    return !said->empty();
  }

  Result<> add_aliases(const std::unordered_set<std::string_view>& known) {
    const std::string origin = aliases_origin(edit_.item);
    std::size_t elsewhere = 0;
    for (const auto& [outside, identifier] : edit_.ids) {
      auto anothers = known.contains(outside) ? Result<bool>(false) : is_anothers(outside, identifier, origin);
      if (!anothers) return base::fail(std::move(anothers.error()));
      if (*anothers && ++elsewhere == 1)
        base::log::warning("{}: the id {} leads elsewhere already, and so it stays.", edit_.item.identifier, outside);
      if (!*anothers) out_.batch.aliases.push_back({outside, identifier, origin});
    }
    if (elsewhere > 1) base::log::warning("{}: so do {} more of its ids.", edit_.item.identifier, elsewhere - 1);
    return {};
  }

  // The ids under which its parts came answer, too.
  Result<> put_aliases() {
    auto old = before_.aliases_from(aliases_origin(edit_.item));
    if (!old) return base::fail(std::move(old.error()));
    std::unordered_set<std::string_view> now;
    for (const auto& [outside, identifier] : edit_.ids) now.insert(outside);
    std::unordered_set<std::string_view> known;
    for (const store::AliasRow& alias : *old) {
      known.insert(alias.alias);
      if (!now.contains(alias.alias)) out_.batch.removed_aliases.push_back(alias.alias);
    }
    return add_aliases(known);
  }

  Result<> patch() {
    if (!was_) return missing();
    if (auto checked = check_patch(edit_.content); !checked) return checked;
    if (auto kept = keep_below(); !kept) return kept;
    ItemRow row = *was_;
    auto description = patch_row(row, edit_.content);
    if (!description) return base::fail(std::move(description.error()));
    if (auto parts = patch_parts({edit_.content}); !parts) return parts;
    if (auto named = add_aliases({}); !named) return named;
    if (!said_.written || !said_.written->whole) {
      Written written = said_.written.value_or(Written());
      written.patches = folded(written.patches);
      add_patch(written.patches, edit_.content);
      if (auto kept = write_statement(std::move(written)); !kept) return kept;
    }
    return publish(std::move(row), std::move(*description));
  }

  // Canvases that patches are about, over those that are published, or were just put back.
  Result<> patch_parts(const json::Array& patches) {
    const auto about = [](const json::Value& one) { return one.is_object() && !parts_of(one.get_object()).empty(); };
    if (edit_.item.kind != Kind::manifest || std::none_of(patches.begin(), patches.end(), about)) return {};
    if (out_.batch.canvases.empty()) {
      auto canvases = before_.canvases(edit_.item.identifier);
      if (!canvases) return base::fail(std::move(canvases.error()));
      out_.batch.canvases.emplace_back(edit_.item.identifier, std::move(*canvases));
    }
    for (const json::Value& one : patches) {
      if (about(one)) patch_canvases(one.get_object(), out_.batch.canvases.back().second);
    }
    return {};
  }

  Result<> patches() {
    if (!was_) return missing();
    if (!has_files())
      return base::fail(ErrorCode::conflict, "This item has no files that single properties could lie over.");
    if (auto kept = keep_below(); !kept) return kept;
    ItemRow row = *was_;
    if (said_.below) put_back(*said_.below, row, out_.batch);
    Written written;
    iiif::Description description;
    for (const json::Value& one : folded(iiif::presentation::array_in(edit_.content, "patches"))) {
      if (!one.is_object()) continue;
      if (auto checked = check_patch(one.get_object()); !checked) return checked;
      auto patched = patch_row(row, one.get_object());
      if (!patched) return base::fail(std::move(patched.error()));
      description = std::move(*patched);
      written.patches.push_back(one);
    }
    if (auto parts = patch_parts(written.patches); !parts) return parts;
    if (auto named = put_aliases(); !named) return named;
    if (auto kept = write_statement(std::move(written)); !kept) return kept;
    return publish(std::move(row), std::move(description));
  }

  Result<> remove() {
    if (!was_) return missing();
    if (!has_files()) {
      out_.batch.removed_statements.emplace_back(edit_.item, std::string(kWritten));
      if (auto named = put_aliases(); !named) return named;
      out_.removed.push_back(edit_.item);
      return leave_collections();
    }
    if (!said_.written || !said_.below) {
      return base::fail(
          ErrorCode::conflict,
          "This item comes from files: remove them, or say `publish: false` beside them. Nothing was written "
          "over it that could be taken away.");
    }
    ItemRow row = *was_;
    put_back(*said_.below, row, out_.batch);
    auto document = item_document_of(row.document);
    if (!document) return base::fail(std::move(document.error()));
    for (const std::string_view origin : {kWritten, kFolder})
      out_.batch.removed_statements.emplace_back(edit_.item, std::string(origin));
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
  Statements said_;
  EditedRows out_;
};

}  // namespace

Result<> check_patch(const json::Object& patch) {
  if (const json::Value* parts = patch.if_contains(kParts); parts != nullptr) {
    if (auto checked = check_parts(*parts); !checked) return checked;
  }
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

}  // namespace armarium::catalogue
