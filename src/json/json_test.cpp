#include "json/json.h"

#include <limits>

#include <gtest/gtest.h>

#include "json/writer.h"

namespace armarium::json {
namespace {

TEST(Json, KeepsTheOrderOfMembers) {
  auto value = parse(R"({"b":1,"a":[true,null,"x"]})");
  ASSERT_TRUE(value);
  EXPECT_EQ(to_text(*value), R"({"b":1,"a":[true,null,"x"]})");
}

TEST(Json, SaysWhereItBreaks) {
  auto value = parse("{\n  \"a\": nope }");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, base::ErrorCode::invalid_argument);
  EXPECT_NE(value.error().message.find("Line 2"), std::string::npos);
}

TEST(Json, RefusesDepthAndLength) {
  EXPECT_FALSE(parse(std::string(100, '[') + std::string(100, ']')));
  EXPECT_EQ(parse("[1,2,3]", {.max_bytes = 3}).error().code, base::ErrorCode::too_large);
}

TEST(Json, RefusesNumbersThatCouldNotBeWritten) {
  EXPECT_FALSE(parse(R"({"a":[1,-1e999999]})"));
  auto large = parse("1e308");
  ASSERT_TRUE(large);
  EXPECT_TRUE(parse(to_text(*large)));
}

TEST(Json, WritesNumbersAsPeopleDo) {
  constexpr std::string_view kText = R"([13.405,100.0,-0.5,1e+300,7,-1,18446744073709551615,true,null])";
  EXPECT_EQ(to_text(*parse(kText)), kText);
}

TEST(Json, WritesOnlyWhatCanBeRead) {
  Object object;
  object["\xFF"] = "caf\xE9";
  object["number"] = std::numeric_limits<double>::infinity();
  EXPECT_EQ(to_text(object), "{\"\xEF\xBF\xBD\":\"caf\xEF\xBF\xBD\",\"number\":null}");
}

TEST(Json, StringsAreAlwaysValid) {
  std::string out;
  append_string(out, "a\"\\\n\x01\xFF\xC3\xA9");
  EXPECT_EQ(out, "\"a\\\"\\\\\\n\\u0001\xEF\xBF\xBD\xC3\xA9\"");
  EXPECT_TRUE(parse(out));
}

TEST(Writer, WritesInOrderOfCalls) {
  Writer writer;
  writer.begin_object()
      .member("@context", "c")
      .key("list")
      .begin_array()
      .value(1)
      .value(2.5)
      .begin_object()
      .end_object();
  writer.end_array().member("done", true).end_object();
  EXPECT_EQ(writer.text(), R"({"@context":"c","list":[1,2.5,{}],"done":true})");
}

}  // namespace
}  // namespace armarium::json
