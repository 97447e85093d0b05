#include "http/gateway.h"

#include <brotli/decode.h>
#include <zlib.h>

#include <condition_variable>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/dispatch.h"
#include "http/fake_exchange.h"
#include "http/layer.h"
#include "http/server.h"
#include "http/test_client.h"

namespace armarium::http {
namespace {

using ::testing::HasSubstr;
using Fields = FakeExchange::Fields;

const std::string kLong(5000, 'x');

std::string gunzip(const std::string& coded) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string out(100'000, '\0');
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(coded.data()));
  stream.avail_in = static_cast<uInt>(coded.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = inflate(&stream, Z_FINISH);
  out = out.substr(0, stream.total_out);
  inflateEnd(&stream);
  return result == Z_STREAM_END ? out : "broken";
}

std::string unbrotli(const std::string& coded) {
  std::string out(100'000, '\0');
  std::size_t size = out.size();
  const auto result = BrotliDecoderDecompress(coded.size(), reinterpret_cast<const std::uint8_t*>(coded.data()), &size,
                                              reinterpret_cast<std::uint8_t*>(out.data()));
  out.resize(size);
  return result == BROTLI_DECODER_RESULT_SUCCESS ? out : "broken";
}

class ThreePieces final : public BodyProducer {
 public:
  base::Result<bool> pull(std::string& out) override {
    if (left_ == 0) return false;
    --left_;
    out += kLong;
    return true;
  }

 private:
  int left_ = 3;
};

class GatewayTest : public ::testing::Test {
 protected:
  GatewayTest() {
    auto router = std::make_shared<Router>();
    const auto add = [&](const char* methods, const char* path, const char* name, std::function<Response()> make) {
      router->add(methods, path, name, [make = std::move(make)](const ExchangePtr& exchange, const Parameters&) {
        exchange->respond(make());
      });
    };
    add("GET", "/json", "json", [] { return with_type("application/json", kLong); });
    add("GET", "/short", "short", [] { return with_type("application/json", "{}"); });
    add("GET", "/jpeg", "jpeg", [] { return with_type("image/jpeg", kLong); });
    add("GET", "/stream", "stream", [] {
      Response response = with_type("text/html; charset=utf-8", "");
      response.body = std::make_unique<ThreePieces>();
      return response;
    });
    add("GET", "/file", "file", [] {
      Response response = with_type("text/plain", "");
      response.body = FileSlice{std::make_shared<base::MemorySource>(base::Bytes(3000, 'f')), {0, 3000}};
      return response;
    });
    add("GET,PUT", "/both/{id}", "both", [] { return with_type("text/plain", "ok"); });
    add("GET", "/throw", "throw", []() -> Response { throw std::runtime_error("secret"); });
    router->add("GET", "/forget", "forget", [](const ExchangePtr&, const Parameters&) {});
    router->add("GET", "/hold", "hold",
                [this](const ExchangePtr& exchange, const Parameters&) { held_.push_back(exchange); });
    router_ = router;
  }
  static Response with_type(std::string type, std::string body) {
    Response response;
    response.headers.set("Content-Type", std::move(type));
    response.headers.set("ETag", "\"rev\"");
    response.body = std::move(body);
    return response;
  }
  std::shared_ptr<FakeExchange> ask(const std::string& target, const Fields& fields = {}, std::string method = "GET") {
    if (!handler_) {
      auto made = gateway(options_, dispatch(router_), pool_, &metrics_);
      EXPECT_TRUE(made);
      handler_ = std::move(*made);
    }
    auto exchange = FakeExchange::make(std::move(method), target, fields);
    handler_(exchange);
    EXPECT_EQ(exchange->wait() == nullptr ? 0 : exchange->answers(), 1) << target;
    return exchange;
  }

  GatewayOptions options_{.access_log = {.enabled = false}};
  std::shared_ptr<const Router> router_;
  base::WorkPool pool_{{.threads = 1}};
  base::Metrics metrics_;
  Handler handler_;
  std::vector<ExchangePtr> held_;
};

TEST_F(GatewayTest, EveryAnswerHasCorsAndNosniff) {
  const std::vector<std::pair<std::string, int>> cases = {
      {"/json", 200}, {"/nothing", 404}, {"/throw", 500}, {"/forget", 500}, {"/both/50%", 400}};
  for (const auto& [target, status] : cases) {
    const auto answer = ask(target);
    EXPECT_EQ(answer->wait()->status, status) << target;
    EXPECT_EQ(answer->wait()->headers.get("Access-Control-Allow-Origin"), "*") << target;
    EXPECT_THAT(std::string(answer->wait()->headers.get("Access-Control-Expose-Headers")),
                HasSubstr("ETag, Link, Location, Content-Range, Retry-After"));
    EXPECT_EQ(answer->wait()->headers.get("X-Content-Type-Options"), "nosniff") << target;
    EXPECT_FALSE(answer->wait()->headers.has("Access-Control-Allow-Credentials"));
  }
  const auto misdirected = ask("/json", {{"Host", "evil.example"}});
  EXPECT_EQ(misdirected->wait()->status, 421);
  EXPECT_EQ(misdirected->wait()->headers.get("Access-Control-Allow-Origin"), "*");
}

TEST_F(GatewayTest, AnswersPreflightAndOptions) {
  const Fields preflight = {{"Origin", "https://x.test"},
                            {"Access-Control-Request-Method", "PUT"},
                            {"Access-Control-Request-Headers", "if-match"}};
  const auto answer = ask("/both/1", preflight, "OPTIONS");
  EXPECT_EQ(answer->wait()->status, 204);
  EXPECT_EQ(answer->wait()->headers.get("Access-Control-Allow-Headers"),
            "Accept, Authorization, Content-Type, If-Match, If-None-Match, Prefer, Range, Slug");
  EXPECT_EQ(answer->wait()->headers.get("Access-Control-Allow-Methods"), "GET, HEAD, PUT, OPTIONS");
  EXPECT_EQ(ask("/nothing", preflight, "OPTIONS")->wait()->status, 204);
  const auto plain = ask("/both/1", {}, "OPTIONS");
  EXPECT_EQ(plain->wait()->status, 200);
  EXPECT_EQ(plain->wait()->headers.get("Allow"), "GET, HEAD, PUT, OPTIONS");
  EXPECT_EQ(ask("/nothing", {}, "OPTIONS")->wait()->status, 404);
}

TEST_F(GatewayTest, RefusesOtherMethods) {
  const auto answer = ask("/json", {}, "DELETE");
  EXPECT_EQ(answer->wait()->status, 405);
  EXPECT_EQ(answer->wait()->headers.get("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(ask("/json", {}, "BREW")->wait()->status, 405);
}

TEST_F(GatewayTest, CompressesTextThatPays) {
  auto answer = ask("/json", {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(answer->wait()->headers.get("Content-Encoding"), "gzip");
  EXPECT_EQ(answer->wait()->headers.get("ETag"), "\"rev-gzip\"");
  EXPECT_EQ(answer->wait()->headers.get("Vary"), "Accept-Encoding");
  EXPECT_EQ(gunzip(*answer->body_text()), kLong);
  answer = ask("/json", {{"Accept-Encoding", "gzip, br"}});
  EXPECT_EQ(answer->wait()->headers.get("ETag"), "\"rev-br\"");
  EXPECT_EQ(unbrotli(*answer->body_text()), kLong);
  answer = ask("/json");
  EXPECT_EQ(answer->wait()->headers.get("Vary"), "Accept-Encoding");
  EXPECT_EQ(answer->wait()->headers.get("ETag"), "\"rev\"");
  EXPECT_EQ(*answer->body_text(), kLong);
  for (const char* target : {"/short", "/jpeg", "/file"}) {
    answer = ask(target, {{"Accept-Encoding", "gzip, br"}});
    EXPECT_FALSE(answer->wait()->headers.has("Content-Encoding")) << target;
    EXPECT_FALSE(answer->wait()->headers.has("Vary")) << target;
  }
}

TEST_F(GatewayTest, CompressesOnce) {
  const auto body = [this](const char* coding) {
    const auto answer = ask("/json", {{"Accept-Encoding", coding}});
    EXPECT_EQ(answer->wait()->headers.get("Content-Encoding"), coding);
    EXPECT_FALSE(answer->wait()->headers.has("Content-Length"));
    return std::get<base::SharedBytes>(answer->wait()->body);
  };
  const base::SharedBytes first = body("gzip");
  EXPECT_EQ(body("gzip"), first) << "the same bytes, not equal ones";
  EXPECT_NE(body("br"), first);
}

TEST_F(GatewayTest, CompressesWhatIsProduced) {
  EXPECT_EQ(gunzip(*ask("/stream", {{"Accept-Encoding", "gzip"}})->body_text()), kLong + kLong + kLong);
  EXPECT_EQ(unbrotli(*ask("/stream", {{"Accept-Encoding", "br"}})->body_text()), kLong + kLong + kLong);
}

TEST_F(GatewayTest, HeadSaysWhatGetWould) {
  const auto answer = ask("/json", {{"Accept-Encoding", "gzip"}}, "HEAD");
  EXPECT_EQ(answer->wait()->status, 200);
  EXPECT_EQ(answer->wait()->headers.get("ETag"), "\"rev-gzip\"");
  EXPECT_EQ(answer->wait()->headers.get("Content-Encoding"), "gzip");
}

TEST_F(GatewayTest, PreconditionsAndRanges) {
  auto answer = ask("/json", {{"If-None-Match", "\"rev-br\""}, {"Accept-Encoding", "br"}});
  EXPECT_EQ(answer->wait()->status, 304);
  EXPECT_EQ(answer->wait()->headers.get("ETag"), "\"rev-br\"");
  EXPECT_EQ(answer->wait()->headers.get("Vary"), "Accept-Encoding");
  EXPECT_EQ(answer->wait()->headers.get("Access-Control-Allow-Origin"), "*");
  answer = ask("/file", {{"Range", "bytes=0-9"}, {"Accept-Encoding", "gzip"}});
  EXPECT_EQ(answer->wait()->status, 206);
  EXPECT_EQ(*answer->body_text(), "ffffffffff");
  answer = ask("/file", {{"Range", "bytes=5000-"}});
  EXPECT_EQ(answer->wait()->status, 416);
  EXPECT_EQ(answer->wait()->headers.get("Access-Control-Allow-Origin"), "*");
}

TEST_F(GatewayTest, TurnsAwayWhatIsTooMuch) {
  options_.max_in_flight = 2;
  const auto handle = [this](const std::shared_ptr<FakeExchange>& exchange) { handler_(exchange); };
  EXPECT_EQ(ask("/json")->wait()->status, 200);
  const auto first = FakeExchange::get("/hold");
  const auto second = FakeExchange::get("/hold");
  handle(first);
  handle(second);
  EXPECT_THAT(metrics_.text(), HasSubstr("armarium_http_in_flight 2"));
  auto third = ask("/json");
  EXPECT_EQ(third->wait()->status, 503);
  EXPECT_TRUE(third->wait()->headers.has("Retry-After"));
  third.reset();
  held_.clear();  // released without an answer
  EXPECT_EQ(first->wait()->status, 500);
  first->wait()->delivered({0, true});
  first->wait()->delivered = nullptr;
  second->wait()->delivered = nullptr;
  EXPECT_EQ(ask("/json")->wait()->status, 200);
}

TEST_F(GatewayTest, CountsRequests) {
  const auto answer = ask("/json");
  answer->wait()->delivered({5000, true});
  const std::string text = metrics_.text();
  EXPECT_THAT(text, HasSubstr("armarium_http_requests_total{route=\"json\",status=\"200\"} 1"));
  EXPECT_THAT(text, HasSubstr("armarium_http_response_bytes_total{route=\"json\"} 5000"));
  EXPECT_THAT(text, HasSubstr("armarium_http_request_duration_seconds_count{route=\"json\"} 1"));
}

TEST_F(GatewayTest, RefusesOptionsThatMakeNoSense) {
  EXPECT_FALSE(gateway({.origin = {.public_url = "nonsense"}}, dispatch(router_), pool_, nullptr));
}

TEST_F(GatewayTest, WorksBehindTheServer) {
  auto made = gateway(options_, dispatch(router_), pool_, &metrics_);
  ASSERT_TRUE(made);
  ServerOptions options;
  options.port = 0;
  Server server(options, *made, pool_);
  ASSERT_TRUE(server.start());
  server.show_connections(metrics_, "public");
  testing::Client client(server.port());
  const std::string host = fmt::format("Host: localhost:{}\r\n", server.port());
  auto answer = client.ask("GET /json HTTP/1.1\r\n" + host + "Accept-Encoding: gzip\r\n\r\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(gunzip(answer->body), kLong);
  answer = client.ask("GET /stream HTTP/1.1\r\n" + host + "Accept-Encoding: br\r\n\r\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(unbrotli(answer->body), kLong + kLong + kLong);
  EXPECT_EQ(client.ask("HEAD /json HTTP/1.1\r\n" + host + "\r\n")->headers.get("Content-Length"), "5000");
  EXPECT_FALSE(
      client.ask("HEAD /json HTTP/1.1\r\n" + host + "Accept-Encoding: gzip\r\n\r\n")->headers.has("Content-Length"));
  EXPECT_EQ(client.ask("GET /json HTTP/1.1\r\nHost: other.example\r\n\r\n")->status, 421);
  EXPECT_EQ(client.ask("GET /forget HTTP/1.1\r\n" + host + "\r\n")->headers.get("Access-Control-Allow-Origin"), "*");
  EXPECT_THAT(metrics_.text(), HasSubstr("armarium_http_connections{listener=\"public\"} 1"));
  server.stop(std::chrono::seconds(1));
  EXPECT_THAT(metrics_.text(), HasSubstr("armarium_http_in_flight 0"));
  EXPECT_THAT(metrics_.text(), HasSubstr("armarium_http_connections{listener=\"public\"} 0"));
}

}  // namespace
}  // namespace armarium::http
