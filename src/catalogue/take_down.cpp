#include "catalogue/take_down.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "catalogue/documents.h"
#include "catalogue/sweep.h"

namespace armarium::catalogue {
namespace {

using base::ErrorCode;
using store::ItemKey;
using store::ItemRow;
using store::Kind;
using store::TakedownRow;

const base::Principal kSystem = base::Principal::system();
constexpr int kLongestChain = 8;
constexpr std::size_t kFoldersAtOnce = 500;
constexpr std::size_t kLongestReason = 2000;

Takedowns together(const Takedowns& standing, const std::vector<TakedownRow>& fresh) {
  std::vector<TakedownRow> rows = fresh;
  for (const auto& [name, row] : standing.rows()) rows.push_back(row);
  return Takedowns(std::move(rows));
}

// Calls `take` with each folder that ingest knows at or below a path.
template <class Take>
base::Result<> each_folder(const store::Reader& before, const std::string& path, Take&& take) {
  std::string cursor;
  for (;;) {
    auto rows = before.folders_below(path, cursor, kFoldersAtOnce);
    if (!rows) return base::fail(std::move(rows.error()));
    for (store::FolderRow& row : *rows) {
      cursor = row.path;
      if (auto taken = take(std::move(row)); !taken) return taken;
    }
    if (rows->size() < kFoldersAtOnce) return {};
  }
}

// Finds what an order means, as rows: the identifier itself, and what belongs to it under names that do not begin with it.
class Finder {
 public:
  Finder(const TakedownOrder& order, const store::Reader& before)
      : order_(order), before_(before), reason_(base::shortened(order.reason, kLongestReason)) {}

  base::Result<std::vector<TakedownRow>> run() && {
    if (auto named = follow_aliases(); !named) return base::fail(std::move(named.error()));
    auto items = before_.items_named(name_);
    if (!items) return base::fail(std::move(items.error()));
    auto assets = before_.assets_named(name_);
    if (!assets) return base::fail(std::move(assets.error()));
    auto canvases = before_.holders_of_canvases_named(name_);
    if (!canvases) return base::fail(std::move(canvases.error()));
    const Takedowns root({{.identifier = name_}});
    std::erase_if(*items, [&](const ItemKey& key) { return !root.holds(key.identifier); });
    std::erase_if(*assets, [&](const store::AssetRow& row) { return !root.holds(row.identifier); });
    auto known = is_remembered();
    if (!known) return base::fail(std::move(known.error()));
    if (items->empty() && assets->empty() && canvases->empty() && !*known)
      return base::fail(ErrorCode::not_found, fmt::format("There is no item, Canvas or file {}.", name_));
    auto folder = folder_of(*items, *assets, *canvases);
    if (!folder) return base::fail(std::move(folder.error()));
    add(name_, *folder);
    for (const std::string& manifest : *canvases) {
      if (auto done = add_formats(manifest, *folder); !done) return base::fail(std::move(done.error()));
    }
    for (const ItemKey& key : *items) {
      if (auto done = add_item(key); !done) return base::fail(std::move(done.error()));
    }
    return std::move(*this).rows();
  }

 private:
  base::Result<> follow_aliases() {
    name_ = order_.identifier;
    std::string spelled = name_;
    std::replace(spelled.begin(), spelled.end(), '/', '~');
    for (int step = 0; step < kLongestChain; ++step) {
      auto alias = before_.alias(name_);
      if (!alias) return base::fail(std::move(alias.error()));
      if (!*alias && step == 0 && spelled != name_) {
        auto items = before_.items_named(name_);
        if (!items) return base::fail(std::move(items.error()));
        if (items->empty()) name_ = std::exchange(spelled, std::string());
        continue;
      }
      if (!*alias) return {};
      name_ = std::move((*alias)->identifier);
    }
    return {};
  }

  // Whether anything is kept of an item that is not published now.
  base::Result<bool> is_remembered() const {
    for (const Kind kind : {Kind::manifest, Kind::collection}) {
      auto statements = before_.statements({kind, name_});
      if (!statements) return base::fail(std::move(statements.error()));
      auto versions = before_.versions({kind, name_}, 0, 1);
      if (!versions) return base::fail(std::move(versions.error()));
      auto gone = before_.is_gone({kind, name_});
      if (!gone || !statements->empty() || !versions->empty() || *gone) return gone ? base::Result<bool>(true) : gone;
    }
    return false;
  }

  base::Result<std::string> folder_of(const std::vector<ItemKey>& items, const std::vector<store::AssetRow>& assets,
                                      const std::vector<std::string>& canvases) const {
    ItemKey key{Kind::manifest, canvases.empty() ? std::string() : canvases.front()};
    if (!assets.empty()) key = holder_of(assets.front().manifest);
    for (const ItemKey& item : items) {  // the one of that name, its Collection last
      if (item.identifier == name_) key = item;
    }
    auto row = before_.item(key, kSystem);
    if (!row) return base::fail(std::move(row.error()));
    return *row ? (*row)->folder : std::string(store::kNoFolder);
  }

  void add(const std::string& identifier, const std::string& folder) {
    rows_.push_back({identifier, name_, folder, reason_, order_.who, 0});
  }

  // Without what lies below another one; the one that was named stays the first.
  std::vector<TakedownRow> rows() && {
    const Takedowns all(rows_);
    std::set<std::string> kept;
    std::erase_if(rows_, [&](const TakedownRow& row) {
      const bool below = row.identifier != name_ && all.find(row.identifier)->identifier != row.identifier;
      return below || !kept.insert(row.identifier).second;
    });
    return std::move(rows_);
  }

  base::Result<> add_item(const ItemKey& key) {
    auto row = before_.item(key, kSystem);
    if (!row) return base::fail(std::move(row.error()));
    if (!*row || (*row)->folder == store::kNoFolder) return {};
    if (auto done = add_parts(**row); !done) return done;
    // With a folder's Collection goes all that lies in the folder, however it is called.
    if (key.kind != Kind::collection) return {};
    return each_folder(before_, (*row)->folder, [&](const store::FolderRow& folder) -> base::Result<> {
      auto inside = before_.items_of_folder(folder.path);
      if (!inside) return base::fail(std::move(inside.error()));
      for (const ItemRow& item : *inside) {
        if (auto done = add_parts(item); !done) return done;
      }
      return {};
    });
  }

  // The pictures of a Canvas, where its own Manifest holds them.
  base::Result<> add_formats(const std::string& manifest, const std::string& folder) {
    auto canvases = before_.canvases(manifest);
    if (!canvases) return base::fail(std::move(canvases.error()));
    const Takedowns named({rows_.front()});
    for (const store::CanvasRow& canvas : *canvases) {
      if (!named.holds(canvas.identifier)) continue;
      const std::vector<std::string> names = assets_in(canvas);
      auto assets = before_.assets(names);
      if (!assets) return base::fail(std::move(assets.error()));
      for (const store::AssetRow& asset : *assets) {
        if (asset.manifest == manifest) add(asset.identifier, folder);
      }
    }
    return {};
  }

  base::Result<> add_parts(const ItemRow& row) {
    add(row.key.identifier, row.folder);
    auto aliases = before_.aliases_to(row.key.identifier);
    if (!aliases) return base::fail(std::move(aliases.error()));
    for (const store::AliasRow& alias : *aliases) {
      if (alias.origin == "id") add(alias.alias, row.folder);  // as its folder is called
    }
    auto assets = before_.assets_of(holder_name(row.key));
    if (!assets) return base::fail(std::move(assets.error()));
    for (const store::AssetRow& asset : *assets) add(asset.identifier, row.folder);
    return {};
  }

  const TakedownOrder& order_;
  const store::Reader& before_;
  std::string reason_;
  std::string name_;
  std::vector<TakedownRow> rows_;
};

base::Result<TakedownRows> swept(std::vector<TakedownRow> rows, const Takedowns& standing,
                                 const store::Reader& before) {
  const Takedowns all = together(standing, rows);
  auto out = Sweep(all, rows, before).run();
  if (!out) return out;
  out->batch.takedowns = std::move(rows);
  out->batch.settings.emplace_back(kTakedownsChanged, new_mark(before));
  return out;
}

}  // namespace

base::Result<TakedownRows> take_down_rows(const TakedownOrder& order, const Takedowns& standing,
                                          const store::Reader& before) {
  if (order.identifier.empty())
    return base::fail(ErrorCode::invalid_argument, "The top Collection is the server itself; name what is in it.");
  if (const TakedownRow* row = standing.find(order.identifier)) {
    return base::fail(ErrorCode::conflict,
                      row->cause == order.identifier
                          ? fmt::format("{} is taken down already.", order.identifier)
                          : fmt::format("{} is taken down already, with {}.", order.identifier, row->cause));
  }
  auto rows = Finder(order, before).run();
  if (!rows) return base::fail(std::move(rows.error()));
  std::string named = rows->front().cause;
  if (const TakedownRow* row = standing.find(named))
    return base::fail(ErrorCode::conflict, fmt::format("{} is taken down already, with {}.", named, row->cause));
  auto out = swept(std::move(*rows), standing, before);
  if (out) out->done.identifier = std::move(named);
  return out;
}

base::Result<TakedownRows> renew_rows(std::vector<TakedownRow> rows, const Takedowns& standing,
                                      const store::Reader& before) {
  std::erase_if(rows, [&](const TakedownRow& row) { return standing.rows().contains(row.identifier); });
  if (rows.empty()) return TakedownRows{};
  return swept(std::move(rows), standing, before);
}

base::Result<TakedownRows> lift_rows(const std::string& identifier, const store::Reader& before) {
  auto rows = before.takedowns();
  if (!rows) return base::fail(std::move(rows.error()));
  TakedownRows out;
  out.done.identifier = identifier;
  std::set<std::string> folders;
  bool found = false;
  for (const TakedownRow& row : *rows) {
    if (row.cause != identifier) continue;
    found = true;
    if (row.folder != store::kNoFolder) folders.insert(row.folder);
  }
  if (!found) return base::fail(ErrorCode::not_found, fmt::format("{} is not taken down.", identifier));
  out.batch.lifted.push_back(identifier);
  out.batch.settings.emplace_back(kTakedownsChanged, new_mark(before));
  std::set<std::string> again;
  for (const std::string& path : folders) {
    auto done = each_folder(before, path, [&](store::FolderRow folder) -> base::Result<> {
      if (path.empty() && !folder.path.empty()) return {};  // a file of the top folder: what is below was never gone
      if (!again.insert(folder.path).second) return {};
      auto files = before.files_in(folder.path);
      if (!files) return base::fail(std::move(files.error()));
      for (const store::FileRow& file : *files) out.batch.removed_files.push_back(file.path);
      out.batch.folders.push_back(looked_at_again(std::move(folder)));
      return {};
    });
    if (!done) return base::fail(std::move(done.error()));
    out.done.folders.push_back(path);
  }
  return out;
}

}  // namespace armarium::catalogue
