#include "http/fake_exchange.h"

namespace armarium::http {

std::shared_ptr<FakeExchange> FakeExchange::make(std::string method, const std::string& target, const Fields& fields,
                                                 std::string_view body) {
  Request request;
  request.method = std::move(method);
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string::npos) request.query = target.substr(question + 1);
  request.client = "127.0.0.1";
  request.local = "127.0.0.1";
  request.local_port = 8080;
  request.base_url = "http://localhost:8080";
  request.headers.add("Host", "localhost:8080");
  for (const auto& [name, value] : fields) request.headers.set(name, value);
  const base::ByteView bytes = base::as_bytes(body);
  return std::make_shared<FakeExchange>(std::move(request), base::Bytes(bytes.begin(), bytes.end()));
}

void FakeExchange::read_body(std::uint64_t limit, std::function<void(base::Result<base::Bytes>)> done) {
  if (body_.size() > limit) return done(base::fail(base::ErrorCode::too_large, "The body is too large."));
  done(body_);
}

void FakeExchange::respond(Response response) {
  {
    const std::lock_guard lock(mutex_);
    if (++answers_ == 1) response_ = std::move(response);
  }
  came_.notify_all();
}

bool FakeExchange::answered() const {
  const std::lock_guard lock(mutex_);
  return response_.has_value();
}

int FakeExchange::answers() const {
  const std::lock_guard lock(mutex_);
  return answers_;
}

Response* FakeExchange::wait(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  came_.wait_for(lock, timeout, [this] { return response_.has_value(); });
  return response_ ? &*response_ : nullptr;
}

base::Result<std::string> FakeExchange::body_text() {
  Response* response = wait();
  if (response == nullptr) return base::fail(base::ErrorCode::deadline_exceeded, "No answer came.");
  return http::body_text(response->body);
}

base::Result<std::string> body_text(Body& body) {
  if (const auto* text = std::get_if<std::string>(&body)) return *text;
  if (const auto* bytes = std::get_if<base::SharedBytes>(&body))
    return *bytes ? std::string(base::as_text(**bytes)) : std::string();
  if (const auto* slice = std::get_if<FileSlice>(&body)) {
    std::string text(slice->range.length, '\0');
    if (auto read =
            slice->source->read(slice->range.offset, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
        !read)
      return base::fail(read.error());
    return text;
  }
  std::string text;
  if (const auto* producer = std::get_if<std::unique_ptr<BodyProducer>>(&body); producer != nullptr && *producer) {
    for (;;) {
      const auto more = (*producer)->pull(text);
      if (!more) return base::fail(more.error());
      if (!*more) break;
    }
  }
  return text;
}

}  // namespace armarium::http
