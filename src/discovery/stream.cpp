#include "discovery/stream.h"

#include "catalogue/stream_refresh.h"

namespace armarium::discovery {
namespace {

namespace doc = iiif::discovery;
using store::ActivityRow;
using store::ItemKey;

constexpr std::string_view kOpened = "stream.opened";

base::Error no_such(const char* what) {
  return {base::ErrorCode::not_found, std::string("The change stream has no such ") + what + ".", {}};
}

doc::ActivityType type_of(const ActivityRow& row) {
  switch (row.type) {
    case store::ActivityType::create: return doc::ActivityType::create;
    case store::ActivityType::update: return doc::ActivityType::update;
    case store::ActivityType::remove: return doc::ActivityType::remove;
    case store::ActivityType::move: return doc::ActivityType::move;
    case store::ActivityType::refresh: return doc::ActivityType::refresh;
  }
  return doc::ActivityType::update;
}

doc::Resource resource_of(const ItemKey& key, const Addresses& addresses) {
  doc::Resource resource;
  resource.id = addresses.object(key);
  resource.collection = key.kind == store::Kind::collection;
  resource.canonical = addresses.canonical(key);
  resource.format = addresses.format;
  return resource;
}

doc::Activity activity_of(const ActivityRow& row, const Addresses& addresses) {
  doc::Activity activity;
  activity.id = addresses.activity(row.place);
  activity.type = type_of(row);
  activity.time = row.time;
  if (activity.type == doc::ActivityType::refresh) return activity;
  if (row.erased) {
    activity.type = doc::ActivityType::remove;
    activity.object.id = addresses.erased(row.place);
    activity.object.collection = row.item.kind == store::Kind::collection;
    return activity;
  }
  activity.object = resource_of(row.item, addresses);
  doc::Resource& described = activity.type == doc::ActivityType::move ? activity.target : activity.object;
  if (activity.type == doc::ActivityType::move) described = resource_of({row.item.kind, row.target}, addresses);
  if (row.document.empty()) return activity;
  if (const auto document = json::parse(row.document); document && document->is_object()) {
    if (const json::Value* see_also = document->get_object().if_contains("seeAlso")) described.see_also = *see_also;
  }
  return activity;
}

std::uint64_t pages_of(std::uint64_t total) { return (total + kPageSize - 1) / kPageSize; }

}  // namespace

base::Result<bool> Stream::is_open(bool complete) {
  auto reader = store_.read();
  if (!reader) return base::fail(std::move(reader.error()));
  if (!opened_) {
    auto opened = (*reader)->setting(kOpened);
    if (!opened) return base::fail(std::move(opened.error()));
    if (opened->empty() && !complete) return false;
    if (opened->empty()) {
      auto written = store_.write([](const store::Reader&) -> base::Result<store::Batch> {
        store::Batch batch;
        batch.settings.emplace_back(kOpened, "yes");
        return batch;
      });
      if (!written) return base::fail(std::move(written.error()));
    }
    opened_ = true;
  }
  auto refreshing = catalogue::is_refreshing(**reader);
  if (!refreshing) return base::fail(std::move(refreshing.error()));
  return !*refreshing;
}

base::Result<Document> Stream::collection(const Addresses& addresses) const {
  auto reader = store_.read();
  if (!reader) return base::fail(std::move(reader.error()));
  auto total = (*reader)->last_place();
  if (!total) return base::fail(std::move(total.error()));
  if (*total == 0) return base::fail(base::ErrorCode::not_found, "Nothing has been published here yet.");
  doc::Collection out;
  out.id = addresses.collection();
  out.total_items = *total;
  out.first = addresses.page(1);
  out.last = addresses.page(pages_of(*total));
  return Document{doc::write_collection(out), false};
}

base::Result<Document> Stream::page(std::uint64_t number, const Addresses& addresses) const {
  auto reader = store_.read();
  if (!reader) return base::fail(std::move(reader.error()));
  auto total = (*reader)->last_place();
  if (!total) return base::fail(std::move(total.error()));
  const std::uint64_t pages = pages_of(*total);
  if (number == 0 || number > pages) return base::fail(no_such("page"));
  doc::Page out;
  out.start_index = (number - 1) * kPageSize;
  auto rows = (*reader)->public_activities(out.start_index, kPageSize);
  if (!rows) return base::fail(std::move(rows.error()));
  out.id = addresses.page(number);
  out.part_of = addresses.collection();
  if (number > 1) out.previous = addresses.page(number - 1);
  if (number < pages) out.next = addresses.page(number + 1);
  out.items.reserve(rows->size());
  for (const ActivityRow& row : *rows) out.items.push_back(activity_of(row, addresses));
  return Document{doc::write_page(out), number < pages};
}

base::Result<Document> Stream::activity(std::uint64_t place, const Addresses& addresses) const {
  auto reader = store_.read();
  if (!reader) return base::fail(std::move(reader.error()));
  if (place == 0) return base::fail(no_such("activity"));
  auto rows = (*reader)->public_activities(place - 1, 1);
  if (!rows) return base::fail(std::move(rows.error()));
  if (rows->empty()) return base::fail(no_such("activity"));
  return Document{doc::write_activity(activity_of(rows->front(), addresses)), true};
}

}  // namespace armarium::discovery
