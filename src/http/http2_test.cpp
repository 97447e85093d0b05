#include <atomic>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "http/http2_client.h"
#include "http/server.h"

namespace armarium::http {
namespace {

using namespace std::chrono_literals;
using testing::Client;
using testing::Http2Client;

class Pieces final : public BodyProducer {
 public:
  base::Result<bool> pull(std::string& out) override {
    if (left_ == 0) return false;
    out.append(10'000, static_cast<char>('a' + --left_ % 26));
    return true;
  }

 private:
  int left_ = 50;
};

class Http2Test : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.port = 0;
    server_ = std::make_unique<Server>(
        options_, [this](const ExchangePtr& exchange) { handle(exchange); }, pool_);
    ASSERT_TRUE(server_->start());
  }
  void TearDown() override { held_.reset(); }

  void count(const ExchangePtr& exchange, std::uint64_t so_far) {
    exchange->read_some([this, exchange, so_far](base::Result<base::Bytes> piece) {
      taken_ = so_far + (piece ? piece->size() : 0);
      if (piece && piece->size() > largest_) largest_ = piece->size();
      if (piece && !piece->empty()) {
        const auto next = [this, exchange, taken = taken_.load()] {
          std::this_thread::sleep_for(1ms);
          count(exchange, taken);
        };
        if (!pool_.submit(base::Lane::large, next)) ADD_FAILURE();
        return;
      }
      failed_ = !piece;
      Response counted;
      counted.body = std::to_string(taken_);
      exchange->respond(std::move(counted));
    });
  }
  void handle(const ExchangePtr& exchange) {
    const Request& request = exchange->request();
    Response response;
    if (request.path == "/where") {
      response.headers.add("X-Mixed-Case", "kept");
      response.headers.add("Connection", "close");
      response.body = fmt::format("{} {}?{} {} {}", request.method, request.path, request.query, request.base_url,
                                  request.headers.get("Cookie"));
    } else if (request.path == "/large") {
      response.body = base::share(base::Bytes(1'000'000, 'x'));
    } else if (request.path == "/produce") {
      response.body = std::make_unique<Pieces>();
    } else if (request.path == "/file") {
      response.body = FileSlice{std::make_shared<base::MemorySource>(base::Bytes(600'000, 'm')), {1, 599'999}};
    } else if (request.path == "/throw") {
      throw std::runtime_error("secret");
    } else if (request.path == "/hold") {
      cancel_ = exchange->cancel();
      held_ = exchange;
      return;
    } else if (request.path == "/echo") {
      return exchange->read_body(1'000'000, [exchange](base::Result<base::Bytes> body) {
        Response echo;
        if (!body) echo.status = body.error().code == base::ErrorCode::too_large ? 413 : 400;
        echo.body = body ? std::string(base::as_text(*body)) : body.error().message;
        exchange->respond(std::move(echo));
      });
    } else if (request.path == "/count") {
      return count(exchange, 0);
    } else if (request.path == "/later") {
      return std::thread([exchange] {
               std::this_thread::sleep_for(50ms);
               Response late;
               late.body = std::string("late");
               exchange->respond(std::move(late));
             })
          .detach();
    }
    exchange->respond(std::move(response));
  }
  std::string status_of(Http2Client& client, std::int32_t stream) {
    return client.read(stream).fields.contains(":status") ? client.streams[stream].fields[":status"] : "";
  }

  ServerOptions options_;
  base::WorkPool pool_{{.threads = 2}};
  std::unique_ptr<Server> server_;
  std::atomic<std::uint64_t> taken_{0};
  std::atomic<std::size_t> largest_{0};
  std::atomic<bool> failed_{false};
  ExchangePtr held_;
  base::CancelToken cancel_;
};

TEST_F(Http2Test, AnswersAsHandlersSay) {
  Http2Client client(server_->port());
  const auto& answer = client.read(client.request("/where?a=b", "GET", {}, {{"cookie", "x=1"}, {"cookie", "y=2"}}));
  EXPECT_EQ(answer.fields.at(":status"), "200");
  EXPECT_EQ(answer.body, "GET /where?a=b http://a x=1; y=2");
  EXPECT_EQ(answer.fields.at("x-mixed-case"), "kept");
  EXPECT_FALSE(answer.fields.contains("connection"));
  EXPECT_TRUE(answer.fields.contains("date"));
  EXPECT_EQ(answer.fields.at("content-length"), std::to_string(answer.body.size()));
  EXPECT_EQ(answer.code, 0U);
  EXPECT_EQ(status_of(client, client.request("/throw")), "500");

  const auto& head = client.read(client.request("/large", "HEAD"));
  EXPECT_EQ(head.fields.at("content-length"), "1000000");
  EXPECT_EQ(head.body, "");
}

TEST_F(Http2Test, ManyRequestsShareOneConnection) {
  Http2Client client(server_->port());
  const std::int32_t late = client.request("/later");
  std::vector<std::int32_t> streams;
  streams.reserve(60);
  for (int i = 0; i < 60; ++i)
    streams.push_back(client.request(i % 3 == 0 ? "/large" : i % 3 == 1 ? "/produce" : "/file"));
  for (std::size_t i = 0; i < streams.size(); ++i) {
    const auto& answer = client.read(streams[i]);
    EXPECT_EQ(answer.body.size(), i % 3 == 0 ? 1'000'000U : i % 3 == 1 ? 500'000U : 599'999U) << i;
    EXPECT_EQ(answer.code, 0U);
  }
  EXPECT_EQ(client.read(late).body, "late");
  EXPECT_EQ(server_->connections(), 1U);
}

TEST_F(Http2Test, BodiesArriveBeyondTheirWindow) {
  Http2Client client(server_->port());
  const std::string body(900'000, 'b');
  EXPECT_EQ(client.read(client.request("/echo", "POST", body)).body, body);
  EXPECT_EQ(status_of(client, client.request("/echo", "POST", std::string(1'100'000, 'b'))), "413");
  // Nobody reads this one; the connection goes on.
  EXPECT_EQ(status_of(client, client.request("/where", "POST", std::string(500'000, 'b'))), "200");
  EXPECT_EQ(client.read(client.request("/echo", "POST", "short")).body, "short");
}

TEST_F(Http2Test, GivesBodiesInPieces) {
  Http2Client client(server_->port());
  EXPECT_EQ(client.read(client.request("/count", "PATCH", std::string(8'000'000, 'b'))).body, "8000000");
  EXPECT_LE(largest_, std::size_t{1} << 20);
  EXPECT_EQ(client.read(client.request("/count", "PATCH", "short")).body, "5");
  EXPECT_EQ(client.read(client.request("/count", "PATCH")).body, "0");
  const std::int32_t dropped = client.request("/count", "PATCH", std::string(8'000'000, 'b'));
  client.reset(dropped);
  EXPECT_EQ(status_of(client, client.request("/where")), "200");
  for (int i = 0; i < 100 && !failed_; ++i) std::this_thread::sleep_for(20ms);
  EXPECT_TRUE(failed_);
}

TEST_F(Http2Test, AClientThatDropsAStreamCancelsItsWork) {
  Http2Client client(server_->port());
  const std::int32_t stream = client.request("/hold");
  EXPECT_EQ(status_of(client, client.request("/where")), "200");
  EXPECT_FALSE(cancel_.cancelled());
  client.reset(stream);
  EXPECT_EQ(status_of(client, client.request("/where")), "200");
  EXPECT_TRUE(cancel_.cancelled());
}

TEST_F(Http2Test, DroppingStreamsWithoutEndIsAnAttack) {
  Http2Client client(server_->port());
  for (int i = 0; i < 3000 && !client.told_to_go; ++i) {
    client.reset(client.request("/later"));
    if (i % 100 == 99) (void)client.read(client.request("/where"));
  }
  while (client.receive()) {
  }
  EXPECT_TRUE(client.told_to_go);
  EXPECT_EQ(client.go_away_code, static_cast<std::uint32_t>(NGHTTP2_ENHANCE_YOUR_CALM));
}

TEST_F(Http2Test, RefusesWhatHttp11Refuses) {
  Http2Client client(server_->port());
  EXPECT_EQ(status_of(client, client.request("/" + std::string(20'000, 'a'))), "414");
  EXPECT_EQ(status_of(client, client.request("/where", "GET", {}, {{"expect", "tea"}})), "417");
  std::vector<std::pair<std::string, std::string>> many;
  many.reserve(200);
  for (int i = 0; i < 200; ++i) many.emplace_back(fmt::format("x-{}", i), "y");
  EXPECT_EQ(status_of(client, client.request("/where", "GET", {}, many)), "431");
  EXPECT_EQ(status_of(client, client.request("/where")), "200");
}

TEST_F(Http2Test, GarbageEndsTheConnectionOnly) {
  for (const std::string& garbage : {std::string("\0\0\xFF\x01garbage", 11), std::string(100'000, '\xFF')}) {
    Client client(server_->port());
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + garbage);
    (void)client.read_all();
    EXPECT_TRUE(client.closed(0ms));
  }
  Client almost(server_->port());
  almost.send("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
  EXPECT_EQ(almost.read()->status, 505);
  Http2Client client(server_->port());
  EXPECT_EQ(status_of(client, client.request("/where")), "200");
}

TEST_F(Http2Test, DrainsWhatIsUnderWay) {
  Http2Client client(server_->port());
  const std::int32_t stream = client.request("/later");
  EXPECT_EQ(status_of(client, client.request("/where")), "200");
  std::thread stopping([this] { server_->stop(5s); });
  EXPECT_EQ(client.read(stream).body, "late");
  stopping.join();
  EXPECT_TRUE(client.told_to_go);
}

}  // namespace
}  // namespace armarium::http
