#include "http/problem.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "http/fake_exchange.h"

namespace armarium::http {
namespace {

std::string page(const Request& /*request*/, int status, std::string_view title, std::string_view detail) {
  return fmt::format("<h1>{} {}</h1>{}", status, title, html_escaped(detail));
}

TEST(Problem, IsJson) {
  Response response =
      problem_response({.status = 503, .detail = "Say \"again\"\n\xFF.", .retry_after = std::chrono::seconds(7)});
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json");
  EXPECT_EQ(response.headers.get("Retry-After"), "7");
  EXPECT_EQ(*body_text(response.body),
            "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,\"detail\":\"Say "
            "\\\"again\\\"\\u000a\xEF\xBF\xBD.\"}\n");
}

TEST(Problem, BrowsersGetThePage) {
  const auto type = [](const char* accept, const ErrorPage& with) {
    return std::string(problem_response({.status = 404, .detail = "No <b>."},
                                        FakeExchange::get("/", {{"Accept", accept}})->request(), with)
                           .headers.get("Content-Type"));
  };
  EXPECT_EQ(type("text/html,application/xhtml+xml,*/*;q=0.8", page), "text/html; charset=utf-8");
  EXPECT_EQ(type("text/html,application/xhtml+xml,*/*;q=0.8", {}), "application/problem+json");
  EXPECT_EQ(type("*/*", page), "application/problem+json");
  EXPECT_EQ(type("image/avif,image/webp", page), "application/problem+json");
  Response response = problem_response({.status = 404, .detail = "No <b>."},
                                       FakeExchange::get("/", {{"Accept", "text/html"}})->request(), page);
  EXPECT_EQ(*body_text(response.body), "<h1>404 Not Found</h1>No &lt;b&gt;.");
  EXPECT_EQ(response.headers.get("Vary"), "Accept, Accept-Language");
  EXPECT_NE(response.headers.get("Content-Security-Policy").find("default-src 'none'"), std::string_view::npos);
}

TEST(Problem, IiifAddressesStayJson) {
  const auto exchange = FakeExchange::get("/iiif/x/manifest", {{"Accept", "text/html"}});
  const Response response = problem_response({.status = 404}, exchange->request(), page);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json");
}

TEST(Problem, InternalErrorsShowANumberOnly) {
  Response first = internal_error("/secret/path failed");
  Response second = internal_error("/secret/path failed");
  EXPECT_EQ(first.status, 500);
  EXPECT_EQ(body_text(first.body)->find("secret"), std::string::npos);
  EXPECT_NE(*body_text(first.body), *body_text(second.body));
}

TEST(Problem, QuotesOnlyWellFormedText) {
  EXPECT_EQ(json_quoted("K\xC3\xB6ln \xF0\x9F\x98\x80"), "\"K\xC3\xB6ln \xF0\x9F\x98\x80\"");
  EXPECT_EQ(json_quoted("\xC0\xAF\xED\xA0\x80\xF5"),
            "\"" + std::string("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") + "\"");
  EXPECT_EQ(json_quoted("\xE2\x82"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace armarium::http
