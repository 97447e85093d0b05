#include "api/errors.h"

#include <gtest/gtest.h>

#include "http/fake_exchange.h"

namespace armarium::api {
namespace {

using base::ErrorCode;

http::Request asking(const std::string& path, const std::string& accept) {
  return http::FakeExchange::get(path, {{"Accept", accept}})->request();
}

TEST(Errors, EveryCodeHasAStatusOfTheContract) {
  EXPECT_EQ(status_of(ErrorCode::invalid_argument), 400);
  EXPECT_EQ(status_of(ErrorCode::over_limit), 400);
  EXPECT_EQ(status_of(ErrorCode::not_found), 404);
  EXPECT_EQ(status_of(ErrorCode::gone), 410);
  EXPECT_EQ(status_of(ErrorCode::wrong_host), 421);
  EXPECT_EQ(status_of(ErrorCode::withheld), 451);
  EXPECT_EQ(status_of(ErrorCode::unsupported), 501);
  EXPECT_EQ(status_of(ErrorCode::overloaded), 503);
  EXPECT_EQ(status_of(ErrorCode::storage_full), 507);
  EXPECT_EQ(status_of(ErrorCode::unavailable), 503);
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
    EXPECT_GE(status_of(static_cast<ErrorCode>(code)), 400) << code;
  }
}

TEST(Errors, OursAreNumberedAndShowNoDetail) {
  const base::Error error{ErrorCode::io, "The disk failed at /secret/path.", "errno 5 on /secret/path"};
  http::Response response = error_response(asking("/iiif/image/3/a/info.json", "*/*"), error, {});
  EXPECT_EQ(response.status, 500);
  const auto body = http::body_text(response.body);
  ASSERT_TRUE(body);
  EXPECT_EQ(body->find("/secret"), std::string::npos);
  EXPECT_NE(body->find("number"), std::string::npos);
}

TEST(Errors, BusyAnswersSayWhenToComeBack) {
  const http::Response response = error_response(asking("/", "*/*"), {ErrorCode::overloaded, "Busy.", {}}, {});
  EXPECT_EQ(response.status, 503);
  EXPECT_FALSE(response.headers.get("Retry-After").empty());
}

TEST(Errors, SaysHowLongToWaitAndHowToSignIn) {
  const http::Response slow = error_response(asking("/", "*/*"), {ErrorCode::budget_spent, "Wait.", {}, 17}, {});
  EXPECT_EQ(slow.status, 429);
  EXPECT_EQ(slow.headers.get("Retry-After"), "17");
  const http::Response who = error_response(asking("/", "*/*"), {ErrorCode::unauthenticated, "Sign in.", {}}, {});
  EXPECT_EQ(who.status, 401);
  EXPECT_EQ(who.headers.joined("WWW-Authenticate"),
            R"(Basic realm="Armarium", charset="UTF-8", Bearer realm="Armarium")");
}

TEST(Errors, ABrowserGetsAPageButNotAtIiifAddresses) {
  const http::ErrorPage page = [](const http::Request&, int, std::string_view, std::string_view detail) {
    return "<p>" + std::string(detail) + "</p>";
  };
  const base::Error error{ErrorCode::not_found, "No such item.", {}};
  const std::string browser = "text/html,application/xhtml+xml,*/*;q=0.8";
  EXPECT_NE(error_response(asking("/item/x", browser), error, page).headers.get("Content-Type").find("text/html"),
            std::string::npos);
  EXPECT_EQ(error_response(asking("/iiif/x/manifest", browser), error, page).headers.get("Content-Type"),
            "application/problem+json");
  EXPECT_EQ(error_response(asking("/item/x", "*/*"), error, page).headers.get("Content-Type"),
            "application/problem+json");
}

}  // namespace
}  // namespace armarium::api
