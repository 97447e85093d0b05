#include "http/layer.h"

#include <atomic>
#include <exception>

#include "base/log.h"
#include "http/problem.h"

namespace armarium::http {
namespace {

class LayerExchange final : public Exchange {
 public:
  LayerExchange(ExchangePtr inner, Finish finish) : inner_(std::move(inner)), finish_(std::move(finish)) {}
  ~LayerExchange() override {
    if (answered_) return;
    try {
      const bool gone = inner_->cancel().cancelled();
      finish_(inner_, gone ? problem_response({.status = 503})
                           : internal_error("a handler released its exchange without an answer"));
    } catch (...) {
      base::log::error("an exchange could not be answered");
    }
  }
  LayerExchange(const LayerExchange&) = delete;
  LayerExchange& operator=(const LayerExchange&) = delete;

  const Request& request() const override { return inner_->request(); }
  Request& mutable_request() override { return inner_->mutable_request(); }
  const base::CancelToken& cancel() const override { return inner_->cancel(); }
  void read_body(std::uint64_t limit, std::function<void(base::Result<base::Bytes>)> done) override {
    inner_->read_body(limit, std::move(done));
  }
  void read_some(std::function<void(base::Result<base::Bytes>)> done) override { inner_->read_some(std::move(done)); }
  void respond(Response response) override {
    if (answered_.exchange(true)) {
      base::log::error("a handler answered twice");
      return;
    }
    finish_(inner_, std::move(response));
  }

 private:
  ExchangePtr inner_;
  Finish finish_;
  std::atomic<bool> answered_{false};
};

}  // namespace

ExchangePtr with_finish(ExchangePtr inner, Finish finish) {
  return std::make_shared<LayerExchange>(std::move(inner), std::move(finish));
}

}  // namespace armarium::http
