#include "api/intake.h"

#include "base/log.h"

namespace armarium::api {
namespace {

using base::Result;

class Intake : public std::enable_shared_from_this<Intake> {
 public:
  Intake(const Services& services, http::ExchangePtr exchange, std::unique_ptr<ingest::Uploads::Writer> writer,
         TakenIn done)
      : services_(services), exchange_(std::move(exchange)), writer_(std::move(writer)), done_(std::move(done)) {}

  void next() {
    exchange_->read_some([self = shared_from_this()](Result<base::Bytes> piece) {
      auto kept = std::make_shared<Result<base::Bytes>>(std::move(piece));
      if (!self->services_.pool.resume(base::Lane::large, [self, kept] { self->step(*kept); }))
        base::log::debug("an upload was broken off: the server is ending");
    });
  }

 private:
  void step(const Result<base::Bytes>& piece) {
    if (!piece) return finish(base::fail(piece.error()));
    if (piece->empty()) return finish(writer_->end());
    if (auto added = writer_->add(*piece); !added) return finish(base::fail(added.error()));
    next();
  }

  void finish(Result<ingest::UploadStatus> result) {
    writer_.reset();
    std::exchange(done_, nullptr)(std::move(result));
  }

  const Services& services_;
  http::ExchangePtr exchange_;
  std::unique_ptr<ingest::Uploads::Writer> writer_;
  TakenIn done_;
};

}  // namespace

void take_in(const Services& services, const http::ExchangePtr& exchange,
             std::unique_ptr<ingest::Uploads::Writer> writer, TakenIn done) {
  std::make_shared<Intake>(services, exchange, std::move(writer), std::move(done))->next();
}

}  // namespace armarium::api
