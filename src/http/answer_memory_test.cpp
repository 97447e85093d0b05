#include "http/answer_memory.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "http/fake_exchange.h"
#include "http/gateway.h"

namespace armarium::http {
namespace {

class Promise final : public Lasting {
 public:
  bool lasts(std::chrono::steady_clock::time_point) const override { return holds; }
  bool holds = true;
};

class RepeatedAnswers : public ::testing::Test {
 protected:
  RepeatedAnswers() {
    GatewayOptions options;
    options.accounts = accounts_;
    options.access_log.enabled = false;
    handler_ = *gateway(
        std::move(options),
        [this](const ExchangePtr& exchange) {
          exchange->mutable_request().route = "thing";
          Response response;
          response.status = status_;
          response.headers.set("Content-Type", "image/jpeg");
          response.headers.set("ETag", "\"one\"");
          response.headers.set("Accept-Ranges", "bytes");
          if (!vary_.empty()) response.headers.set("Vary", vary_);
          response.body = base::share(base::Bytes(100, static_cast<std::uint8_t>('a' + calls_++)));
          response.timing.plan = "stored";
          response.lasting = promise_;
          exchange->respond(std::move(response));
        },
        pool_, &metrics_);
  }
  std::shared_ptr<FakeExchange> ask(const std::string& method = "GET", const FakeExchange::Fields& fields = {},
                                    const std::string& target = "/a") {
    auto exchange = FakeExchange::make(method, target, fields);
    handler_(exchange);
    if (Response* response = exchange->wait(); response != nullptr && response->delivered)
      response->delivered({100, true});
    return exchange;
  }
  char letter(const FakeExchange::Fields& fields = {}, const std::string& target = "/a") {
    const auto text = ask("GET", fields, target)->body_text();
    return text && text->size() == 100 ? text->front() : '?';
  }

  base::Metrics metrics_;
  base::WorkPool pool_{{.threads = 1}};
  std::shared_ptr<Accounts> accounts_ = std::make_shared<Accounts>();
  std::shared_ptr<Promise> promise_ = std::make_shared<Promise>();
  std::string vary_;
  int status_ = 200;
  int calls_ = 0;
  Handler handler_;
};

TEST_F(RepeatedAnswers, ComeFromMemoryAsLongAsTheHandlerPromised) {
  EXPECT_EQ(letter(), 'a');
  EXPECT_EQ(letter(), 'a');
  EXPECT_EQ(letter({}, "/b"), 'b');
  EXPECT_EQ(letter({}, "/a?x"), 'c');
  promise_->holds = false;
  EXPECT_EQ(letter(), 'd');
}

TEST_F(RepeatedAnswers, HaveTheSameHeaders) {
  const Response first = std::move(*ask()->wait());
  const Response again = std::move(*ask()->wait());
  ASSERT_TRUE(again.prepared);
  EXPECT_EQ(calls_, 1);
  for (const auto& [name, value] : first.headers.fields()) {
    if (name == "Server-Timing") continue;
    EXPECT_EQ(again.prepared->headers.get(name), value) << name;
    EXPECT_NE(again.prepared->text.find(fmt::format("{}: {}\r\n", name, value)), std::string::npos) << name;
  }
  EXPECT_TRUE(again.headers.get("Server-Timing").starts_with("plan;desc=stored, cache;desc=hit, "));
}

TEST_F(RepeatedAnswers, AreForPlainQuestionsOnly) {
  EXPECT_EQ(letter(), 'a');
  EXPECT_EQ(ask("GET", {{"If-None-Match", "\"one\""}})->wait()->status, 304);
  EXPECT_EQ(ask("GET", {{"Range", "bytes=0-1"}})->wait()->status, 206);
  EXPECT_EQ(ask("HEAD")->wait()->status, 200);
  EXPECT_EQ(letter({{"Authorization", "Basic x"}}), 'e');
  EXPECT_EQ(calls_, 5);
  EXPECT_EQ(ask("GET", {{"Host", "evil.example"}})->wait()->status, 421);
  EXPECT_EQ(letter(), 'a');
}

TEST_F(RepeatedAnswers, AreKeptForWhatVaryNames) {
  vary_ = "Accept";
  EXPECT_EQ(letter({{"Accept", "x/1"}}), 'a');
  EXPECT_EQ(letter({{"Accept", "x/2"}}), 'b');
  EXPECT_EQ(letter(), 'c');
  EXPECT_EQ(letter({{"Accept", "x/1"}}), 'a');
  EXPECT_EQ(letter({{"Accept", "x/2"}, {"Cookie", "z"}}), 'b');
  EXPECT_EQ(letter(), 'c');
}

TEST_F(RepeatedAnswers, AreTheirsWhoAskUnderThatAddress) {
  EXPECT_EQ(letter({}, "/b/a"), 'a');
  EXPECT_EQ(letter({{"X-Forwarded-Prefix", "/b"}}, "/a"), 'b');
  EXPECT_EQ(letter({{"Host", "localhost"}}, "/b/a"), 'c');
  const auto other = FakeExchange::make("GET", "/b/a");
  other->mutable_request().principal.tier = "staff";
  handler_(other);
  EXPECT_EQ(other->body_text()->front(), 'd');
  EXPECT_EQ(letter({}, "/b/a"), 'a');
}

TEST_F(RepeatedAnswers, AreNoErrors) {
  status_ = 404;
  ask();
  ask();
  EXPECT_EQ(calls_, 2);
}

TEST_F(RepeatedAnswers, CountInTheAccountsAndMetrics) {
  for (int i = 0; i < 3; ++i) letter();
  const auto entries = accounts_->list();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].plan, "kept");
  EXPECT_EQ(entries[0].route, "thing");
  EXPECT_EQ(entries[0].sums.answers, 2U);
  EXPECT_EQ(entries[0].sums.bytes, 200U);
  EXPECT_EQ(entries[1].plan, "stored");
  EXPECT_EQ(entries[1].sums.answers, 1U);
  EXPECT_GT(entries[1].sums.total, entries[1].sums.spent.back());
  for (int look = 0; look < 2; ++look) {  // looking twice counts nothing twice
    const std::string text = metrics_.text();
    EXPECT_NE(text.find("armarium_http_requests_total{route=\"thing\",status=\"200\"} 3"), std::string::npos) << text;
    EXPECT_NE(text.find("armarium_http_request_duration_seconds_count{route=\"thing\"} 3"), std::string::npos);
    EXPECT_NE(text.find("armarium_http_stage_seconds_total{plan=\"stored\",route=\"thing\",stage=\"make\"}"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace armarium::http
