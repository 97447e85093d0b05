#include "http/gateway.h"

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <utility>

#include "http/answer_memory.h"
#include "http/conditional.h"
#include "http/cors.h"
#include "http/io_thread.h"
#include "http/layer.h"

namespace armarium::http {
namespace {

using Clock = std::chrono::steady_clock;

// Above this an I/O thread hands the compression to the pool.
constexpr std::size_t kCompressHere = 16U << 10;

// What was done in the end; the handler's word counts for whole answers.
std::string_view plan_of(const base::Timing& timing, int status) {
  if (status == 304) return "unchanged";
  if (status >= 400) return "error";
  return timing.plan.empty() ? "document" : timing.plan;
}

class Gateway : public std::enable_shared_from_this<Gateway> {
 public:
  Gateway(GatewayOptions options, Origin origin, Handler inner, base::WorkPool& pool)
      : options_(std::move(options)),
        origin_(std::move(origin)),
        inner_(std::move(inner)),
        pool_(pool),
        accounts_(*options_.accounts),
        coded_(options_.compression.cache_bytes),
        memory_(options_.repeat_bytes) {}
  ~Gateway() { in_flight_gauge_.add(-static_cast<double>(in_flight_shown_.load())); }
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  void show_in(base::Metrics& metrics) {
    options_.accounts->show_in(metrics);
    in_flight_gauge_ = metrics.gauge("armarium_http_in_flight", "Requests that are being answered.");
    metrics.on_collect([weak = weak_from_this()] {
      const auto self = weak.lock();
      if (!self) return;
      const auto now = static_cast<std::int64_t>(self->in_flight_.load());
      self->in_flight_gauge_.add(static_cast<double>(now - self->in_flight_shown_.exchange(now)));
    });
  }

  void handle(const ExchangePtr& outer) {
    auto flight = std::make_shared<Flight>(shared_from_this());
    const bool crowded = flight->number > options_.max_in_flight;
    const auto placed = crowded ? base::Result<>() : origin_.apply(outer->mutable_request());
    if (!crowded && placed) {
      if (const KeptAnswerPtr kept = memory_.find(outer->request(), flight->started))
        return repeat(outer, *kept, std::move(flight));
    }
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
    if (!placed) {
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
    explicit Flight(std::shared_ptr<Gateway> owner) : gateway(std::move(owner)), number(++gateway->in_flight_) {}
    ~Flight() { --gateway->in_flight_; }
    Flight(const Flight&) = delete;
    Flight& operator=(const Flight&) = delete;
    std::shared_ptr<Gateway> gateway;
    std::size_t number;
    Clock::time_point started = Clock::now();
    Clock::time_point answered;
    base::Timing timing;
    Account* account = nullptr;
    std::string route;
    int status = 0;
    std::string line;  // of the access log, as far as the request gives it; empty: none
    std::function<void(const Delivery&)> told;
  };
  using FlightPtr = std::shared_ptr<Flight>;

  // An answer that was given before, without asking for it again.
  void repeat(const ExchangePtr& outer, const KeptAnswer& kept, FlightPtr flight) {
    Response response;
    response.body = kept.body;
    response.timing = kept.timing;
    response.prepared = kept.head;
    flight->account = kept.account;
    flight->route = kept.route;
    if (options_.access_log.enabled) flight->line = access_start(outer->request(), options_.access_log);
    dispatch(outer, std::move(response), std::move(flight));
  }

  void finish(const ExchangePtr& inner, Response response, FlightPtr flight) {
    const Request& request = inner->request();
    flight->route = request.route;
    if (options_.access_log.enabled) flight->line = access_start(request, options_.access_log);
    flight->told = std::exchange(response.delivered, nullptr);
    Coding coding = negotiate_coding(request, response, options_.compression);
    const int status = response.status;
    apply_preconditions(request, response);
    apply_range(request, response);
    if (response.status != status) coding = Coding::identity;
    add_cors(response);
    add_security_headers(response);
    if (coding == Coding::identity) return dispatch(inner, std::move(response), std::move(flight));
    response.headers.remove("Accept-Ranges");
    encode_and_dispatch(inner, std::move(response), coding, std::move(flight));
  }

  void encode_and_dispatch(const ExchangePtr& inner, Response response, Coding coding, FlightPtr flight) {
    if (encode_from_cache(inner->request(), response, coding, coded_))
      return dispatch(inner, std::move(response), std::move(flight));
    const auto* text = std::get_if<std::string>(&response.body);
    const auto* bytes = std::get_if<base::SharedBytes>(&response.body);
    const std::size_t size = text != nullptr ? text->size() : bytes != nullptr ? (*bytes)->size() : 0;
    const auto shared = std::make_shared<Response>(std::move(response));
    const auto work = [self = shared_from_this(), inner, shared, coding, flight] {
      // What cannot be compressed goes out as it is.
      if (!encode_body(inner->request(), *shared, coding, self->options_.compression, &self->coded_)) {
        shared->headers.remove("Content-Encoding");
      }
      self->dispatch(inner, std::move(*shared), flight);
    };
    if (size <= kCompressHere || !on_io_thread()) return work();
    if (!pool_.submit(base::Lane::tile, work)) dispatch(inner, std::move(*shared), std::move(flight));
  }

  // Off it goes: what it took is said and counted, and what lasts is kept.
  void dispatch(const ExchangePtr& inner, Response response, FlightPtr flight) {
    flight->answered = Clock::now();
    flight->status = response.status;
    base::Timing& timing = response.timing;
    const auto total = flight->answered - flight->started;
    timing.plan = plan_of(timing, response.status);
    if (const auto rest = total - timing.sum(); rest > Clock::duration::zero()) timing.of(base::Stage::make) += rest;
    if (flight->account == nullptr) {
      flight->account =
          &accounts_.account(flight->route, response.status, timing.cache == "hit" ? "kept" : timing.plan);
    }
    if (response.lasting) {
      memory_.keep(inner->request(), response, accounts_.account(flight->route, response.status, "kept"));
    }
    std::string said;
    said.reserve(128);
    base::append_server_timing(said, timing, total);
    response.headers.add("Server-Timing", std::move(said));
    flight->timing = timing;
    response.delivered = [flight = std::move(flight)](const Delivery& delivery) {
      if (flight->told) flight->told(delivery);
      flight->gateway->record(*flight, delivery);
    };
    inner->respond(std::move(response));
  }

  void record(Flight& flight, const Delivery& delivery) {
    const auto now = Clock::now();
    flight.timing.of(base::Stage::send) = now - flight.answered;
    flight.account->add(flight.timing, delivery.body_bytes, now - flight.started);
    if (!flight.line.empty())
      write_access(std::move(flight.line), {flight.route, flight.status, delivery, now - flight.started});
  }

  GatewayOptions options_;
  Origin origin_;
  Handler inner_;
  base::WorkPool& pool_;
  Accounts& accounts_;
  CodingCache coded_;
  AnswerMemory memory_;
  base::Gauge in_flight_gauge_;
  std::atomic<std::size_t> in_flight_{0};
  std::atomic<std::int64_t> in_flight_shown_{0};
};

}  // namespace

base::Result<Handler> gateway(GatewayOptions options, Handler inner, base::WorkPool& pool, base::Metrics* metrics) {
  auto origin = Origin::make(options.origin);
  if (!origin) return base::fail(origin.error());
  if (!options.accounts) options.accounts = std::make_shared<Accounts>();
  auto made = std::make_shared<Gateway>(std::move(options), std::move(*origin), std::move(inner), pool);
  if (metrics != nullptr) made->show_in(*metrics);
  return Handler([made = std::move(made)](const ExchangePtr& exchange) { made->handle(exchange); });
}

}  // namespace armarium::http
