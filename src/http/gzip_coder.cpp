#include <zlib.h>

#include <array>

#include "http/coder.h"

namespace armarium::http {
namespace {

class GzipCoder final : public Coder {
 public:
  explicit GzipCoder(int level) {
    ready_ = deflateInit2(&stream_, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~GzipCoder() override {
    if (ready_) deflateEnd(&stream_);
  }
  GzipCoder(const GzipCoder&) = delete;
  GzipCoder& operator=(const GzipCoder&) = delete;

  base::Result<> add(std::string_view plain, bool last, std::string& out) override {
    if (!ready_) return base::fail(base::ErrorCode::internal, "The answer could not be compressed.", "zlib");
    std::array<char, 32768> buffer;
    do {
      const std::size_t piece = std::min<std::size_t>(plain.size(), 1U << 30);
      stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(plain.data()));
      stream_.avail_in = static_cast<uInt>(piece);
      plain.remove_prefix(piece);
      do {
        stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
        stream_.avail_out = static_cast<uInt>(buffer.size());
        if (deflate(&stream_, last && plain.empty() ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR) {
          return base::fail(base::ErrorCode::internal, "The answer could not be compressed.", "zlib");
        }
        out.append(buffer.data(), buffer.size() - stream_.avail_out);
      } while (stream_.avail_out == 0);
    } while (!plain.empty());
    return {};
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

}  // namespace

std::unique_ptr<Coder> make_gzip_coder(int level) { return std::make_unique<GzipCoder>(level); }

}  // namespace armarium::http
