#include "http/compression.h"

#include <algorithm>
#include <array>

#include "http/coder.h"
#include "http/text.h"

namespace armarium::http {
namespace {

std::unique_ptr<Coder> make_coder(Coding coding, const CompressionOptions& options) {
  return coding == Coding::gzip ? make_gzip_coder(options.gzip_level) : make_brotli_coder(options.brotli_quality);
}

// A produced body that is compressed as it is pulled.
class CodingProducer final : public BodyProducer {
 public:
  CodingProducer(std::unique_ptr<BodyProducer> inner, std::unique_ptr<Coder> coder)
      : inner_(std::move(inner)), coder_(std::move(coder)) {}
  base::Result<bool> pull(std::string& out) override {
    if (ended_) return false;
    plain_.clear();
    auto more = inner_->pull(plain_);
    if (!more) return more;
    ended_ = !*more;
    if (auto added = coder_->add(plain_, ended_, out); !added) return base::fail(added.error());
    return true;
  }

 private:
  std::unique_ptr<BodyProducer> inner_;
  std::unique_ptr<Coder> coder_;
  std::string plain_;
  bool ended_ = false;
};

std::optional<std::string_view> bytes_of(const Body& body) {
  if (const auto* text = std::get_if<std::string>(&body)) return *text;
  if (const auto* bytes = std::get_if<base::SharedBytes>(&body); bytes != nullptr && *bytes)
    return base::as_text(**bytes);
  return std::nullopt;
}

void tag_coding(Headers& headers, Coding coding) {
  const std::string tag(headers.get("ETag"));
  if (tag.size() < 2 || tag.back() != '"') return;
  headers.set("ETag", tag.substr(0, tag.size() - 1) + (coding == Coding::gzip ? "-gzip\"" : "-br\""));
}

void mark(Headers& headers, Coding coding) {
  headers.remove("Content-Length");
  headers.set("Content-Encoding", std::string(name_of(coding)));
  tag_coding(headers, coding);
}

}  // namespace

bool compressible(std::string_view content_type) {
  const std::string type = lower(trim(content_type.substr(0, content_type.find(';'))));
  if (type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml")) return true;
  constexpr std::array<std::string_view, 6> kOthers = {
      "application/json",          "application/javascript",        "application/xml",
      "application/manifest+json", "application/vnd.apple.mpegurl", "application/wasm"};
  return std::find(kOthers.begin(), kOthers.end(), type) != kOthers.end();
}

Coding negotiate_coding(const Request& request, Response& response, const CompressionOptions& options) {
  const Headers& headers = response.headers;
  if (response.status < 200 || response.status == 204 || response.status == 206 || response.status == 304 ||
      response.status == 416)
    return Coding::identity;
  if (headers.has("Content-Encoding") || headers.has("Content-Range") || !compressible(headers.get("Content-Type")))
    return Coding::identity;
  if (lower(headers.joined("Cache-Control")).find("no-transform") != std::string::npos) return Coding::identity;
  const auto bytes = bytes_of(response.body);
  const auto* producer = std::get_if<std::unique_ptr<BodyProducer>>(&response.body);
  if (bytes ? bytes->size() < options.minimum : producer == nullptr || !*producer) return Coding::identity;
  response.headers.merge("Vary", "Accept-Encoding");
  return choose_coding(request.headers.joined("Accept-Encoding"));
}

base::Result<std::string> compress(std::string_view plain, Coding coding, const CompressionOptions& options) {
  std::string out;
  if (coding == Coding::identity) return std::string(plain);
  if (auto added = make_coder(coding, options)->add(plain, true, out); !added) return base::fail(added.error());
  return out;
}

bool encode_from_cache(const Request& request, Response& response, Coding coding, CodingCache& cache) {
  if (coding == Coding::identity) return true;
  if (request.method == "HEAD") {
    response.body = std::monostate{};
  } else {
    const auto bytes = bytes_of(response.body);
    const std::string key = bytes ? CodingCache::key_of(*bytes, coding) : std::string();
    base::SharedBytes known = key.empty() ? nullptr : cache.find(key);
    if (!known) return false;
    response.body = std::move(known);
  }
  mark(response.headers, coding);
  return true;
}

base::Result<> encode_body(const Request& request, Response& response, Coding coding, const CompressionOptions& options,
                           CodingCache* cache) {
  if (coding == Coding::identity) return {};
  if (request.method == "HEAD") {
    response.body = std::monostate{};
  } else if (auto* producer = std::get_if<std::unique_ptr<BodyProducer>>(&response.body)) {
    response.body = std::make_unique<CodingProducer>(std::move(*producer), make_coder(coding, options));
  } else if (const auto bytes = bytes_of(response.body)) {
    auto coded = compress(*bytes, coding, options);
    if (!coded) return base::fail(coded.error());
    const std::string key = cache == nullptr ? std::string() : CodingCache::key_of(*bytes, coding);
    if (key.empty()) {
      response.body = std::move(*coded);
    } else {
      const base::ByteView made = base::as_bytes(*coded);
      base::SharedBytes kept = base::share(base::Bytes(made.begin(), made.end()));
      cache->put(key, kept);
      response.body = std::move(kept);
    }
  } else {
    return {};
  }
  mark(response.headers, coding);
  return {};
}

}  // namespace armarium::http
