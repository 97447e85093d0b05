#include "http/conditional.h"

#include <gtest/gtest.h>

#include "http/fake_exchange.h"
#include "http/response_head.h"

namespace armarium::http {
namespace {

using Fields = FakeExchange::Fields;

Precondition evaluated(const Fields& fields, std::string_view etag, std::optional<std::int64_t> modified = std::nullopt,
                       std::string method = "GET") {
  return evaluate(FakeExchange::make(std::move(method), "/", fields)->request(), etag, modified);
}

Response answer(std::string body = "0123456789") {
  Response response;
  response.headers.set("ETag", "\"abc\"");
  response.headers.set("Content-Type", "text/plain");
  response.headers.set("Cache-Control", "max-age=60");
  response.headers.set("Accept-Ranges", "bytes");
  response.body = std::move(body);
  return response;
}

Response ranged(const Fields& fields, Response response, std::string method = "GET") {
  apply_range(FakeExchange::make(std::move(method), "/", fields)->request(), response);
  return response;
}

TEST(Conditional, IfNoneMatchComparesRevisions) {
  for (const char* list : {"\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*", "\"abc-gzip\"", "\"abc-br\"", "\"abc;gzip\"",
                           "\"abc--gzip\"", "W/\"abc-gzip\"", "\"a,b\",\"abc\""}) {
    EXPECT_EQ(evaluated({{"If-None-Match", list}}, "\"abc\""), Precondition::not_modified) << list;
  }
  for (const char* list : {"\"abd\"", "\"a,b\"", "\"\"", ""})
    EXPECT_EQ(evaluated({{"If-None-Match", list}}, "\"abc\""), Precondition::proceed) << list;
  EXPECT_EQ(evaluated({{"If-None-Match", "*"}}, "\"abc\"", {}, "PUT"), Precondition::failed);
  EXPECT_EQ(evaluated({{"If-None-Match", "\"abc\""}}, ""), Precondition::proceed);
}

TEST(Conditional, IfMatchComparesRevisions) {
  for (const char* list : {"\"abc\"", "W/\"abc\"", "\"abc-gzip\"", "*"})
    EXPECT_EQ(evaluated({{"If-Match", list}}, "\"abc\"", {}, "PUT"), Precondition::proceed) << list;
  EXPECT_EQ(evaluated({{"If-Match", "\"old\""}}, "\"abc\"", {}, "PUT"), Precondition::failed);
  EXPECT_EQ(evaluated({{"If-Match", "\"old\""}}, "\"abc\""), Precondition::failed);
}

TEST(Conditional, DatesCountWithoutTags) {
  const std::int64_t time = 784111777;
  const std::string same = "Sun, 06 Nov 1994 08:49:37 GMT";
  EXPECT_EQ(http_date(time), same);
  for (const std::string& text :
       {same, std::string("Sunday, 06-Nov-94 08:49:37 GMT"), std::string("Sun Nov  6 08:49:37 1994")})
    EXPECT_EQ(parse_http_date(text), time) << text;
  EXPECT_EQ(parse_http_date("yesterday"), std::nullopt);
  EXPECT_EQ(evaluated({{"If-Modified-Since", same}}, "", time), Precondition::not_modified);
  EXPECT_EQ(evaluated({{"If-Modified-Since", same}}, "", time + 1), Precondition::proceed);
  EXPECT_EQ(evaluated({{"If-Modified-Since", same}, {"If-None-Match", "\"x\""}}, "\"abc\"", time),
            Precondition::proceed);
  EXPECT_EQ(evaluated({{"If-Unmodified-Since", same}}, "", time + 1, "PUT"), Precondition::failed);
}

TEST(Conditional, A304KeepsWhatCachesNeed) {
  Response response = answer();
  apply_preconditions(FakeExchange::get("/", {{"If-None-Match", "\"abc-gzip\""}})->request(), response);
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(response.headers.get("ETag"), "\"abc-gzip\"") << "the client's own copy is the one that is fresh";
  EXPECT_EQ(response.headers.get("Cache-Control"), "max-age=60");
  EXPECT_FALSE(response.headers.has("Content-Type"));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(response.body));
}

TEST(Conditional, LeavesOtherAnswersAlone) {
  Response response = answer();
  response.status = 404;
  apply_preconditions(FakeExchange::get("/", {{"If-None-Match", "*"}})->request(), response);
  EXPECT_EQ(response.status, 404);
  response = answer();
  apply_preconditions(FakeExchange::make("POST", "/", {{"If-None-Match", "*"}})->request(), response);
  EXPECT_EQ(response.status, 200);
  response = answer();
  apply_preconditions(FakeExchange::get("/", {{"If-Match", "\"old\""}})->request(), response);
  EXPECT_EQ(response.status, 412);
}

TEST(Range, CutsOneRange) {
  struct Case {
    const char* range;
    const char* body;
    const char* content_range;
  };
  for (const Case& c : {Case{"bytes=0-3", "0123", "bytes 0-3/10"}, Case{"bytes=7-", "789", "bytes 7-9/10"},
                        Case{"bytes=-2", "89", "bytes 8-9/10"}, Case{"Bytes = 5-99", "56789", "bytes 5-9/10"},
                        Case{"bytes=-99", "0123456789", "bytes 0-9/10"}, Case{"bytes=9-9", "9", "bytes 9-9/10"}}) {
    Response response = ranged({{"Range", c.range}}, answer());
    EXPECT_EQ(response.status, 206) << c.range;
    EXPECT_EQ(*body_text(response.body), c.body);
    EXPECT_EQ(response.headers.get("Content-Range"), c.content_range);
    EXPECT_EQ(response.headers.get("ETag"), "\"abc\"");
  }
}

TEST(Range, PassesOverWhatItDoesNotUnderstand) {
  for (const char* range : {"bytes=3-1", "bytes=a-b", "bytes=1-2,4-5", "items=0-1", "bytes", "bytes=", "bytes=-",
                            "bytes=99999999999999999999-"}) {
    EXPECT_EQ(ranged({{"Range", range}}, answer()).status, 200) << range;
  }
  EXPECT_EQ(ranged({{"Range", "bytes=0-1"}}, answer(), "HEAD").status, 200);
  Response plain = answer();
  plain.headers.remove("Accept-Ranges");
  EXPECT_EQ(ranged({{"Range", "bytes=0-1"}}, std::move(plain)).status, 200);
}

TEST(Range, SaysWhenThereIsNothing) {
  for (const char* range : {"bytes=10-", "bytes=10-20", "bytes=-0"}) {
    const Response response = ranged({{"Range", range}}, answer());
    EXPECT_EQ(response.status, 416) << range;
    EXPECT_EQ(response.headers.get("Content-Range"), "bytes */10");
  }
  EXPECT_EQ(ranged({{"Range", "bytes=0-"}}, answer("")).status, 416);
}

TEST(Range, IfRangeMustBeTheSameBytes) {
  const auto status = [](const char* condition) {
    Response response = answer();
    response.headers.set("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT");
    return ranged({{"Range", "bytes=0-1"}, {"If-Range", condition}}, std::move(response)).status;
  };
  EXPECT_EQ(status("\"abc\""), 206);
  EXPECT_EQ(status("\"abd\""), 200);
  EXPECT_EQ(status("W/\"abc\""), 200);
  EXPECT_EQ(status("\"abc-gzip\""), 200);
  EXPECT_EQ(status("Sun, 06 Nov 1994 08:49:37 GMT"), 206);
  EXPECT_EQ(status("Sun, 06 Nov 1994 08:49:38 GMT"), 200);
}

TEST(Range, FilesAlwaysHaveRanges) {
  Response response;
  response.body = FileSlice{std::make_shared<base::MemorySource>(base::Bytes{'a', 'b', 'c', 'd', 'e'}), {1, 3}};
  response = ranged({{"Range", "bytes=1-"}}, std::move(response));
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(response.headers.get("Content-Range"), "bytes 1-2/3");
  EXPECT_EQ(*body_text(response.body), "cd");
  Response shared;
  shared.headers.set("Accept-Ranges", "bytes");
  shared.body = base::share(base::Bytes{'a', 'b', 'c'});
  shared = ranged({{"Range", "bytes=-2"}}, std::move(shared));
  EXPECT_EQ(*body_text(shared.body), "bc");
}

}  // namespace
}  // namespace armarium::http
