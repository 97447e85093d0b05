#include "iiif/discovery.h"

#include <gtest/gtest.h>

namespace armarium::iiif::discovery {
namespace {

TEST(Discovery, ACollectionHoldsNoActivities) {
  EXPECT_EQ(
      write_collection({"https://h/c", 201, "https://h/1", "https://h/3"}),
      R"({"@context":"http://iiif.io/api/discovery/1/context.json","id":"https://h/c","type":"OrderedCollection",)"
      R"("totalItems":201,"first":{"id":"https://h/1","type":"OrderedCollectionPage"},)"
      R"("last":{"id":"https://h/3","type":"OrderedCollectionPage"}})");
}

TEST(Discovery, APageLinksItsNeighbours) {
  Page page{.id = "https://h/2", .part_of = "https://h/c", .previous = "https://h/1", .next = {}, .start_index = 100};
  page.items.push_back({.id = "https://h/a/101",
                        .type = ActivityType::move,
                        .object = {.id = "https://h/old", .canonical = "https://h/n"},
                        .target = {.id = "https://h/new", .collection = true},
                        .time = 1000});
  page.items.push_back(
      {.id = "https://h/a/102", .type = ActivityType::refresh, .object = {}, .target = {}, .time = 2000});
  const json::Value read = *json::parse(write_page(page));
  EXPECT_EQ(json::to_text(read.at("prev")), R"({"id":"https://h/1","type":"OrderedCollectionPage"})");
  EXPECT_FALSE(read.get_object().contains("next"));
  EXPECT_EQ(read.at("startIndex").to_number<int>(), 100);
  EXPECT_EQ(read.at("orderedItems").at(0).at("target").at("type").as_string(), "Collection");
  EXPECT_EQ(read.at("orderedItems").at(0).at("endTime").as_string(), "1970-01-01T00:00:01.000Z");
  const json::Object& refresh = read.at("orderedItems").at(1).get_object();
  EXPECT_TRUE(refresh.contains("startTime"));
  EXPECT_FALSE(refresh.contains("endTime") || refresh.contains("object"));
}

}  // namespace
}  // namespace armarium::iiif::discovery
