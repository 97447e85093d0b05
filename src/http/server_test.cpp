#include "http/server.h"

#include <fcntl.h>

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "http/test_client.h"

namespace armarium::http {
namespace {

using namespace std::chrono_literals;
using testing::Answer;
using testing::Client;

// A file that tells its descriptor, as those of the file system do.
class DiskFile final : public base::ByteSource {
 public:
  explicit DiskFile(std::uint64_t size) : size_(size), version_{"disk"} {
    char path[] = "/tmp/armarium-server-test-XXXXXX";
    descriptor_ = ::mkstemp(path);
    ::unlink(path);
    for (std::uint64_t i = 0; i < size; i += 4096) {
      const std::string block(std::min<std::uint64_t>(4096, size - i), static_cast<char>('a' + i / 4096 % 26));
      if (::pwrite(descriptor_, block.data(), block.size(), static_cast<off_t>(i)) < 0) size_ = 0;
    }
  }
  ~DiskFile() override { ::close(descriptor_); }
  DiskFile(const DiskFile&) = delete;
  DiskFile& operator=(const DiskFile&) = delete;
  std::uint64_t size() const override { return size_; }
  const base::Version& version() const override { return version_; }
  base::Result<> read(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    if (::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset)) == static_cast<ssize_t>(out.size()))
      return {};
    return base::fail(base::ErrorCode::corrupt, "The file ends before its content does.");
  }
  std::optional<int> descriptor() const override { return descriptor_; }
  void cut(std::uint64_t size) const { EXPECT_EQ(::ftruncate(descriptor_, static_cast<off_t>(size)), 0); }

 private:
  std::uint64_t size_;
  base::Version version_;
  int descriptor_ = -1;
};

class Counter final : public BodyProducer {
 public:
  explicit Counter(int pieces, bool fails = false) : left_(pieces), fails_(fails) {}
  base::Result<bool> pull(std::string& out) override {
    if (left_ == 0)
      return fails_ ? base::Result<bool>(base::fail(base::ErrorCode::io, "The disk is gone."))
                    : base::Result<bool>(false);
    out.append(10'000, static_cast<char>('0' + left_ % 10));
    --left_;
    return true;
  }

 private:
  int left_;
  bool fails_;
};

class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.port = 0;
    options_.header_timeout = std::chrono::seconds(2);
  }
  void start() {
    server_ = std::make_unique<Server>(
        options_, [this](const ExchangePtr& exchange) { handle(exchange); }, pool_);
    const auto started = server_->start();
    ASSERT_TRUE(started) << started.error().message << started.error().detail;
  }
  // Takes the body in pieces and answers with its length; with a pool each piece is dealt with there, after a while.
  void count(const ExchangePtr& exchange, std::uint64_t so_far, base::WorkPool* pool = nullptr) {
    exchange->read_some([this, exchange, so_far, pool](base::Result<base::Bytes> piece) {
      taken_ = so_far + (piece ? piece->size() : 0);
      if (piece && piece->size() > largest_) largest_ = piece->size();
      if (piece && !piece->empty()) {
        if (pool == nullptr) return count(exchange, taken_);
        const auto next = [this, exchange, pool, taken = taken_.load()] {
          std::this_thread::sleep_for(2ms);
          count(exchange, taken, pool);
        };
        if (!pool->submit(base::Lane::large, next)) ADD_FAILURE();
        return;
      }
      Response counted;
      if (!piece) counted.status = 400;
      failed_with_ = piece ? base::ErrorCode::internal : piece.error().code;
      counted.body = std::to_string(taken_);
      exchange->respond(std::move(counted));
    });
  }
  void handle(const ExchangePtr& exchange) {
    const std::string path = exchange->request().path;
    Response response;
    if (path == "/text") {
      response.body = std::string("hello");
    } else if (path == "/path") {
      response.body = exchange->request().path + "?" + exchange->request().query + " " +
                      std::string(exchange->request().headers.get("Host"));
    } else if (path == "/shared") {
      response.body = base::share(base::Bytes(1'000'000, 'x'));
    } else if (path == "/file") {
      response.body = FileSlice{file_, {100, 1'000'000}};
    } else if (path == "/memory-file") {
      response.body = FileSlice{std::make_shared<base::MemorySource>(base::Bytes(600'000, 'm')), {1, 599'999}};
    } else if (path == "/produce") {
      response.body = std::make_unique<Counter>(100);
    } else if (path == "/produce-nothing") {
      response.body = std::make_unique<Counter>(0);
    } else if (path == "/produce-fail") {
      response.body = std::make_unique<Counter>(20, true);
    } else if (path == "/produce-fail-at-once") {
      response.body = std::make_unique<Counter>(0, true);
    } else if (path == "/throw") {
      throw std::runtime_error("secret detail");
    } else if (path == "/forget") {
      return;
    } else if (path == "/split") {
      response.headers.add("X-Name", "a\r\nEvil: yes");
      response.headers.add("Bad Name", "x");
    } else if (path == "/empty") {
      response.status = 204;
    } else if (path == "/echo") {
      exchange->read_body(1'000'000, [exchange](base::Result<base::Bytes> body) {
        Response echo;
        if (!body) echo.status = body.error().code == base::ErrorCode::too_large ? 413 : 400;
        echo.body = body ? std::string(base::as_text(*body)) : body.error().message;
        exchange->respond(std::move(echo));
      });
      return;
    } else if (path == "/count") {
      return count(exchange, 0);
    } else if (path == "/slow-count") {
      return count(exchange, 0, &pool_);
    } else if (path == "/later") {
      std::thread([exchange] {
        std::this_thread::sleep_for(100ms);
        Response late;
        late.body = std::string("late");
        exchange->respond(std::move(late));
      }).detach();
      return;
    } else if (path == "/hold") {
      const std::lock_guard lock(mutex_);
      held_ = exchange;
      came_.notify_all();
      return;
    } else {
      response.status = 404;
    }
    response.delivered = [this](const Delivery& delivery) {
      const std::lock_guard lock(mutex_);
      deliveries_.push_back(delivery);
      came_.notify_all();
    };
    exchange->respond(std::move(response));
  }
  ExchangePtr held() {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, 5s, [this] { return held_ != nullptr; });
    return std::exchange(held_, nullptr);
  }
  std::vector<Delivery> deliveries(std::size_t count) {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, 5s, [&] { return deliveries_.size() >= count; });
    return deliveries_;
  }
  std::optional<Answer> once(std::string_view request) {
    Client client(server_->port());
    return client.ask(request);
  }
  int status_of(std::string_view request) {
    const auto answer = once(request);
    return answer ? answer->status : 0;
  }

  ServerOptions options_;
  std::shared_ptr<DiskFile> file_ = std::make_shared<DiskFile>(2'000'000);
  std::mutex mutex_;
  std::condition_variable came_;
  std::atomic<std::uint64_t> taken_{0};
  std::atomic<std::size_t> largest_{0};
  std::atomic<base::ErrorCode> failed_with_{base::ErrorCode::internal};
  ExchangePtr held_;
  std::vector<Delivery> deliveries_;
  base::WorkPool pool_{{.threads = 2}};
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
  start();
  Client client(server_->port());
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.ask("GET /text HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "hello");
    EXPECT_EQ(answer->headers.get("content-length"), "5");
    EXPECT_TRUE(answer->headers.get("Date").ends_with(" GMT"));
    EXPECT_FALSE(answer->headers.has("Connection"));
  }
  EXPECT_EQ(server_->connections(), 1U);
}

TEST_F(ServerTest, PipelinedAnswersKeepTheirOrder) {
  start();
  Client client(server_->port());
  client.send(
      "GET /later HTTP/1.1\r\nHost: a\r\n\r\nGET /text HTTP/1.1\r\nHost: a\r\n\r\nGET /path?x=1 HTTP/1.1\r\nHost: "
      "b\r\n\r\n");
  EXPECT_EQ(client.read()->body, "late");
  EXPECT_EQ(client.read()->body, "hello");
  EXPECT_EQ(client.read()->body, "/path?x=1 b");
}

TEST_F(ServerTest, AnswersAClientThatClosedItsSide) {
  start();
  Client client(server_->port());
  client.send("GET /text HTTP/1.1\r\nHost: a\r\n\r\nGET /shared HTTP/1.1\r\nHost: a\r\n\r\n");
  client.end();
  EXPECT_EQ(client.read()->body, "hello");
  EXPECT_EQ(client.read()->body.size(), 1'000'000U);
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, Http10ClosesUnlessAskedToStay) {
  start();
  Client client(server_->port());
  EXPECT_EQ(client.ask("GET /text HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")->headers.get("Connection"),
            "keep-alive");
  EXPECT_EQ(client.ask("GET /text HTTP/1.0\r\n\r\n")->headers.get("Connection"), "close");
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, HeadHasTheLengthAndNoBody) {
  start();
  Client client(server_->port());
  client.send(
      "HEAD /file HTTP/1.1\r\nHost: a\r\n\r\nHEAD /produce HTTP/1.1\r\nHost: a\r\n\r\nGET /text HTTP/1.1\r\nHost: "
      "a\r\n\r\n");
  EXPECT_EQ(client.read(true)->headers.get("Content-Length"), "1000000");
  EXPECT_EQ(client.read(true)->status, 200);
  EXPECT_EQ(client.read()->body, "hello");
}

TEST_F(ServerTest, SendsFilesBySlices) {
  start();
  const auto answer = once("GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(answer);
  std::string expected(1'000'000, '\0');
  ASSERT_TRUE(file_->read(100, {reinterpret_cast<std::uint8_t*>(expected.data()), expected.size()}));
  EXPECT_EQ(answer->body, expected);
  EXPECT_EQ(once("GET /memory-file HTTP/1.1\r\nHost: a\r\n\r\n")->body, std::string(599'999, 'm'));
  const auto sent = deliveries(2);
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].body_bytes, 1'000'000U);
  EXPECT_TRUE(sent[0].complete);
}

TEST_F(ServerTest, AFileThatShrankBreaksOff) {
  start();
  file_->cut(500'000);
  Client client(server_->port());
  EXPECT_FALSE(client.ask("GET /file HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_TRUE(client.closed());
  ASSERT_EQ(deliveries(1).size(), 1U);
  EXPECT_FALSE(deliveries(1)[0].complete);
}

TEST_F(ServerTest, ProducersAreChunkedOrEndTheConnection) {
  start();
  Client client(server_->port());
  auto answer = client.ask("GET /produce HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->headers.get("Transfer-Encoding"), "chunked");
  EXPECT_EQ(answer->body.size(), 1'000'000U);
  EXPECT_EQ(client.ask("GET /produce-nothing HTTP/1.1\r\nHost: a\r\n\r\n")->body, "");
  answer = client.ask("GET /produce HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->headers.has("Transfer-Encoding"));
  EXPECT_EQ(answer->headers.get("Connection"), "close");
  EXPECT_EQ(answer->body.size(), 1'000'000U);
}

TEST_F(ServerTest, AProducerThatFailsIsSeen) {
  start();
  EXPECT_FALSE(once("GET /produce-fail HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_EQ(status_of("GET /produce-fail-at-once HTTP/1.1\r\nHost: a\r\n\r\n"), 500);
}

TEST_F(ServerTest, MistakesOfHandlersAre500) {
  start();
  Client client(server_->port());
  const auto thrown = client.ask("GET /throw HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(thrown);
  EXPECT_EQ(thrown->status, 500);
  EXPECT_EQ(thrown->headers.get("Content-Type"), "application/problem+json");
  EXPECT_EQ(thrown->body.find("secret"), std::string::npos);
  EXPECT_NE(thrown->body.find("\"incident\""), std::string::npos);
  EXPECT_EQ(client.ask("GET /forget HTTP/1.1\r\nHost: a\r\n\r\n")->status, 500);
  EXPECT_EQ(client.ask("GET /text HTTP/1.1\r\nHost: a\r\n\r\n")->status, 200);
}

TEST_F(ServerTest, HeadersCannotSplitAnAnswer) {
  start();
  const auto answer = once("GET /split HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->headers.get("X-Name"), "a  Evil: yes");
  EXPECT_FALSE(answer->headers.has("Evil"));
  EXPECT_FALSE(answer->headers.has("Bad Name"));
}

TEST_F(ServerTest, ReadsBodies) {
  start();
  Client client(server_->port());
  EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")->body, "abc");
  EXPECT_EQ(client
                .ask("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                     "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n")
                ->body,
            "abcde");
  EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")->body, "");
  const std::string large(900'000, 'z');
  EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n" + large)->body, large);
  EXPECT_EQ(client.ask("GET /text HTTP/1.1\r\nHost: a\r\n\r\n")->body, "hello");
}

TEST_F(ServerTest, GivesBodiesInPieces) {
  options_.max_body_bytes = 1000;  // of whole ones
  start();
  Client client(server_->port());
  const std::string large(3'000'000, 'z');
  for (const std::string path : {"/count", "/slow-count"}) {
    largest_ = 0;
    const std::string head = fmt::format("PATCH {} HTTP/1.1\r\nHost: a\r\n", path);
    client.send(head);
    client.send("Content-Length: 3000000\r\n\r\n");
    client.send(large);
    EXPECT_EQ(client.read()->body, "3000000");
    EXPECT_LT(largest_, 300'000U) << path;
    client.send(head);
    EXPECT_EQ(client.ask("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")->body, "5");
    client.send(head);
    EXPECT_EQ(client.ask("Content-Length: 0\r\n\r\n")->body, "0");
  }
  client.send("PATCH /count HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.read()->status, 100);
  EXPECT_EQ(client.ask("abc")->body, "3");
  EXPECT_EQ(client.ask("PATCH /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n")->status,
            400);
}

TEST_F(ServerTest, WhatNobodyTakesWaitsAtTheClient) {
  start();
  Client client(server_->port());
  client.send("PATCH /hold HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
  std::thread sender([&client] {
    for (int i = 0; i < 1000; ++i) client.send(std::string(100'000, 'x'));
  });
  ExchangePtr held;
  {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(came_.wait_for(lock, 5s, [this] { return held_ != nullptr; }));
    held = std::exchange(held_, nullptr);
  }
  std::promise<std::size_t> first;
  held->read_some([&first](base::Result<base::Bytes> piece) { first.set_value(piece ? piece->size() : 0); });
  EXPECT_GT(first.get_future().get(), 0U);
  std::this_thread::sleep_for(300ms);
  std::promise<std::size_t> second;
  held->read_some([&second](base::Result<base::Bytes> piece) { second.set_value(piece ? piece->size() : 0); });
  EXPECT_LT(second.get_future().get(), 400'000U);
  taken_ = 0;
  count(held, 0);
  EXPECT_GT(std::stoull(client.read()->body), 90'000'000U);
  sender.join();
}

TEST_F(ServerTest, ABodyInPiecesThatEndsEarlyIsGivenAsFarAsItCame) {
  start();
  Client client(server_->port());
  client.send("PATCH /slow-count HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + std::string(50'000, 'x'));
  client.end();
  for (int i = 0; i < 100 && failed_with_ != base::ErrorCode::cancelled; ++i) std::this_thread::sleep_for(20ms);
  EXPECT_EQ(failed_with_, base::ErrorCode::cancelled);
  EXPECT_EQ(taken_, 50'000U);
}

TEST_F(ServerTest, ABodyInPiecesMustKeepComing) {
  options_.header_timeout = std::chrono::seconds(1);
  start();
  Client client(server_->port());
  client.send("PATCH /count HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc");
  std::atomic<bool> over{false};
  // A byte now and then is not enough.
  std::thread drip([&] {
    while (!over) {
      client.send("x");
      std::this_thread::sleep_for(200ms);
    }
  });
  EXPECT_EQ(client.read()->status, 408);
  over = true;
  drip.join();
  EXPECT_EQ(failed_with_, base::ErrorCode::deadline_exceeded);
}

TEST_F(ServerTest, AsksForABodyThatIsExpectedTo) {
  start();
  Client client(server_->port());
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.read()->status, 100);
  EXPECT_EQ(client.ask("abc")->body, "abc");
  // A handler that does not want the body answers at once, and the connection ends.
  client.send("POST /text HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  const auto answer = client.read();
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->headers.get("Connection"), "close");
}

TEST_F(ServerTest, RefusesLargeBodies) {
  options_.max_body_bytes = 2'000'000;
  start();
  EXPECT_EQ(status_of("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1500000\r\n\r\n"), 413);
  EXPECT_EQ(status_of("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n"), 413);
  EXPECT_EQ(status_of("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nf4240\r\n" +
                      std::string(1'000'000, 'x') + "\r\n10\r\n0123456789abcdef\r\n"),
            413);
  // The answer arrives although the client goes on sending.
  EXPECT_EQ(
      status_of("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1900000\r\n\r\n" + std::string(1'900'000, 'x')),
      413);
}

TEST_F(ServerTest, RefusesMalformedRequestsAndCloses) {
  start();
  for (const std::string request :
       {"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", "BROKEN\r\n\r\n", "\x16\x03\x01garbage"}) {
    Client client(server_->port());
    const auto answer = client.ask(request);
    ASSERT_TRUE(answer) << request;
    EXPECT_EQ(answer->status, 400) << request;
    EXPECT_EQ(answer->headers.get("Content-Type"), "application/problem+json");
    EXPECT_EQ(answer->headers.get("Access-Control-Allow-Origin"), "*");
    EXPECT_TRUE(answer->headers.get("Server-Timing").starts_with("plan;desc=error")) << request;
    EXPECT_TRUE(client.closed());
  }
  EXPECT_EQ(status_of("GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"), 414);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(40'000, 'a') + "\r\n\r\n"), 431);
}

TEST_F(ServerTest, SlowHeadsAndBodiesAre408) {
  options_.header_timeout = std::chrono::seconds(1);
  start();
  Client head(server_->port());
  Client body(server_->port());
  head.send("GET /text HT");
  body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(head.read()->status, 408);
  EXPECT_TRUE(head.closed());
  EXPECT_EQ(body.read()->status, 408);
  EXPECT_TRUE(body.closed());
}

TEST_F(ServerTest, IdleConnectionsAreClosed) {
  options_.idle_timeout = std::chrono::seconds(1);
  start();
  Client client(server_->port());
  EXPECT_EQ(client.ask("GET /text HTTP/1.1\r\nHost: a\r\n\r\n")->status, 200);
  EXPECT_TRUE(client.closed(3s));
}

TEST_F(ServerTest, TurnsAwayTooManyConnections) {
  options_.max_connections = 2;
  start();
  Client first(server_->port());
  Client second(server_->port());
  EXPECT_EQ(first.ask("GET /text HTTP/1.1\r\nHost: a\r\n\r\n")->status, 200);
  EXPECT_EQ(second.ask("GET /text HTTP/1.1\r\nHost: a\r\n\r\n")->status, 200);
  Client third(server_->port());
  const auto answer = third.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_TRUE(answer->headers.has("Retry-After"));
  first.close();
  for (int i = 0; i < 100 && server_->connections() > 1; ++i) std::this_thread::sleep_for(20ms);
  EXPECT_EQ(status_of("GET /text HTTP/1.1\r\nHost: a\r\n\r\n"), 200);
}

TEST_F(ServerTest, CancelsWhenTheClientGoes) {
  start();
  Client client(server_->port());
  client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
  const ExchangePtr exchange = held();
  ASSERT_TRUE(exchange);
  EXPECT_FALSE(exchange->cancel().cancelled());
  client.close();
  for (int i = 0; i < 250 && !exchange->cancel().cancelled(); ++i) std::this_thread::sleep_for(20ms);
  EXPECT_TRUE(exchange->cancel().cancelled());
}

TEST_F(ServerTest, DrainsAnswersAndClosesIdleConnections) {
  start();
  Client busy(server_->port());
  Client idle(server_->port());
  EXPECT_EQ(idle.ask("GET /text HTTP/1.1\r\nHost: a\r\n\r\n")->status, 200);
  busy.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
  const ExchangePtr exchange = held();
  ASSERT_TRUE(exchange);
  std::thread stopper([this] { server_->stop(5s); });
  EXPECT_TRUE(idle.closed());
  Response response;
  response.body = std::string("last");
  exchange->respond(std::move(response));
  const auto answer = busy.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "last");
  EXPECT_EQ(answer->headers.get("Connection"), "close");
  busy.close();
  stopper.join();
  EXPECT_EQ(server_->connections(), 0U);
  EXPECT_FALSE(Client(server_->port()).connected());
}

TEST_F(ServerTest, StopsWithAnswersOutstanding) {
  start();
  Client client(server_->port());
  client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
  const ExchangePtr exchange = held();
  ASSERT_TRUE(exchange);
  server_->stop(50ms);
  EXPECT_TRUE(exchange->cancel().cancelled());
  bool told = false;
  Response response;
  response.delivered = [&](const Delivery& delivery) { told = !delivery.complete; };
  server_.reset();
  exchange->respond(std::move(response));  // long after the end: nothing happens
  EXPECT_TRUE(told);
}

TEST_F(ServerTest, SaysWhyItCannotListen) {
  start();
  ServerOptions options;
  options.port = server_->port();
  Server second(
      options, [](const ExchangePtr&) {}, pool_);
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("in use"), std::string::npos) << started.error().message;
  options.address = "no.such.host.invalid";
  EXPECT_FALSE(Server(
                   options, [](const ExchangePtr&) {}, pool_)
                   .start());
  options = {};
  options.tls_certificate = "only-one.pem";
  EXPECT_FALSE(Server(
                   options, [](const ExchangePtr&) {}, pool_)
                   .start());
}

TEST_F(ServerTest, ManyClientsAtOnce) {
  options_.io_threads = 2;
  start();
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      Client client(server_->port());
      for (int i = 0; i < 50; ++i) {
        const char* path = i % 5 == 0   ? "/produce"
                           : i % 5 == 1 ? "/file"
                           : i % 5 == 2 ? "/shared"
                           : i % 5 == 3 ? "/text"
                                        : "/path";
        const auto answer = client.ask(fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", path));
        if (answer && answer->status == 200 && !answer->body.empty()) ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 400);
}

}  // namespace
}  // namespace armarium::http
