#include "discovery/changed_items.h"

#include <algorithm>

namespace armarium::discovery {
namespace {

using base::Result;
using store::ActivityRow;
using store::ActivityType;
using store::ItemKey;
using store::Reader;

constexpr std::size_t kAtOnce = 500;
constexpr std::size_t kMostLookedAt = 5'000;

// The item that exists after an entry, or that is gone by it. Nothing where no item is named.
std::optional<ChangedItem> after(const ActivityRow& row) {
  if (row.erased || row.type == ActivityType::refresh) return std::nullopt;
  ChangedItem out{.item = row.item, .time = row.time, .deleted = row.type == ActivityType::remove, .place = row.place};
  if (row.type == ActivityType::move) out.item.identifier = row.target;
  return out;
}

// The two items of a move: where it was, it is gone.
std::vector<ChangedItem> named_in(const ActivityRow& row) {
  std::vector<ChangedItem> out;
  if (row.type == ActivityType::move && !row.erased)
    out.push_back({.item = row.item, .time = row.time, .deleted = true, .place = row.place});
  if (auto last = after(row)) out.push_back(std::move(*last));
  return out;
}

// The first place whose entry is not before a time; times never fall from place to place.
Result<std::uint64_t> first_since(const Reader& reader, std::int64_t time) {
  auto last = reader.last_place();
  if (!last) return last;
  std::uint64_t low = 1;
  std::uint64_t high = *last + 1;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    auto row = reader.public_activities(middle - 1, 1);
    if (!row) return base::fail(std::move(row.error()));
    if (row->empty() || row->front().time >= time)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

}  // namespace

Result<ChangedItemList> ChangedItems::list(store::Kind kind, std::int64_t from, std::int64_t until, std::uint64_t place,
                                           std::size_t limit) const {
  auto reader = store_.read();
  if (!reader) return base::fail(std::move(reader.error()));
  auto first = first_since(**reader, from);
  if (!first) return base::fail(std::move(first.error()));
  ChangedItemList out;
  std::uint64_t at = std::max(place, *first - 1);
  for (std::size_t looked = 0;;) {
    auto rows = (*reader)->public_activities(at, kAtOnce);
    if (!rows) return base::fail(std::move(rows.error()));
    for (const ActivityRow& row : *rows) {
      if (row.time >= until) return out;
      for (ChangedItem& changed : named_in(row)) {
        if (changed.item.kind != kind) continue;
        auto last = (*reader)->last_place_of(changed.item);
        if (!last) return base::fail(std::move(last.error()));
        if (*last == row.place) out.items.push_back(std::move(changed));
      }
      at = row.place;
      ++looked;
      if (!out.items.empty() && (out.items.size() >= limit || looked >= kMostLookedAt)) {
        out.next = at;
        return out;
      }
    }
    if (rows->size() < kAtOnce) return out;
  }
}

Result<std::optional<ChangedItem>> ChangedItems::find(const ItemKey& item) const {
  auto reader = store_.read();
  if (!reader) return base::fail(std::move(reader.error()));
  auto place = (*reader)->last_place_of(item);
  if (!place) return base::fail(std::move(place.error()));
  if (*place == 0) return std::optional<ChangedItem>();
  auto rows = (*reader)->public_activities(*place - 1, 1);
  if (!rows) return base::fail(std::move(rows.error()));
  if (rows->empty()) return std::optional<ChangedItem>();
  for (ChangedItem& changed : named_in(rows->front())) {
    if (changed.item == item) return std::optional<ChangedItem>(std::move(changed));
  }
  return std::optional<ChangedItem>();
}

Result<std::optional<std::int64_t>> ChangedItems::earliest() const {
  auto reader = store_.read();
  if (!reader) return base::fail(std::move(reader.error()));
  auto rows = (*reader)->public_activities(0, 1);
  if (!rows) return base::fail(std::move(rows.error()));
  if (rows->empty()) return std::optional<std::int64_t>();
  return std::optional<std::int64_t>(rows->front().time);
}

}  // namespace armarium::discovery
