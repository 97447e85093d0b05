#include "http/gateway.h"

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "http/conditional.h"
#include "http/cors.h"
#include "http/io_thread.h"
#include "http/layer.h"
#include "http/route_metrics.h"

namespace armarium::http {
namespace {

using Clock = std::chrono::steady_clock;

// Above this an I/O thread hands the compression to the pool.
constexpr std::size_t kCompressHere = 16U << 10;

class Gateway : public std::enable_shared_from_this<Gateway> {
 public:
  Gateway(GatewayOptions options, Origin origin, Handler inner, base::WorkPool& pool, base::Metrics* metrics)
      : options_(std::move(options)),
        origin_(std::move(origin)),
        inner_(std::move(inner)),
        pool_(pool),
        metrics_(metrics),
        coded_(options_.compression.cache_bytes) {
    if (metrics_ != nullptr)
      in_flight_gauge_ = metrics_->gauge("armarium_http_in_flight", "Requests that are being answered.");
  }

  void handle(const ExchangePtr& outer) {
    auto flight = std::make_shared<Flight>(shared_from_this());
    const bool crowded = flight->number > options_.max_in_flight;
    const ExchangePtr exchange = with_finish(outer, [self = shared_from_this(), flight = std::move(flight)](
                                                        const ExchangePtr& inner, Response response) mutable {
      self->finish(inner, std::move(response), std::move(flight));
    });
    if (crowded) {
      return exchange->respond(problem_response({.status = 503,
                                                 .detail = "The server has more to do than it can; try again shortly.",
                                                 .retry_after = std::chrono::seconds(2)},
                                                outer->request(), options_.error_page));
    }
    if (const auto placed = origin_.apply(outer->mutable_request()); !placed) {
      const int status = placed.error().code == base::ErrorCode::wrong_host ? 421 : 400;
      return exchange->respond(problem_response({.status = status, .detail = placed.error().message}, outer->request(),
                                                options_.error_page));
    }
    try {
      inner_(exchange);
    } catch (const std::exception& e) {
      exchange->respond(internal_error(e.what()));
    } catch (...) {
      exchange->respond(internal_error("an unknown exception in a handler"));
    }
  }

 private:
  // One exchange on its way; counted until its answer is out or dropped.
  struct Flight {
    explicit Flight(std::shared_ptr<Gateway> owner) : gateway(std::move(owner)), number(++gateway->in_flight_) {
      gateway->in_flight_gauge_.add(1);
    }
    ~Flight() {
      --gateway->in_flight_;
      gateway->in_flight_gauge_.add(-1);
    }
    Flight(const Flight&) = delete;
    Flight& operator=(const Flight&) = delete;
    std::shared_ptr<Gateway> gateway;
    std::size_t number;
    Clock::time_point started = Clock::now();
    std::string route;
    int status = 0;
    std::optional<AccessEntry> entry;  // where there is an access log
    std::function<void(const Delivery&)> told;
  };

  void finish(const ExchangePtr& inner, Response response, std::shared_ptr<Flight> flight) {
    const Request& request = inner->request();
    flight->route = request.route;
    if (options_.access_log.enabled) flight->entry = access_entry(request);
    flight->told = std::exchange(response.delivered, nullptr);
    Coding coding = negotiate_coding(request, response, options_.compression);
    const int status = response.status;
    apply_preconditions(request, response);
    apply_range(request, response);
    if (response.status != status) coding = Coding::identity;
    add_cors(response);
    add_security_headers(response);
    flight->status = response.status;
    response.delivered = [flight = std::move(flight)](const Delivery& delivery) {
      if (flight->told) flight->told(delivery);
      flight->gateway->record(*flight, delivery);
    };
    if (coding == Coding::identity) return inner->respond(std::move(response));
    response.headers.remove("Accept-Ranges");
    encode_and_respond(inner, std::move(response), coding);
  }

  void encode_and_respond(const ExchangePtr& inner, Response response, Coding coding) {
    if (encode_from_cache(inner->request(), response, coding, coded_)) return inner->respond(std::move(response));
    const auto* text = std::get_if<std::string>(&response.body);
    const auto* bytes = std::get_if<base::SharedBytes>(&response.body);
    const std::size_t size = text != nullptr ? text->size() : bytes != nullptr ? (*bytes)->size() : 0;
    const auto shared = std::make_shared<Response>(std::move(response));
    const auto work = [self = shared_from_this(), inner, shared, coding] {
      // What cannot be compressed goes out as it is.
      if (!encode_body(inner->request(), *shared, coding, self->options_.compression, &self->coded_)) {
        shared->headers.remove("Content-Encoding");
      }
      inner->respond(std::move(*shared));
    };
    if (size <= kCompressHere || !on_io_thread()) return work();
    if (!pool_.submit(base::Lane::tile, work)) inner->respond(std::move(*shared));
  }

  void record(Flight& flight, const Delivery& delivery) {
    const auto duration = Clock::now() - flight.started;
    if (flight.entry) {
      AccessEntry& entry = *flight.entry;
      entry.status = flight.status;
      entry.bytes = delivery.body_bytes;
      entry.complete = delivery.complete;
      entry.duration = std::chrono::duration_cast<std::chrono::microseconds>(duration);
      write_access(entry, options_.access_log);
    }
    if (metrics_ != nullptr) metrics_of_routes_.record(*metrics_, flight.route, flight.status, delivery, duration);
  }

  GatewayOptions options_;
  Origin origin_;
  Handler inner_;
  base::WorkPool& pool_;
  base::Metrics* metrics_;
  CodingCache coded_;
  base::Gauge in_flight_gauge_;
  RouteMetrics metrics_of_routes_;
  std::atomic<std::size_t> in_flight_{0};
};

}  // namespace

base::Result<Handler> gateway(GatewayOptions options, Handler inner, base::WorkPool& pool, base::Metrics* metrics) {
  auto origin = Origin::make(options.origin);
  if (!origin) return base::fail(origin.error());
  auto made = std::make_shared<Gateway>(std::move(options), std::move(*origin), std::move(inner), pool, metrics);
  return Handler([made = std::move(made)](const ExchangePtr& exchange) { made->handle(exchange); });
}

}  // namespace armarium::http
