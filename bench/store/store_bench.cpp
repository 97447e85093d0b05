// How fast a store takes what ingest writes, and gives it again: store_bench FILE|postgresql://… [ITEMS [PAGES]]. Each item is one manifest with its canvases, assets,
// files and folder, one place in the list of its collection, and one activity. The database should be empty.

#include <charconv>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "store/postgres/postgres_store.h"
#include "store/sqlite/sqlite_store.h"

namespace {

using namespace armarium;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMembersOfACollection = 500;

std::string name_of(std::size_t item) { return fmt::format("c{:05}~item-{:07}", item / kMembersOfACollection, item); }

void add_item(store::Batch& batch, std::size_t number, std::size_t pages) {
  const std::string name = name_of(number);
  store::ItemRow row;
  row.key = {store::Kind::manifest, name};
  row.folder = fmt::format("c{:05}/item-{:07}", number / kMembersOfACollection, number);
  row.label = fmt::format(R"({{"none":["Item {}"]}})", number);
  row.count = pages;
  row.document = R"({"description":{"label":{"none":["A name of the usual length"]}},"ranges":[]})";
  std::vector<store::CanvasRow> canvases;
  for (std::size_t page = 0; page < pages; ++page) {
    const std::string canvas = fmt::format("{}~p{}", name, page);
    const std::string path = fmt::format("{}/p{}.tif", row.folder, page);
    canvases.push_back(
        {canvas,
         fmt::format(R"({{"label":{{"none":["p{}"]}},"width":4000,"height":6000,"assets":["{}"]}})", page, canvas)});
    batch.assets.push_back(
        {.identifier = canvas,
         .manifest = name,
         .path = path,
         .version = "0123456789abcdef",
         .state = 2,
         .document =
             R"({"format":"tiff","width":4000,"height":6000,"tiles":[{"width":256,"scaleFactors":[1,2,4,8,16]}]})"});
    batch.files.push_back({.path = path,
                           .folder = row.folder,
                           .inode = number * 1000 + page,
                           .size = 12'345'678,
                           .token = "0123456789abcdef",
                           .document = R"({"version":"0123456789abcdef"})"});
  }
  batch.canvases.emplace_back(name, std::move(canvases));
  batch.folders.push_back({.path = row.folder,
                           .parent = fmt::format("c{:05}", number / kMembersOfACollection),
                           .inode = number,
                           .token = "0123456789abcdef0123456789abcdef"});
  batch.activities.push_back({.item = row.key});
  batch.items.push_back(std::move(row));
}

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

// Rows and items a second, with so many items in each write.
bool ingest(store::Store& store, std::size_t from, std::size_t items, std::size_t pages, std::size_t in_each,
            store::Durability durability) {
  const std::size_t rows = items * (4 + 3 * pages);
  const auto begin = Clock::now();
  for (std::size_t number = from; number < from + items; number += in_each) {
    store::Batch batch;
    for (std::size_t i = number; i < number + in_each && i < from + items; ++i) add_item(batch, i, pages);
    auto written = store.write([&](const store::Reader&) -> base::Result<store::Batch> { return batch; }, durability);
    if (!written) {
      fmt::print(stderr, "{} {}\n", written.error().message, written.error().detail);
      return false;
    }
  }
  const double seconds = seconds_since(begin);
  fmt::print("write {:6}, {:2} items each: {:8.0f} rows/s {:8.0f} items/s {:8.2f} ms a write\n",
             durability == store::Durability::soon ? "soon" : "synced", in_each, static_cast<double>(rows) / seconds,
             static_cast<double>(items) / seconds,
             seconds * 1000 * static_cast<double>(in_each) / static_cast<double>(items));
  return true;
}

void read(const store::Store& store, std::size_t items) {
  const auto who = base::Principal::public_visitor();
  const auto begin = Clock::now();
  std::size_t rows = 0;
  for (std::size_t i = 0; i < items; ++i) {
    auto reader = store.read();
    if (!reader) continue;
    const auto item = (*reader)->item({store::Kind::manifest, name_of(i * 7919 % items)}, who);
    const auto canvases = (*reader)->canvases(name_of(i * 7919 % items));
    rows += (item && *item ? 1 : 0) + (canvases ? canvases->size() : 0);
  }
  const double seconds = seconds_since(begin);
  fmt::print("read, an item and its canvases: {:8.0f} rows/s {:8.3f} ms each\n", static_cast<double>(rows) / seconds,
             seconds * 1000 / static_cast<double>(items));
}

std::size_t number_of(const char* text, std::size_t otherwise) {
  std::size_t value = 0;
  const std::string_view digits = text == nullptr ? std::string_view() : std::string_view(text);
  return std::from_chars(digits.data(), digits.data() + digits.size(), value).ec == std::errc() ? value : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: store_bench FILE|postgresql://... [ITEMS [PAGES]]\n");
    return 2;
  }
  const std::string where = argv[1];
  const std::size_t items = number_of(argc > 2 ? argv[2] : nullptr, 5000);
  const std::size_t pages = number_of(argc > 3 ? argv[3] : nullptr, 10);
  auto store = where.starts_with("postgres") ? store::open_postgres(where) : store::open_sqlite(where);
  if (!store) {
    fmt::print(stderr, "{}\n", store.error().message);
    return 1;
  }
  using store::Durability;
  if (!ingest(**store, 0, items, pages, 1, Durability::soon) ||
      !ingest(**store, items, items, pages, 1, Durability::synced) ||
      !ingest(**store, 2 * items, items, pages, 50, Durability::soon))
    return 1;
  read(**store, 3 * items);
  return 0;
}
