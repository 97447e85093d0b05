#include "catalogue/overlay.h"

#include <algorithm>

#include "base/uri.h"
#include "catalogue/documents.h"
#include "catalogue/parts.h"
#include "catalogue/written.h"
#include "iiif/presentation/tree.h"

namespace armarium::catalogue {
namespace {

namespace doc = iiif::presentation;
using base::Result;
using store::ItemKey;
using store::ItemRow;

// Encoded or not: what follows the name of an item says that something belongs to it.
constexpr std::string_view kBelongs = "~=";

std::string moved(std::string_view name, std::string_view from, std::string_view to) {
  const bool is_it = name.starts_with(from) &&
                     (name.size() == from.size() || kBelongs.find(name[from.size()]) != std::string_view::npos);
  return is_it ? std::string(to) + std::string(name.substr(from.size())) : std::string(name);
}

void move_ids(json::Object& tree, const ItemKey& from, const ItemKey& to) {
  doc::each_id(tree, [&](json::Value& id) { id = moved_id(id.get_string(), from.identifier, to.identifier); });
}

// Everything that hangs on the name of an item gets the new one.
Result<> follow(const store::Reader& before, const ItemKey& from, const ItemKey& to, store::Batch& batch) {
  for (const std::string_view origin : {kWritten, kFolder})
    batch.removed_statements.emplace_back(from, std::string(origin));
  batch.moved_versions.emplace_back(from, to);
  auto aliases = before.aliases_from(aliases_origin(from));
  if (!aliases) return base::fail(std::move(aliases.error()));
  for (const store::AliasRow& alias : *aliases) {
    batch.aliases.push_back(
        {alias.alias, moved_identifier(alias.identifier, from.identifier, to.identifier), aliases_origin(to)});
  }
  return {};
}

// The document that stands in place of the files: as it was put away, or as it is published where the files were.
Result<json::Object> document_over(const store::Reader& before, const Written& written, const ItemKey& where) {
  if (!written.document.empty()) return written.document;
  auto row = before.item(where, base::Principal::system());
  if (!row) return base::fail(std::move(row.error()));
  if (!*row) return json::Object();
  return document_of(before, **row);
}

}  // namespace

std::string moved_identifier(std::string_view identifier, std::string_view from, std::string_view to) {
  return moved(identifier, from, to);
}

std::string moved_id(std::string_view id, std::string_view from, std::string_view to) {
  std::string_view prefix;
  for (const std::string_view known : {"/iiif/canvas/", "/iiif/range/", "/iiif/page/", "/iiif/annotation/",
                                       "/iiif/image/3/", "/iiif/image/2/", "/item/", "/media/", "/text/"}) {
    if (id.starts_with(known)) prefix = known;
  }
  const bool named = id.ends_with("/manifest") || (id.ends_with("/collection") && id != "/iiif/collection");
  if (prefix.empty() && named && id.starts_with("/iiif/")) prefix = "/iiif/";
  if (prefix.empty()) return std::string(id);
  const std::size_t end = std::min(id.find_first_of("/#?", prefix.size()), id.size());
  const std::string_view name = id.substr(prefix.size(), end - prefix.size());
  return std::string(prefix) + moved(name, base::encode_segment(from), base::encode_segment(to)) +
         std::string(id.substr(end));
}

namespace {

// Patches over what the files say. One that does not fit them any more waits: then they win.
Result<> lay_patches(Written& written, const ItemKey* moved_from, ItemRow& row, std::vector<store::CanvasRow>& canvases,
                     Overlay& out) {
  for (json::Value& patch : written.patches) {
    if (!patch.is_object()) continue;
    if (moved_from != nullptr) {
      move_ids(patch.get_object(), *moved_from, row.key);
      move_parts(patch.get_object(), moved_from->identifier, row.key.identifier);
    }
    ItemRow patched = row;
    auto description = patch_row(patched, patch.get_object());
    if (!description) continue;
    row = std::move(patched);
    patch_canvases(patch.get_object(), canvases);
    out.description = std::move(*description);
  }
  if (moved_from != nullptr) out.batch.statements.push_back(statement_row(row.key, written));
  return {};
}

// A whole document that is published under this name already: it stays as it is.
Result<> keep_document(const store::Reader& before, const ItemRow& was, ItemRow& row,
                       std::vector<store::CanvasRow>& canvases, std::vector<ItemKey>& members, Overlay& out) {
  auto document = item_document_of(was.document);
  if (!document) return base::fail(std::move(document.error()));
  const bool manifest = row.key.kind == store::Kind::manifest;
  auto kept_canvases = manifest ? before.canvases(row.key.identifier) : std::vector<store::CanvasRow>();
  if (!kept_canvases) return base::fail(std::move(kept_canvases.error()));
  auto kept_members = manifest ? std::vector<ItemKey>() : before.member_keys(row.key.identifier);
  if (!kept_members) return base::fail(std::move(kept_members.error()));
  canvases = std::move(*kept_canvases);
  members = std::move(*kept_members);
  row.label = was.label;
  row.nav_date = was.nav_date;
  row.thumbnail = was.thumbnail;
  row.document = was.document;
  row.count = was.count;
  row.first_page = was.first_page;
  out.description = std::move(document->description);
  return {};
}

// A whole document whose files moved here, or came back.
Result<> bring_document(const store::Reader& before, Written& written, const ItemKey* moved_from, ItemRow& row,
                        std::vector<store::CanvasRow>& canvases, std::vector<ItemKey>& members, Overlay& out) {
  auto tree = document_over(before, written, moved_from != nullptr ? *moved_from : row.key);
  if (!tree) return base::fail(std::move(tree.error()));
  if (tree->empty()) {  // nothing is left of it but its history: the files' word counts
    out = Overlay{};
    for (const std::string_view origin : {kWritten, kFolder})
      out.batch.removed_statements.emplace_back(row.key, std::string(origin));
    return {};
  }
  if (moved_from != nullptr) move_ids(*tree, *moved_from, row.key);
  auto rows = lay_out(std::move(*tree), row);
  if (!rows) return base::fail(std::move(rows.error()));
  canvases = std::move(rows->canvases);
  members = std::move(rows->members);
  out.description = std::move(rows->description);
  written.document.clear();
  out.batch.statements.push_back(statement_row(row.key, written));
  return {};
}

}  // namespace

Result<Overlay> lay_over(const store::Reader& before, ItemRow& row, std::vector<store::CanvasRow>& canvases,
                         std::vector<ItemKey>& members, const ItemKey* moved_from) {
  Overlay out;
  auto said = statements_of(before, row.key);
  if (said && !said->written && moved_from != nullptr) {
    said = statements_of(before, *moved_from);
  } else {
    moved_from = nullptr;
  }
  if (!said) return base::fail(std::move(said.error()));
  if (!said->written) return out;
  Written& written = *said->written;
  store::StatementRow below = below_of(row, canvases, members);
  if (said->below != below) out.batch.statements.push_back(std::move(below));
  if (moved_from != nullptr) {
    if (auto done = follow(before, *moved_from, row.key, out.batch); !done) return base::fail(std::move(done.error()));
  }
  out.whole = written.whole;
  Result<> done;
  if (!written.whole) {
    done = lay_patches(written, moved_from, row, canvases, out);
  } else {
    auto was = before.item(row.key, base::Principal::system());
    if (!was) return base::fail(std::move(was.error()));
    const bool stays = *was && moved_from == nullptr && written.document.empty();
    done = stays ? keep_document(before, **was, row, canvases, members, out)
                 : bring_document(before, written, moved_from, row, canvases, members, out);
  }
  if (!done) return base::fail(std::move(done.error()));
  return out;
}

Result<> shelve(const store::Reader& before, const ItemRow& row, store::Batch& batch) {
  auto said = statements_of(before, row.key);
  if (!said) return base::fail(std::move(said.error()));
  if (row.folder == store::kNoFolder || !said->written || !said->written->whole) return {};
  auto tree = document_of(before, row);
  if (!tree) return base::fail(std::move(tree.error()));
  said->written->document = std::move(*tree);
  batch.statements.push_back(statement_row(row.key, *said->written));
  return {};
}

}  // namespace armarium::catalogue
