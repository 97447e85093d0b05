#include "api/image_stream.h"

namespace armarium::api {
namespace {

using base::Result;

class PictureProducer final : public http::BodyProducer {
 public:
  PictureProducer(const Services& services, const http::Exchange& exchange, StreamWork work,
                  std::unique_ptr<pipeline::PictureStream> stream)
      : services_(services), cancel_(exchange.cancel()), work_(std::move(work)), stream_(std::move(stream)) {}

  Result<> make() {
    // Each piece has the time of a request: all of them together may take as long as the client reads.
    const base::CancelToken cancel = cancel_.with_deadline(base::CancelToken::Clock::now() + services_.request_time);
    auto more = stream_->next(piece_, cancel);
    if (!more) return base::fail(std::move(more.error()));
    more_ = *more;
    if (more_) return {};
    const std::string defect = stream_->defect();
    if (!defect.empty()) services_.damage.note(work_.target.path, work_.target.version, defect);
    return {};
  }

  Result<bool> pull(std::string& out) override {
    if (piece_.empty() && more_) {
      if (auto made = make(); !made) return base::fail(std::move(made.error()));
    }
    out += base::as_text(piece_);
    piece_ = {};
    return more_;
  }

  const pipeline::PictureStream& stream() const noexcept { return *stream_; }

 private:
  const Services& services_;
  base::CancelToken cancel_;
  StreamWork work_;
  std::unique_ptr<pipeline::PictureStream> stream_;
  base::Bytes piece_;
  bool more_ = true;
};

}  // namespace

Result<http::Response> stream_picture(const Services& services, const http::Exchange& exchange, StreamWork work,
                                      http::Response response) {
  auto stream = services.pipeline.stream(work.target, work.numbers, exchange.request().principal.tier,
                                         deadline_of(services, exchange));
  if (!stream) return base::fail(std::move(stream.error()));
  auto producer = std::make_unique<PictureProducer>(services, exchange, std::move(work), std::move(*stream));
  if (exchange.request().method != "HEAD") {
    if (auto made = producer->make(); !made) return base::fail(std::move(made.error()));
  }
  const pipeline::PictureStream& picture = producer->stream();
  response.headers.add("Content-Type", picture.media_type());
  response.timing = picture.timing();
  if (const auto length = picture.length()) response.headers.add("Content-Length", std::to_string(*length));
  response.body = std::move(producer);
  return response;
}

}  // namespace armarium::api
