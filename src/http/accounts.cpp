#include "http/accounts.h"

#include <algorithm>
#include <mutex>

namespace armarium::http {
namespace {

using Duration = base::Timing::Duration;

std::size_t stripe_here(std::size_t count) noexcept {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t number = threads.fetch_add(1, std::memory_order_relaxed);
  return number % count;
}

std::size_t bucket_of(Duration duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  const std::vector<double>& bounds = base::duration_buckets();
  return static_cast<std::size_t>(std::lower_bound(bounds.begin(), bounds.end(), seconds) - bounds.begin());
}

template <class Number>
void count(std::atomic<Number>& sum, Number amount) noexcept {
  if (amount != 0) sum.fetch_add(amount, std::memory_order_relaxed);
}

}  // namespace

void Account::add(const base::Timing& timing, std::uint64_t bytes, Duration total) noexcept {
  Stripe& stripe = stripes_[stripe_here(stripes_.size())];
  count(stripe.answers, std::uint64_t{1});
  count(stripe.bytes, bytes);
  count(stripe.bytes_read, timing.bytes_read);
  count(stripe.total, total.count());
  for (std::size_t i = 0; i < base::kStages; ++i) count(stripe.spent[i], timing.spent[i].count());
  count(stripe.by_duration[std::min(bucket_of(total), AccountSums::kBuckets - 1)], std::uint64_t{1});
}

AccountSums Account::sums() const noexcept {
  AccountSums sums;
  for (const Stripe& stripe : stripes_) {
    sums.answers += stripe.answers.load(std::memory_order_relaxed);
    sums.bytes += stripe.bytes.load(std::memory_order_relaxed);
    sums.bytes_read += stripe.bytes_read.load(std::memory_order_relaxed);
    sums.total += Duration(stripe.total.load(std::memory_order_relaxed));
    for (std::size_t i = 0; i < base::kStages; ++i)
      sums.spent[i] += Duration(stripe.spent[i].load(std::memory_order_relaxed));
    for (std::size_t i = 0; i < AccountSums::kBuckets; ++i)
      sums.by_duration[i] += stripe.by_duration[i].load(std::memory_order_relaxed);
  }
  return sums;
}

Account& Accounts::account(std::string_view route, int status, std::string_view plan) {
  const KeyView key{status, route.empty() ? "none" : route, plan};
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = accounts_.find(key); found != accounts_.end()) return *found->second;
  }
  const std::lock_guard lock(mutex_);
  auto& made = accounts_[Key{status, std::string(key.route), std::string(plan)}];
  if (!made) made = std::make_unique<Account>();
  return *made;
}

std::vector<Accounts::Entry> Accounts::list() const {
  std::vector<Entry> entries;
  const std::shared_lock lock(mutex_);
  for (const auto& [key, account] : accounts_) {
    AccountSums sums = account->sums();
    if (sums.answers > 0) entries.push_back({key.route, key.status, key.plan, sums});
  }
  return entries;
}

void Accounts::show_in(base::Metrics& metrics) {
  if (in_metrics_.exchange(true)) return;
  metrics.on_collect([self = shared_from_this(), &metrics] { self->refresh(metrics); });
}

// What was added since the last look.
void Accounts::refresh(base::Metrics& metrics) {
  const std::lock_guard only_one(shown_mutex_);
  const std::shared_lock lock(mutex_);
  for (const auto& [key, account] : accounts_) {
    const auto& [status, route, plan] = key;
    auto [at, is_new] = shown_.try_emplace(account.get());
    Shown& shown = at->second;
    if (is_new) {
      shown.requests = metrics.counter("armarium_http_requests_total", "Requests answered.",
                                       {{"route", route}, {"status", std::to_string(status)}});
      shown.bytes = metrics.counter("armarium_http_response_bytes_total", "Bytes of bodies sent.", {{"route", route}});
      shown.duration = metrics.histogram("armarium_http_request_duration_seconds",
                                         "From the head of the request to the end of the answer.", {{"route", route}},
                                         base::duration_buckets());
      for (std::size_t i = 0; i < base::kStages; ++i)
        shown.seconds[i] =
            metrics.counter("armarium_http_stage_seconds_total", "Where the time of answers went, by what was done.",
                            {{"route", route}, {"plan", plan}, {"stage", std::string(base::kStageNames[i])}});
    }
    const AccountSums now = account->sums();
    std::vector<double> by_duration;
    for (std::size_t i = 0; i < AccountSums::kBuckets; ++i)
      by_duration.push_back(static_cast<double>(now.by_duration[i] - shown.before.by_duration[i]));
    shown.requests.add(static_cast<double>(now.answers - shown.before.answers));
    shown.bytes.add(static_cast<double>(now.bytes - shown.before.bytes));
    shown.duration.observe_many(by_duration, std::chrono::duration<double>(now.total - shown.before.total).count());
    for (std::size_t i = 0; i < base::kStages; ++i)
      shown.seconds[i].add(std::chrono::duration<double>(now.spent[i] - shown.before.spent[i]).count());
    shown.before = now;
  }
}

}  // namespace armarium::http
