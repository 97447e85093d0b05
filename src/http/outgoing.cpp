#include "http/outgoing.h"

#include <sys/uio.h>

#include <charconv>
#include <exception>

#include <fmt/format.h>

#include "base/log.h"
#include "http/response_head.h"

namespace armarium::http {
namespace {

constexpr std::size_t kFilePiece = 256U << 10;
constexpr std::size_t kProducerPiece = 32U << 10;

std::optional<std::uint64_t> declared_length(const Response& response) {
  const std::string_view text = response.headers.get("Content-Length");
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> length_of(const Response& response) {
  if (const auto* text = std::get_if<std::string>(&response.body)) return text->size();
  if (const auto* bytes = std::get_if<base::SharedBytes>(&response.body)) return *bytes ? (*bytes)->size() : 0;
  if (const auto* slice = std::get_if<FileSlice>(&response.body)) return slice->range.length;
  return declared_length(response);
}

}  // namespace

Outgoing::Outgoing(Response response, Wire wire, std::shared_ptr<IoLoop> loop, base::WorkPool& pool)
    : response_(std::move(response)),
      wire_(wire),
      loop_(std::move(loop)),
      pool_(pool),
      length_(length_of(response_)),
      keep_alive_(wire.keep_alive) {
  const bool produced = std::holds_alternative<std::unique_ptr<BodyProducer>>(response_.body);
  if (has_no_body(response_.status)) {
    wire_.head_only = true;
    length_.reset();
  } else if (std::holds_alternative<std::monostate>(response_.body) && !wire_.head_only) {
    length_ = 0;
  } else if (produced && !length_ && !wire_.head_only) {
    chunked_ = !wire_.http_1_0 && wire_.framed;
    if (!chunked_) keep_alive_ = false;
  }
}

void Outgoing::put_head() {
  if (started_) return;
  started_ = true;
  if (!wire_.framed) return;
  first_ = response_head(
      response_,
      {.keep_alive = keep_alive_, .http_1_0 = wire_.http_1_0, .chunked = chunked_, .content_length = length_});
}

Outgoing::Step Outgoing::begin_memory(std::string_view body) {
  put_head();
  second_ = body;
  complete_ = true;
  return Step::ready;
}

std::optional<Outgoing::Step> Outgoing::next_now() {
  first_.clear();
  first_written_ = 0;
  if (complete_) return Step::finished;
  if (wire_.head_only) return begin_memory({});
  if (const auto* text = std::get_if<std::string>(&response_.body)) return begin_memory(*text);
  if (const auto* bytes = std::get_if<base::SharedBytes>(&response_.body))
    return begin_memory(*bytes ? base::as_text(**bytes) : std::string_view{});
  if (std::holds_alternative<std::monostate>(response_.body)) return begin_memory({});
  return std::nullopt;
}

void Outgoing::next(std::function<void(Step)> done) {
  if (const auto step = next_now()) return done(*step);
  if (std::holds_alternative<FileSlice>(response_.body)) return next_of_file(std::move(done));
  if (const auto* producer = std::get_if<std::unique_ptr<BodyProducer>>(&response_.body);
      producer != nullptr && *producer)
    return next_of_producer(std::move(done));
  done(begin_memory({}));
}

void Outgoing::written(std::size_t bytes) {
  const std::size_t of_first = std::min(bytes, first_.size() - first_written_);
  first_written_ += of_first;
  const std::size_t of_second = std::min(bytes - of_first, second_.size());
  second_.remove_prefix(of_second);
  body_bytes_ += of_second;
}

// preadv2 with RWF_NOWAIT: only what the page cache holds, so that a cold disk never stops the other connections of this thread.
bool Outgoing::read_cached(const FileSlice& slice) {
  const auto descriptor = slice.source->descriptor();
  if (!descriptor) return false;
  chunk_.resize(std::min<std::uint64_t>(kFilePiece, slice.range.length - file_done_));
  iovec part{chunk_.data(), chunk_.size()};
  const ssize_t count = preadv2(*descriptor, &part, 1, static_cast<off_t>(slice.range.offset + file_done_), RWF_NOWAIT);
  if (count <= 0) return false;
  chunk_.resize(static_cast<std::size_t>(count));
  return true;
}

Outgoing::Made Outgoing::read_blocking(const FileSlice& slice) {
  chunk_.resize(std::min<std::uint64_t>(kFilePiece, slice.range.length - file_done_));
  const auto read = slice.source->read(slice.range.offset + file_done_,
                                       {reinterpret_cast<std::uint8_t*>(chunk_.data()), chunk_.size()});
  if (!read) {
    base::log::warning("a file could not be sent: {} {}", read.error().message, read.error().detail);
    return Made::failed;
  }
  return Made::more;
}

void Outgoing::next_of_file(std::function<void(Step)> done) {
  const auto& slice = std::get<FileSlice>(response_.body);
  if (slice.range.length == file_done_ || !slice.source) return done(begin_memory({}));
  const auto taken = [this, length = slice.range.length](Made made) {
    if (made == Made::failed) return made;
    file_done_ += chunk_.size();
    return file_done_ == length ? Made::last : Made::more;
  };
  if (read_cached(slice)) return done(accept(taken(Made::more)));
  run_on_pool(
      base::Lane::tile, [this, &slice, taken] { return taken(read_blocking(slice)); }, std::move(done));
}

Outgoing::Made Outgoing::pull(BodyProducer& producer) {
  chunk_.clear();
  while (chunk_.size() < kProducerPiece) {
    const auto more = producer.pull(chunk_);
    if (!more) {
      if (more.error().code == base::ErrorCode::cancelled) return Made::failed;  // by the client itself
      base::log::warning("an answer broke off: {} {}", more.error().message, more.error().detail);
      return Made::failed;
    }
    if (!*more) return Made::last;
  }
  return Made::more;
}

void Outgoing::next_of_producer(std::function<void(Step)> done) {
  BodyProducer& producer = *std::get<std::unique_ptr<BodyProducer>>(response_.body);
  run_on_pool(
      base::Lane::large,
      [this, &producer] {
        const Made made = pull(producer);
        file_done_ += chunk_.size();
        if (made == Made::failed || !length_) return made;
        // The handler promised a length: neither more nor less leaves here (RFC 9112, 6.3).
        if (file_done_ > *length_ || (made == Made::last && file_done_ != *length_)) return Made::failed;
        return made;
      },
      std::move(done));
}

void Outgoing::run_on_pool(base::Lane lane, std::function<Made()> make, std::function<void(Step)> done) {
  auto job = [self = shared_from_this(), make = std::move(make), done]() mutable {
    Made made = Made::failed;
    try {
      made = make();
    } catch (const std::exception& e) {
      base::log::error("an answer broke off: {}", e.what());
    } catch (...) {
      base::log::error("an answer broke off by an unknown exception");
    }
    IoLoop& loop = *self->loop_;
    loop.post([self = std::move(self), made, done = std::move(done)] { done(self->accept(made)); });
  };
  // An answer that has begun is not broken off because others wait.
  const bool accepted = started_ ? pool_.resume(lane, std::move(job)) : pool_.submit(lane, std::move(job));
  if (!accepted) done(Step::overloaded);
}

Outgoing::Step Outgoing::accept(Made made) {
  if (made == Made::failed) return Step::failed;
  complete_ = made == Made::last;
  put_head();
  if (chunked_ && !chunk_.empty()) {
    first_ += fmt::format("{:x}\r\n", chunk_.size());
    chunk_ += "\r\n";
  }
  if (chunked_ && complete_) chunk_ += "0\r\n\r\n";
  second_ = chunk_;
  return Step::ready;
}

}  // namespace armarium::http
