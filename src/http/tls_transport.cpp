#include <array>
#include <cstring>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "http/transport.h"

namespace armarium::http {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;
namespace ssl = boost::asio::ssl;

class TlsTransport final : public Transport {
 public:
  TlsTransport(tcp::socket socket, ssl::context& context) : stream_(std::move(socket), context) {}

  std::string protocol() const override {
    const unsigned char* chosen = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(const_cast<TlsTransport*>(this)->stream_.native_handle(), &chosen, &length);
    return {reinterpret_cast<const char*>(chosen), length};
  }

  void open(EventsPtr events) override {
    stream_.async_handshake(ssl::stream_base::server,
                            [events = std::move(events)](const error_code& ec) { events->on_ready(!ec); });
  }

  void read_some(std::span<char> into, EventsPtr events) override {
    stream_.async_read_some(boost::asio::buffer(into.data(), into.size()),
                            [events = std::move(events)](const error_code& ec, std::size_t bytes) {
                              const bool end = ec == boost::asio::error::eof || ec == ssl::error::stream_truncated;
                              events->on_read(bytes, !ec ? ReadEnd::open : end ? ReadEnd::end : ReadEnd::broken);
                            });
  }

  // A TLS stream writes its first non-empty buffer only; small answers are joined so that head and body leave in one record.
  void write_some(std::string_view first, std::string_view second, EventsPtr events) override {
    if (!first.empty() && !second.empty()) {
      const std::size_t count =
          std::min<std::size_t>(second.size(), joined_.size() - std::min(first.size(), joined_.size()));
      if (first.size() <= joined_.size()) {
        std::memcpy(joined_.data(), first.data(), first.size());
        std::memcpy(joined_.data() + first.size(), second.data(), count);
        first = {joined_.data(), first.size() + count};
      }
    } else if (first.empty()) {
      first = second;
    }
    stream_.async_write_some(
        boost::asio::buffer(first.data(), first.size()),
        [events = std::move(events)](const error_code& ec, std::size_t bytes) { events->on_written(bytes, !ec); });
  }

  void shut(EventsPtr events) override {
    stream_.async_shutdown([events = std::move(events)](const error_code&) { events->on_shut(); });
  }

  void close() noexcept override {
    error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

 private:
  ssl::stream<tcp::socket> stream_;
  std::array<char, 16384> joined_{};
};

// RFC 7301: HTTP/2, else HTTP/1.1, where the client offers them; no answer to the extension otherwise.
int select_protocol(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* in,
                    unsigned in_length, void*) {
  static constexpr unsigned char kProtocols[] = {2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_length, kProtocols, sizeof kProtocols, in, in_length) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

std::unique_ptr<Transport> tls_transport(tcp::socket socket, ssl::context& context) {
  return std::make_unique<TlsTransport>(std::move(socket), context);
}

base::Result<std::shared_ptr<ssl::context>> tls_context(const std::string& certificate, const std::string& key) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                  SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(native, select_protocol, nullptr);
  error_code ec;
  context->use_certificate_chain_file(certificate, ec);
  if (ec)
    return base::fail(base::ErrorCode::invalid_argument,
                      "The TLS certificate cannot be read: it must be a PEM file with the whole chain.", ec.message());
  context->use_private_key_file(key, ssl::context::pem, ec);
  if (ec)
    return base::fail(base::ErrorCode::invalid_argument, "The TLS key cannot be read, or it is not the certificate's.",
                      ec.message());
  if (SSL_CTX_check_private_key(native) != 1) {
    ERR_clear_error();
    return base::fail(base::ErrorCode::invalid_argument, "The TLS key is not the certificate's.");
  }
  return context;
}

}  // namespace armarium::http
