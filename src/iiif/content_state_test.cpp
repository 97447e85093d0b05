#include "iiif/content_state.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace armarium::iiif::content_state {
namespace {

Targets read(std::string_view text) {
  auto targets = read_plain(text);
  EXPECT_TRUE(targets) << text << ": " << (targets ? "" : targets.error().message);
  return targets.value_or(Targets{Target{}});
}

TEST(ContentState, EncodesAsTheSpecificationSays) {
  // encodeURIComponent and btoa of a browser, by hand.
  EXPECT_EQ(encode("{}"), "JTdCJTdE");
  EXPECT_EQ(encode("a"), "YQ");
  EXPECT_EQ(encode("\xE2\x82\xAC"), "JUUyJTgyJUFD");
  EXPECT_EQ(encode("!'()*~"), "IScoKSp-");
  for (const char* text : {"", "a", "ab", "abc", "{\"a\":\"\xF0\x9F\xA6\x8A \xE7\x8B\x90 'quoted' 100%\"}"}) {
    EXPECT_EQ(*decode(encode(text)), text);
    EXPECT_EQ(*decode(encode(text) + "=="), text);
  }
  for (const char* junk : {"a", "!!!!", "ab cd", "JTdCJT", "JQ"}) EXPECT_FALSE(decode(junk)) << junk;
}

TEST(ContentState, TheExampleOfTheSpecification) {
  const auto targets = read_parameter(
      "JTdCJTIyaWQlMjIlM0ElMjJodHRwcyUzQSUyRiUyRmV4YW1wbGUub3JnJTJGYWxpY2UlMkZjYW52YXM3NyUyM3h5d2glM0QxMDAwJTJDMjAwMCUy"
      "QzEwMDAlMkMyMDAwJTIyJTJDJTIydHlwZSUyMiUzQSUyMkNhbnZhcyUyMiUyQyUyMnBhcnRPZiUyMiUzQSU1QiU3QiUyMmlkJTIyJTNBJTIyaHR0"
      "cHMlM0ElMkYlMkZleGFtcGxlLm9yZyUyRmFsaWNlJTJGbWFuaWZlc3QlMjIlMkMlMjJ0eXBlJTIyJTNBJTIyTWFuaWZlc3QlMjIlN0QlNUQlN0"
      "Q");
  ASSERT_TRUE(targets) << targets.error().message;
  const Target expected{.id = "https://example.org/alice/canvas77",
                        .type = "Canvas",
                        .manifest = "https://example.org/alice/manifest",
                        .region = Region{1000, 2000, 1000, 2000},
                        .point = {},
                        .time = {},
                        .time_end = {}};
  EXPECT_EQ(targets->front(), expected);
  EXPECT_EQ(*read_parameter(write_parameter(*targets)), *targets);
}

TEST(ContentState, AllFormsOfOneThing) {
  const std::string body =
      R"({"id":"https://e/c#xywh=1,2,3,4","type":"Canvas","partOf":[{"id":"https://e/m","type":"Manifest"}]})";
  const Targets expected = read(body);
  for (const std::string motivation : {R"("contentState")", R"(["bookmarking","contentState"])", R"(["highlighting"])"})
    EXPECT_EQ(read(fmt::format(R"({{"type":"Annotation","motivation":{},"target":{}}})", motivation, body)), expected);
  EXPECT_EQ(read(R"({"type":"SpecificResource","source":{"id":"https://e/c","type":"Canvas","partOf":"https://e/m"},)"
                 R"("selector":{"type":"FragmentSelector","value":"xywh=pixel:1,2,3,4"}})"),
            expected);
  EXPECT_EQ(read(R"({"@id":"https://e/c#xywh=1,2,3,4","@type":"sc:Canvas","within":"https://e/m"})"), expected);
  EXPECT_EQ(*read_parameter(body), expected) << "somebody forgot to encode it";
  EXPECT_EQ(*parse(write(expected)), expected);
  EXPECT_EQ(*parse(write_annotation(expected, "https://e/s")), expected);
  EXPECT_EQ(read(" https://e/c#xywh=1,2,3,4\n").front().region, expected.front().region);
}

TEST(ContentState, TimesPointsAndSeveral) {
  const Target point = read(R"({"type":"SpecificResource","source":{"id":"https://e/c","type":"Canvas"},)"
                            R"("selector":[{"type":"PointSelector","x":10,"y":20.5,"t":14.5}]})")
                           .front();
  EXPECT_EQ(point.point, (Point{10, 20.5}));
  EXPECT_EQ(point.time, 14.5);
  EXPECT_EQ(parse(write({point}))->front(), point);
  const Target span = read("https://e/c#t=10,20.5&xywh=percent:25,25,50,50").front();
  EXPECT_EQ(span.time_end, 20.5);
  EXPECT_TRUE(span.region->percent);
  EXPECT_EQ(parse(write({span}))->front(), span);
  const Targets two =
      read(R"({"type":"Annotation","motivation":"contentState","target":["https://e/1","https://e/2"]})");
  EXPECT_EQ(two.size(), 2U);
  EXPECT_EQ(*parse(write(two)), two);
  EXPECT_EQ(write_parameter(read(R"({"id":"https://e/m","type":"Manifest"})")), "https://e/m");
}

TEST(ContentState, IdsAreUris) {
  EXPECT_EQ(read("https://e/b\xC3\xBC"
                 "cher")
                .front()
                .id,
            "https://e/b%C3%BCcher");
}

TEST(ContentState, WhatItCannotReadItSays) {
  std::string deep = "\"https://e/m\"";
  for (int i = 0; i < 20; ++i) deep = fmt::format("[{}]", deep);
  std::string many = "[\"https://e/0\"";
  for (int i = 0; i < 200; ++i) many += ",\"https://e/" + std::to_string(i) + "\"";
  for (const std::string& text :
       {std::string("{"), std::string("[]"), std::string("1"), std::string("{}"), std::string("\"ftp://e/m\""),
        std::string(R"x({"id":"javascript:alert(1)","type":"Manifest"})x"), std::string(R"({"type":"Annotation"})"),
        std::string(R"({"type":"SpecificResource"})"), std::string("https://e/\"onload"), deep, many + "]",
        std::string(100'000, ' ') + "x", "\"" + std::string(100'000, 'x') + "\""}) {
    EXPECT_FALSE(read_plain(text)) << text.substr(0, 100);
  }
  for (const char* fragment :
       {"xywh=1,2,3", "xywh=1,2,0,4", "xywh=a,b,c,d", "xywh=1,2,3,4,5", "xywh=-1,2,3,4", "t=x", "%"})
    EXPECT_FALSE(read(std::string("https://e/c#") + fragment).front().region) << fragment;
}

}  // namespace
}  // namespace armarium::iiif::content_state
