#include "presentation/long_collection.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace armarium::presentation {
namespace {

json::Object shelf() {
  return {{"id", "/iiif/shelf/collection"},
          {"type", "Collection"},
          {"label", json::Object{{"en", json::Array{"Shelf"}}}},
          {"items", json::Array{1, 2}}};
}

std::string at(const json::Object& tree, std::string_view pointer) {
  boost::system::error_code none;
  const json::Value value(tree);
  const json::Value* found = value.find_pointer(pointer, none);
  return found == nullptr ? "(absent)" : json::to_text(*found);
}

TEST(LongCollection, APartHasAThousandMembersAndTheLastWhatComesAfterThem) {
  EXPECT_EQ(parts_of(0, 0).size(), 1U);
  EXPECT_EQ(parts_of(1000, 5).size(), 1U);
  const auto parts = parts_of(2500, 3);
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[1].first, 1001U);
  EXPECT_EQ(parts[1].last, 2000U);
  EXPECT_EQ(parts[2].last, 2503U);
}

TEST(LongCollection, ItemsOfOthersAreCountedAndWeighed) {
  EXPECT_EQ(parts_of(json::Array()).size(), 1U);
  json::Array items;
  for (int i = 0; i < 1001; ++i) items.emplace_back(json::Object{{"id", fmt::format("https://example.org/{}", i)}});
  ASSERT_EQ(parts_of(items).size(), 2U);
  EXPECT_EQ(parts_of(items)[1].first, 1001U);
  EXPECT_EQ(parts_of(items)[1].last, 1001U);
  items.resize(10);
  for (json::Value& item : items) item.get_object()["label"] = std::string(900'000, 'x');
  const auto parts = parts_of(items);
  ASSERT_EQ(parts.size(), 5U) << "two of them are nearly 2 MB";
  EXPECT_EQ(parts[4].last, 10U);
  items.front().get_object()["label"] = std::string(3'000'000, 'x');
  EXPECT_EQ(parts_of(items).front().last, 1U) << "one that is too long stands alone";
}

TEST(LongCollection, In3ItHasChildren) {
  const auto parts = parts_of(2500, 0);
  const json::Object whole = split_collection(Version::v3, shelf(), "shelf", parts);
  EXPECT_EQ(at(whole, "/items/2/id"), "\"/iiif/shelf/collection/3\"");
  EXPECT_EQ(at(whole, "/items/2/type"), "\"Collection\"");
  EXPECT_EQ(at(whole, "/items/2/label/none/0"), "\"2001\u20132500\"");
  EXPECT_EQ(at(whole, "/items/3"), "(absent)");
  EXPECT_EQ(at(whole, "/first"), "(absent)");
  const json::Object part = part_of_collection(Version::v3, whole, "shelf", parts, 3, {7});
  EXPECT_EQ(at(part, "/id"), at(whole, "/items/2/id"));
  EXPECT_EQ(at(part, "/label"), at(whole, "/items/2/label"));
  EXPECT_EQ(at(part, "/partOf/0/id"), at(whole, "/id"));
  EXPECT_EQ(at(part, "/partOf/0/label/en/0"), "\"Shelf\"");
  EXPECT_EQ(at(part, "/items"), "[7]");
  EXPECT_EQ(at(part, "/prev"), "(absent)");
}

TEST(LongCollection, In4ItHasPages) {
  const auto parts = parts_of(2500, 0);
  const json::Object whole = split_collection(Version::v4, shelf(), "shelf", parts);
  EXPECT_EQ(at(whole, "/items"), "(absent)") << "4.0: a paged Collection must not have items";
  EXPECT_EQ(at(whole, "/total"), "2500");
  EXPECT_EQ(at(whole, "/first"), R"({"id":"/iiif/shelf/collection/1","type":"CollectionPage"})");
  EXPECT_EQ(at(whole, "/last/id"), "\"/iiif/shelf/collection/3\"");
  for (std::size_t number = 1; number <= 3; ++number) {
    const json::Object page = part_of_collection(Version::v4, whole, "shelf", parts, number, {});
    EXPECT_EQ(at(page, "/type"), "\"CollectionPage\"");
    EXPECT_EQ(at(page, "/startIndex"), fmt::format("{}", (number - 1) * 1000));
    EXPECT_EQ(at(page, "/prev/id"),
              number == 1 ? "(absent)" : fmt::format("\"/iiif/shelf/collection/{}\"", number - 1));
    EXPECT_EQ(at(page, "/next/id"),
              number == 3 ? "(absent)" : fmt::format("\"/iiif/shelf/collection/{}\"", number + 1));
    EXPECT_EQ(at(page, "/partOf/0/type"), "\"Collection\"");
  }
}

}  // namespace
}  // namespace armarium::presentation
