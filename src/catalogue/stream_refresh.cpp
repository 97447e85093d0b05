#include "catalogue/stream_refresh.h"

#include <optional>

namespace armarium::catalogue {
namespace {

using store::ActivityType;
using store::Batch;
using store::ItemKey;
using store::Kind;
using store::Reader;

constexpr std::string_view kAddress = "stream.address";    // under which the stream was given last
constexpr std::string_view kUnderway = "stream.underway";  // "start", or the item that was named last

std::optional<ItemKey> cursor_of(const std::string& text) {
  if (text == "start") return std::nullopt;
  return ItemKey{text.starts_with("c:") ? Kind::collection : Kind::manifest, text.substr(2)};
}

base::Result<Batch> begin(const Reader& before, std::string_view public_url) {
  auto batch = announce_refresh(before);
  if (batch) batch->settings.emplace_back(kAddress, public_url);
  return batch;
}

base::Result<Batch> proceed(const Reader& before, const std::string& underway, std::size_t most) {
  auto items = before.items_after(cursor_of(underway), most, base::Principal::public_visitor());
  if (!items) return base::fail(std::move(items.error()));
  Batch batch;
  for (const store::ItemRow& row : *items) {
    if (!row.announced || !row.audience.empty()) continue;
    batch.activities.push_back({.place = 1, .type = ActivityType::update, .item = row.key});
  }
  std::string next;
  if (items->size() == most) {
    const ItemKey& key = items->back().key;
    next = (key.kind == Kind::collection ? "c:" : "m:") + key.identifier;
  }
  batch.settings.emplace_back(kUnderway, std::move(next));
  return batch;
}

}  // namespace

base::Result<bool> is_refreshing(const Reader& reader) {
  auto underway = reader.setting(kUnderway);
  if (!underway) return base::fail(std::move(underway.error()));
  return !underway->empty();
}

base::Result<Batch> announce_refresh(const Reader& before) {
  Batch batch;
  auto last = before.last_place();
  if (!last) return base::fail(std::move(last.error()));
  if (*last == 0) return batch;  // nobody was told anything yet
  batch.settings.emplace_back(kUnderway, "start");
  batch.activities.push_back({.place = 1, .type = ActivityType::refresh});
  return batch;
}

base::Result<bool> refresh_stream(store::Store& store, std::string_view public_url, std::size_t most) {
  bool more = false;
  auto written = store.write([&](const Reader& before) -> base::Result<Batch> {
    auto address = before.setting(kAddress);
    if (!address) return base::fail(std::move(address.error()));
    auto underway = before.setting(kUnderway);
    if (!underway) return base::fail(std::move(underway.error()));
    const bool is_new = !public_url.empty() && *address != public_url;
    auto batch = is_new              ? begin(before, public_url)
                 : underway->empty() ? base::Result<Batch>(Batch())
                                     : proceed(before, *underway, most);
    if (!batch) return batch;
    for (const auto& [key, value] : batch->settings) more = more || (key == kUnderway && !value.empty());
    return batch;
  });
  if (!written) return base::fail(std::move(written.error()));
  return more;
}

}  // namespace armarium::catalogue
