#pragma once
// The bytes of one connection, over TCP or TLS, as a connection sees them: one read and one write at a time, each reported later to the events on the loop's
// thread. open() and shut() may report from inside the call. Private to the server.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "base/error.h"

namespace armarium::http {

enum class ReadEnd { open, end, broken };  // still open; the client sends no more; the connection is lost

class TransportEvents {
 public:
  virtual ~TransportEvents() = default;
  virtual void on_ready(bool ok) = 0;
  virtual void on_read(std::size_t bytes, ReadEnd end) = 0;
  virtual void on_written(std::size_t bytes, bool ok) = 0;
  virtual void on_shut() = 0;
};

using EventsPtr = std::shared_ptr<TransportEvents>;

class Transport {
 public:
  virtual ~Transport() = default;
  // What the client chose by ALPN ("h2"), once it is open; empty where there is none.
  virtual std::string protocol() const { return {}; }
  // Makes it ready for bytes (the TLS handshake).
  virtual void open(EventsPtr events) = 0;
  virtual void read_some(std::span<char> into, EventsPtr events) = 0;
  // Writes some of `first` and, behind it, `second`; both must live until on_written.
  virtual void write_some(std::string_view first, std::string_view second, EventsPtr events) = 0;
  // As much of the same as goes without waiting, at once and without a report; 0 where nothing did, or where this end cannot. Only while no write is under way.
  virtual std::size_t write_now(std::string_view, std::string_view) { return 0; }
  // Tells the client that nothing more comes; it may still send.
  virtual void shut(EventsPtr events) = 0;
  // Ends everything; what is under way is reported as failed.
  virtual void close() noexcept = 0;
};

std::unique_ptr<Transport> plain_transport(boost::asio::ip::tcp::socket socket);
std::unique_ptr<Transport> tls_transport(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& context);

// TLS 1.2 and newer, HTTP/2 and HTTP/1.1 by ALPN, certificate chain and key from PEM files.
base::Result<std::shared_ptr<boost::asio::ssl::context>> tls_context(const std::string& certificate,
                                                                     const std::string& key);

}  // namespace armarium::http
