#pragma once
// An exchange without a connection, for the tests of handlers: built from a request, keeps the answer. respond() may come from any thread; wait() blocks until it came.

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/exchange.h"

namespace armarium::http {

class FakeExchange final : public Exchange {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  explicit FakeExchange(Request request, base::Bytes body = {})
      : request_(std::move(request)), body_(std::move(body)) {}

  // `target` is the raw path with its query.
  static std::shared_ptr<FakeExchange> make(std::string method, const std::string& target, const Fields& fields = {},
                                            std::string_view body = {});
  static std::shared_ptr<FakeExchange> get(const std::string& target, const Fields& fields = {}) {
    return make("GET", target, fields);
  }

  const Request& request() const override { return request_; }
  Request& mutable_request() override { return request_; }
  const base::CancelToken& cancel() const override { return cancel_; }
  void read_body(std::uint64_t limit, std::function<void(base::Result<base::Bytes>)> done) override;
  // The whole body is one piece.
  void read_some(std::function<void(base::Result<base::Bytes>)> done) override { done(std::exchange(body_, {})); }
  void respond(Response response) override;

  bool answered() const;
  // The answer; nothing when none came in time. A second answer is kept out and counted.
  Response* wait(std::chrono::milliseconds timeout = std::chrono::seconds(10));
  // The whole body of the answer, whatever kind it is; an Error where a file or producer fails.
  base::Result<std::string> body_text();
  int answers() const;

 private:
  Request request_;
  base::Bytes body_;
  base::CancelToken cancel_;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::optional<Response> response_;
  int answers_ = 0;
};

// The bytes of any body; producers are pulled to their end.
base::Result<std::string> body_text(Body& body);

}  // namespace armarium::http
