#pragma once
// What was taken down, as one set: asked by every read of the catalogue and every writer. An identifier in it stands for all that lies below it: "book" for "book~p1", "book=p2" and "book=r1". Values;
// the watch is thread-safe and reads the database only when the set has changed.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "json/json.h"
#include "store/store.h"

namespace armarium::catalogue {

class Takedowns {
 public:
  Takedowns() = default;
  explicit Takedowns(std::vector<store::TakedownRow> rows, std::string mark = {});

  bool empty() const noexcept { return rows_.empty(); }
  // Another one after each change of the set.
  const std::string& mark() const noexcept { return mark_; }
  // By what an identifier is withheld: itself or what it lies below. Null: it is not.
  const store::TakedownRow* find(std::string_view identifier) const;
  bool holds(std::string_view identifier) const { return find(identifier) != nullptr; }
  // Whether this file, or a page of it, is withheld: then its bytes are. Of an asset's identifier.
  bool holds_part_of_file(std::string_view asset) const;
  // By what a local address ("/iiif/canvas/book~p1", "/item/book") is withheld.
  const store::TakedownRow* find_address(std::string_view local) const;
  const std::map<std::string, store::TakedownRow, std::less<>>& rows() const noexcept { return rows_; }

  // Takes out of a tree whatever is, shows or speaks of something withheld. Whether there was anything.
  bool prune(json::Object& tree) const;

 private:
  bool speaks_of(const json::Object& object) const;
  bool prune(json::Value& value, int depth) const;

  std::map<std::string, store::TakedownRow, std::less<>> rows_;
  std::string mark_;
};
using TakedownsPtr = std::shared_ptr<const Takedowns>;

// The identifier in a local address: "book~p1" of "/iiif/canvas/book~p1#xywh=…"; empty where none is named.
std::string identifier_in(std::string_view local);

// The error of an address of it: withheld, with the reason where one was given.
base::Error withheld(const store::TakedownRow& row);

// Set with each change of the takedowns, so that a look at it tells whether they have to be read again.
inline constexpr std::string_view kTakedownsChanged = "takedowns.changed";

// Differs from every other mark, on any node and after any restore.
std::string new_mark(const store::Reader& before);

class TakedownWatch {
 public:
  // As they stand in the snapshot of `reader`.
  base::Result<TakedownsPtr> get(const store::Reader& reader) const;

 private:
  mutable std::mutex mutex_;
  mutable store::Revision revision_ = 0;
  mutable TakedownsPtr known_ = std::make_shared<const Takedowns>();
};

}  // namespace armarium::catalogue
