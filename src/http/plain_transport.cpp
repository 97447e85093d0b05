#include <sys/socket.h>
#include <sys/uio.h>

#include <array>

#include <boost/asio/buffer.hpp>

#include "http/transport.h"

namespace armarium::http {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(tcp::socket socket) : socket_(std::move(socket)) {}

  void open(EventsPtr events) override { events->on_ready(true); }

  void read_some(std::span<char> into, EventsPtr events) override {
    socket_.async_read_some(
        boost::asio::buffer(into.data(), into.size()),
        [events = std::move(events)](const error_code& ec, std::size_t bytes) {
          events->on_read(bytes, !ec ? ReadEnd::open : ec == boost::asio::error::eof ? ReadEnd::end : ReadEnd::broken);
        });
  }

  void write_some(std::string_view first, std::string_view second, EventsPtr events) override {
    const std::array buffers = {boost::asio::const_buffer(first.data(), first.size()),
                                boost::asio::const_buffer(second.data(), second.size())};
    socket_.async_write_some(buffers, [events = std::move(events)](const error_code& ec, std::size_t bytes) {
      events->on_written(bytes, !ec);
    });
  }

  // Past Asio, which would report a write that is over in another turn of the loop.
  std::size_t write_now(std::string_view first, std::string_view second) override {
    std::array<iovec, 2> parts{{{const_cast<char*>(first.data()), first.size()},  // NOLINT: sendmsg does not write
                                {const_cast<char*>(second.data()), second.size()}}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const ssize_t sent = ::sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent > 0 ? static_cast<std::size_t>(sent) : 0;
  }

  void shut(EventsPtr events) override {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    events->on_shut();
  }

  void close() noexcept override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  tcp::socket socket_;
};

}  // namespace

std::unique_ptr<Transport> plain_transport(tcp::socket socket) {
  return std::make_unique<PlainTransport>(std::move(socket));
}

}  // namespace armarium::http
