#include "api/access.h"

#include <stdlib.h>

#include <atomic>
#include <filesystem>

#include <gtest/gtest.h>

#include "auth/users.h"
#include "http/fake_exchange.h"
#include "store/sqlite/sqlite_accounts.h"

namespace armarium::api {
namespace {

using auth::Permission;
using base::ErrorCode;
using http::FakeExchange;
using Fields = FakeExchange::Fields;

const std::string kPassword = "correct horse battery";
const char* const kAda = "Basic YWRhOmNvcnJlY3QgaG9yc2UgYmF0dGVyeQ==";
const char* const kAdaWrong = "Basic YWRhOndyb25nIHBhc3N3b3Jk";

class AccessTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "armarium-access-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    accounts_ = std::move(*store::open_sqlite_accounts(folder_ / "a.sqlite"));
    authenticator_ = std::move(*auth::Authenticator::create(*accounts_));
    make({.takes_writing = true, .writes_per_minute = 10});
  }
  void TearDown() override {
    pool_.reset();
    access_.reset();
    authenticator_.reset();
    accounts_.reset();
    std::filesystem::remove_all(folder_);
  }
  void make(AccessOptions options) {
    pool_ = std::make_unique<base::WorkPool>(base::WorkPool::Options{.threads = 2});
    access_ = std::make_unique<Access>(*authenticator_, *pool_, std::move(options));
    layer_ = access_->sign_in([this](const http::ExchangePtr& exchange) {
      ++reached_;
      http::Response response;
      response.body = exchange->request().principal.name;
      if (!cache_control_.empty()) response.headers.set("Cache-Control", cache_control_);
      exchange->respond(std::move(response));
    });
  }
  auth::Users users() { return auth::Users(*accounts_); }

  std::shared_ptr<FakeExchange> ask(const Fields& fields, const std::string& client = "127.0.0.1",
                                    bool secure = false) {
    auto exchange = FakeExchange::get("/", fields);
    exchange->mutable_request().client = client;
    exchange->mutable_request().secure = secure;
    layer_(exchange);
    return exchange;
  }
  int status_of(const std::shared_ptr<FakeExchange>& exchange) {
    const http::Response* response = exchange->wait();
    return response == nullptr ? 0 : response->status;
  }
  static http::Request request_by(const std::vector<std::string>& roles, std::string method = "PUT",
                                  const Fields& fields = {}) {
    http::Request request;
    request.method = std::move(method);
    request.base_url = "https://iiif.example.org/library";
    request.client = "192.0.2.1";
    for (const auto& [name, value] : fields) request.headers.add(name, value);
    if (!roles.empty()) {
      request.principal.name = "ada";
      request.principal.permissions = auth::permissions_of_roles(roles);
    }
    return request;
  }
  ErrorCode code_of(const base::Result<>& result) { return result ? ErrorCode::internal : result.error().code; }

  std::filesystem::path folder_;
  std::unique_ptr<store::Accounts> accounts_;
  std::unique_ptr<auth::Authenticator> authenticator_;
  std::unique_ptr<Access> access_;
  std::unique_ptr<base::WorkPool> pool_;
  http::Handler layer_;
  std::atomic<int> reached_ = 0;
  std::string cache_control_;
};

TEST_F(AccessTest, WithoutTheHeaderItIsThePublicAtOnce) {
  const auto exchange = ask({});
  ASSERT_TRUE(exchange->answered());
  EXPECT_EQ(*exchange->body_text(), "");
  EXPECT_FALSE(exchange->wait()->headers.has("Cache-Control"));
}

TEST_F(AccessTest, SignsInAndRemembers) {
  ASSERT_TRUE(users().add("ada", kPassword, {"editor"}));
  const auto exchange = ask({{"Authorization", kAda}});
  EXPECT_EQ(status_of(exchange), 200);
  EXPECT_EQ(*exchange->body_text(), "ada");
  const auto again = ask({{"authorization", kAda}});
  EXPECT_TRUE(again->answered()) << "the second time needs no pool";
  const auto key = users().add_key("ada", {}, 0);
  const auto by_key = ask({{"Authorization", "Bearer " + key->text}});
  ASSERT_NE(by_key->wait(), nullptr);
  EXPECT_EQ(*by_key->body_text(), "ada");
}

TEST_F(AccessTest, WrongCredentialsAre401AndNeverReachTheHandler) {
  ASSERT_TRUE(users().add("ada", kPassword, {"editor"}));
  const auto wrong = ask({{"Authorization", kAdaWrong}});
  EXPECT_EQ(status_of(wrong), 401);
  EXPECT_NE(wrong->wait()->headers.get("WWW-Authenticate").find("Basic realm="), std::string_view::npos);
  EXPECT_EQ(wrong->wait()->headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(status_of(ask({{"Authorization", "Bearer arm_nothing"}})), 401);
  EXPECT_EQ(status_of(ask({{"Authorization", "Digest x"}})), 400);
  auto twice = FakeExchange::get("/", {{"Authorization", kAda}});
  twice->mutable_request().client = "127.0.0.1";
  twice->mutable_request().headers.add("Authorization", kAda);
  layer_(twice);
  EXPECT_EQ(status_of(twice), 400);
  EXPECT_EQ(reached_, 0);
}

TEST_F(AccessTest, TooManyAttemptsAre429) {
  ASSERT_TRUE(users().add("ada", kPassword, {"editor"}));
  for (const char* coded : {"Yg", "Yw", "ZA", "ZQ", "Zg", "Zw"})  // "ada:" and two letters
    EXPECT_EQ(status_of(ask({{"Authorization", "Basic YWRhOm" + std::string(coded)}})), 401);
  const auto locked = ask({{"Authorization", kAda}});
  EXPECT_EQ(status_of(locked), 429);
  EXPECT_EQ(locked->wait()->headers.get("Retry-After"), "2");
}

TEST_F(AccessTest, CredentialsInTheClearAreRefused) {
  ASSERT_TRUE(users().add("ada", kPassword, {"editor"}));
  EXPECT_EQ(status_of(ask({{"Authorization", kAda}}, "192.0.2.1")), 400);
  EXPECT_EQ(status_of(ask({{"Authorization", kAda}, {"Host", "iiif.example.org"}}, "127.0.0.1")), 400);
  EXPECT_EQ(reached_, 0);
  EXPECT_EQ(status_of(ask({{"Authorization", kAda}}, "192.0.2.1", true)), 200);
  EXPECT_EQ(status_of(ask({{"Authorization", kAda}, {"Host", "localhost:8080"}}, "::1")), 200);
  EXPECT_EQ(status_of(ask({{"Authorization", kAda}, {"Host", "127.0.0.1:8080"}}, "127.0.0.1")), 200);
}

TEST_F(AccessTest, RequestsThatComeTogetherAreCheckedOnce) {
  ASSERT_TRUE(users().add("ada", kPassword, {"editor"}));
  std::vector<std::shared_ptr<FakeExchange>> all;
  all.reserve(60);
  for (int i = 0; i < 20; ++i) all.push_back(ask({{"Authorization", kAda}}));
  for (const auto& one : all) EXPECT_EQ(status_of(one), 200);
  all.clear();
  for (int i = 0; i < 20; ++i) all.push_back(ask({{"Authorization", kAdaWrong}}));  // one guess
  for (const auto& one : all) EXPECT_EQ(status_of(one), 401);
  ASSERT_TRUE(users().change("ada", {.disabled = false}));
  EXPECT_EQ(status_of(ask({{"Authorization", kAda}})), 200);
}

TEST_F(AccessTest, AFloodOfPasswordsIsTurnedAway) {
  ASSERT_TRUE(users().add("ada", kPassword, {"editor"}));
  std::vector<std::shared_ptr<FakeExchange>> all;
  all.reserve(60);
  for (int i = 0; i < 60; ++i) {  // "A:A" and its like
    const std::string pair = {'Q', 'T', 'p', static_cast<char>('A' + i % 26), static_cast<char>('A' + i / 26),
                              'Q', '=', '='};
    all.push_back(ask({{"Authorization", "Basic " + pair}}, "198.51.100." + std::to_string(i), true));
  }
  int busy = 0;
  for (const auto& one : all) busy += status_of(one) == 503 ? 1 : 0;
  EXPECT_GT(busy, 0);
  EXPECT_LT(busy, 60);
  EXPECT_EQ(reached_, 0);
}

TEST_F(AccessTest, WhatDependsOnWhoAsksIsPrivate) {
  ASSERT_TRUE(users().add("ada", kPassword, {"editor"}));
  const auto control = [&](const std::string& given) {
    cache_control_ = given;
    const auto exchange = ask({{"Authorization", kAda}});
    return std::string(exchange->wait()->headers.get("Cache-Control"));
  };
  EXPECT_EQ(control(""), "private, no-cache");
  EXPECT_EQ(control("max-age=60"), "private, max-age=60");
  EXPECT_EQ(control("no-cache"), "private, no-cache");
  EXPECT_EQ(control("no-store"), "no-store");
  EXPECT_EQ(control("public, max-age=60"), "public, max-age=60");
}

TEST_F(AccessTest, NothingIsWrittenBeforeAUserExists) {
  const auto refused = access_->require(request_by({}), Permission::edit);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::forbidden);
  EXPECT_EQ(refused.error().message, "Nothing can be written until a user exists: armarium user add NAME");
  const auto sign_in = ask({{"Authorization", kAda}});
  EXPECT_EQ(status_of(sign_in), 401);
}

TEST_F(AccessTest, RequiresAPermission) {
  ASSERT_TRUE(users().add("ada", std::nullopt, {"editor"}));
  EXPECT_EQ(code_of(access_->require(request_by({}), Permission::edit)), ErrorCode::unauthenticated);
  EXPECT_EQ(code_of(access_->require(request_by({"contributor"}), Permission::edit)), ErrorCode::forbidden);
  EXPECT_TRUE(access_->require(request_by({"contributor"}), Permission::annotate));
  EXPECT_TRUE(access_->require(request_by({"editor"}), Permission::edit));
  EXPECT_EQ(code_of(access_->require(request_by({"editor"}), Permission::administer)), ErrorCode::forbidden);
}

TEST_F(AccessTest, WritingOverTheNetworkNeedsThePublicAddress) {
  ASSERT_TRUE(users().add("ada", std::nullopt, {"editor"}));
  make({.takes_writing = false});
  const auto refused = access_->require(request_by({"editor"}), Permission::edit);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("--public-url"), std::string::npos);
  EXPECT_TRUE(access_->allow(request_by({"editor"}), Permission::edit));
}

TEST_F(AccessTest, AFormOfAnotherSiteWritesNothing) {
  ASSERT_TRUE(users().add("ada", std::nullopt, {"editor"}));
  const auto post = [&](const Fields& fields) {
    return access_->require(request_by({"editor"}, "POST", fields), Permission::edit).has_value();
  };
  const std::pair<std::string, std::string> basic = {"Authorization", kAda};
  EXPECT_FALSE(post({basic, {"Origin", "https://evil.example"}, {"Content-Type", "text/plain;charset=UTF-8"}}));
  EXPECT_FALSE(post({basic, {"Origin", "null"}}));
  EXPECT_FALSE(post({basic, {"Sec-Fetch-Site", "cross-site"}, {"Content-Type", "multipart/form-data; boundary=x"}}));
  EXPECT_TRUE(post({basic, {"Origin", "https://evil.example"}, {"Content-Type", "application/ld+json"}}));
  EXPECT_TRUE(post({basic, {"Origin", "https://iiif.example.org"}, {"Content-Type", "text/plain"}}));
  EXPECT_TRUE(post({{"Authorization", "Bearer x"}, {"Origin", "https://viewer.example"}}));
  EXPECT_TRUE(post({basic}));
}

TEST_F(AccessTest, ChangesAreCountedByUserAndByClient) {
  http::Request request = request_by({"editor"});
  EXPECT_TRUE(access_->spend_write(request));
  const auto refused = access_->spend_write(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::budget_spent);
  EXPECT_GT(refused.error().retry_after, 0U);
  request.client = "192.0.2.2";  // the user's share is spent all the same
  EXPECT_FALSE(access_->spend_write(request));
  request.client = "192.0.2.3";
  request.principal.name = "bob";
  EXPECT_TRUE(access_->spend_write(request));
}

}  // namespace
}  // namespace armarium::api
