#include "http/server.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.h"
#include "base/metrics.h"
#include "http/connection.h"
#include "http/io_loop.h"
#include "http/opening_connection.h"
#include "http/problem.h"
#include "http/response_head.h"
#include "http/transport.h"

namespace armarium::http {
namespace {

using namespace std::chrono_literals;
using base::ErrorCode;
using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr auto kTick = 250ms;

// A mapped IPv4 address as what it is.
std::string text_of(const boost::asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).to_string();
  return address.to_string();
}

// One loop with the connections that live on it. All members belong to the loop's thread.
struct Worker : std::enable_shared_from_this<Worker> {
  std::shared_ptr<IoLoop> loop = std::make_shared<IoLoop>();
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections;
  boost::asio::steady_timer timer{loop->context()};
  bool draining = false;
  bool ending = false;

  void tick() {
    if (ending) return;
    timer.expires_after(kTick);
    timer.async_wait([self = shared_from_this()](const error_code& ec) {
      if (ec) return;
      for (const auto& connection : self->all()) connection->check_deadline(Connection::Clock::now());
      self->tick();
    });
  }
  std::vector<std::shared_ptr<Connection>> all() const {
    std::vector<std::shared_ptr<Connection>> copy;
    copy.reserve(connections.size());
    for (const auto& [key, connection] : connections) copy.push_back(connection);
    return copy;
  }
};

}  // namespace

struct Server::State : std::enable_shared_from_this<Server::State> {
  State(ServerOptions options_in, Handler handler_in, base::WorkPool& pool)
      : options(std::move(options_in)), handler(std::move(handler_in)), work_pool(pool) {}

  ServerOptions options;
  Handler handler;
  base::WorkPool& work_pool;
  std::shared_ptr<boost::asio::ssl::context> tls;
  std::shared_ptr<const ConnectionContext> context;
  std::vector<std::shared_ptr<Worker>> workers;
  std::unique_ptr<tcp::acceptor> acceptor;           // on the first worker's loop
  std::unique_ptr<boost::asio::steady_timer> pause;  // after an accept that failed
  std::uint16_t bound_port = 0;
  std::size_t next_worker = 0;
  std::atomic<std::size_t> open{0};
  std::mutex mutex;
  std::condition_variable none_open;
  bool stopped = false;

  base::Result<> bind();
  void accept();
  void take(tcp::socket socket, const std::shared_ptr<Worker>& worker);
  static void turn_away(tcp::socket socket, bool secure);
  void drop_one();
};

base::Result<> Server::State::bind() {
  error_code ec;
  boost::asio::io_context& io = workers.front()->loop->context();
  tcp::resolver resolver(io);
  const std::string bare = options.address.starts_with('[') && options.address.ends_with(']')
                               ? options.address.substr(1, options.address.size() - 2)
                               : options.address;
  const auto found =
      resolver.resolve(bare, std::to_string(options.port), tcp::resolver::passive | tcp::resolver::numeric_service, ec);
  if (ec || found.empty())
    return base::fail(ErrorCode::invalid_argument,
                      fmt::format("The address {} to listen on is not known.", options.address), ec.message());
  const tcp::endpoint endpoint = found.begin()->endpoint();
  acceptor = std::make_unique<tcp::acceptor>(io);
  acceptor->open(endpoint.protocol(), ec);
  if (!ec) acceptor->set_option(tcp::acceptor::reuse_address(true), ec);
  // "::" takes IPv4 too.
  if (!ec && endpoint.address().is_v6()) acceptor->set_option(boost::asio::ip::v6_only(false), ec);
  if (!ec) acceptor->bind(endpoint, ec);
  if (!ec) acceptor->listen(1024, ec);
  if (ec)
    return base::fail(ErrorCode::io,
                      fmt::format("Cannot listen on {}:{}: {}.", options.address, options.port, ec.message()));
  bound_port = acceptor->local_endpoint(ec).port();
  return {};
}

// One acceptor hands the sockets to the loops in turn: with SO_REUSEPORT a second server on the port would start without an error, and few connections spread badly.
void Server::State::accept() {
  const std::shared_ptr<Worker> worker = workers[next_worker++ % workers.size()];
  acceptor->async_accept(worker->loop->context(),
                         [self = shared_from_this(), worker](const error_code& ec, tcp::socket socket) {
                           if (!self->acceptor->is_open()) return;
                           if (!ec) {
                             self->take(std::move(socket), worker);
                             return self->accept();
                           }
                           // Out of descriptors, most likely: wait instead of spinning.
                           base::log::warning("a connection could not be accepted: {}", ec.message());
                           self->pause->expires_after(100ms);
                           self->pause->async_wait([self](const error_code& stopped_waiting) {
                             if (!stopped_waiting && self->acceptor->is_open()) self->accept();
                           });
                         });
}

void Server::State::take(tcp::socket socket, const std::shared_ptr<Worker>& worker) {
  if (open.load() >= options.max_connections) return turn_away(std::move(socket), tls != nullptr);
  ++open;
  error_code ec;
  socket.set_option(tcp::no_delay(true), ec);
  const tcp::endpoint peer = socket.remote_endpoint(ec);
  const tcp::endpoint local = socket.local_endpoint(ec);
  Link link{context,
            worker->loop,
            tls ? tls_transport(std::move(socket), *tls) : plain_transport(std::move(socket)),
            {text_of(peer.address()), text_of(local.address()), local.port()}};
  const auto add = [](Worker& to, const std::shared_ptr<Connection>& connection) {
    to.connections.emplace(connection.get(), connection);
    connection->start();
    if (to.draining) connection->drain();
  };
  auto opening = std::make_shared<OpeningConnection>(
      std::move(link),
      [target = worker.get(), add](Connection* before, const std::shared_ptr<Connection>& after) {
        target->connections.erase(before);
        add(*target, after);
      },
      [self = weak_from_this(), target = worker.get()](Connection* gone) {
        target->connections.erase(gone);
        if (const auto state = self.lock()) state->drop_one();
      });
  worker->loop->post([worker, add, opening = std::move(opening)] { add(*worker, opening); });
}

void Server::State::turn_away(tcp::socket socket, bool secure) {
  error_code ignored;
  if (!secure) {
    const Response response = refusal({.status = 503,
                                       .detail = "The server has as many connections as it can; try again shortly.",
                                       .retry_after = 2s});
    const std::string& body = std::get<std::string>(response.body);
    const std::string text = response_head(response, {.keep_alive = false, .content_length = body.size()}) + body;
    socket.non_blocking(true, ignored);
    socket.send(boost::asio::buffer(text), 0, ignored);
  }
  socket.shutdown(tcp::socket::shutdown_both, ignored);
}

void Server::State::drop_one() {
  const std::lock_guard lock(mutex);
  if (--open == 0) none_open.notify_all();
}

Server::Server(ServerOptions options, Handler handler, base::WorkPool& pool)
    : state_(std::make_shared<State>(std::move(options), std::move(handler), pool)) {}

Server::~Server() { stop(0ms); }

base::Result<> Server::start() {
  State& state = *state_;
  if (state.options.tls_certificate.empty() != state.options.tls_key.empty()) {
    return base::fail(ErrorCode::invalid_argument, "TLS needs both a certificate and a key.");
  }
  if (!state.options.tls_certificate.empty()) {
    auto made = tls_context(state.options.tls_certificate, state.options.tls_key);
    if (!made) return base::fail(made.error());
    state.tls = std::move(*made);
  }
  state.context = std::make_shared<const ConnectionContext>(
      ConnectionContext{state.options, std::move(state.handler), state.work_pool, state.tls != nullptr});
  for (std::size_t i = 0; i < std::max<std::size_t>(1, state.options.io_threads); ++i)
    state.workers.push_back(std::make_shared<Worker>());
  if (auto bound = state.bind(); !bound) {
    state.acceptor.reset();  // before the loop that it belongs to
    state.workers.clear();
    return bound;
  }
  state.pause = std::make_unique<boost::asio::steady_timer>(state.workers.front()->loop->context());
  for (const auto& worker : state.workers) {
    worker->tick();
    worker->loop->start();
  }
  state.workers.front()->loop->post([self = state_] { self->accept(); });
  return {};
}

std::uint16_t Server::port() const { return state_->bound_port; }
std::size_t Server::connections() const { return state_->open.load(); }

void Server::show_connections(base::Metrics& metrics, const std::string& listener) const {
  const base::Gauge gauge = metrics.gauge("armarium_http_connections", "Open connections.", {{"listener", listener}});
  metrics.on_collect([gauge, weak = std::weak_ptr<const State>(state_)] {
    const auto state = weak.lock();
    gauge.set(state ? static_cast<double>(state->open.load()) : 0);
  });
}

void Server::stop(std::chrono::milliseconds grace) {
  State& state = *state_;
  if (std::exchange(state.stopped, true) || state.workers.empty()) return;
  state.workers.front()->loop->post([self = state_] {
    error_code ignored;
    self->acceptor->close(ignored);
    self->pause->cancel();
  });
  for (const auto& worker : state.workers) {
    worker->loop->post([worker] {
      worker->draining = true;
      for (const auto& connection : worker->all()) connection->drain();
    });
  }
  {
    std::unique_lock lock(state.mutex);
    state.none_open.wait_for(lock, grace, [&] { return state.open.load() == 0; });
  }
  for (const auto& worker : state.workers) {
    worker->loop->post([worker] {
      worker->ending = true;
      worker->timer.cancel();
      for (const auto& connection : worker->all()) connection->close();
    });
  }
  for (const auto& worker : state.workers) worker->loop->finish();
  state.acceptor.reset();
  state.pause.reset();
}

}  // namespace armarium::http
