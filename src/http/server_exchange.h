#pragma once
// The exchange of a request that came in over a connection: carries calls from any thread to the connection's loop. Outlives the connection where a handler holds it longer; then
// nothing happens. Private to the server.

#include <atomic>
#include <memory>

#include "http/connection.h"
#include "http/exchange.h"
#include "http/io_loop.h"

namespace armarium::http {

class ServerExchange final : public Exchange {
 public:
  ServerExchange(Request request, base::CancelToken cancel, std::uint64_t number, std::weak_ptr<Connection> connection,
                 std::shared_ptr<IoLoop> loop);
  ~ServerExchange() override;
  ServerExchange(const ServerExchange&) = delete;
  ServerExchange& operator=(const ServerExchange&) = delete;

  const Request& request() const override { return request_; }
  Request& mutable_request() override { return request_; }
  const base::CancelToken& cancel() const override { return cancel_; }
  void read_body(std::uint64_t limit, std::function<void(base::Result<base::Bytes>)> done) override;
  void read_some(std::function<void(base::Result<base::Bytes>)> done) override;
  void respond(Response response) override;

 private:
  void send(Response response);

  Request request_;
  base::CancelToken cancel_;
  std::uint64_t number_;
  std::weak_ptr<Connection> connection_;
  std::shared_ptr<IoLoop> loop_;
  std::atomic<bool> answered_{false};
};

}  // namespace armarium::http
