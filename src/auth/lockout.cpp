#include "auth/lockout.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "auth/secrets.h"

namespace armarium::auth {
namespace {

using base::Result;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kSweepEvery = 3'600'000;

}  // namespace

seconds wait_after(std::uint64_t failures, std::uint64_t free, const LockoutPolicy& policy) noexcept {
  if (failures <= free) return seconds(0);
  seconds wait = policy.first_wait;
  for (std::uint64_t i = free + 1; i < failures && wait < policy.longest_wait; ++i) wait *= 2;
  return std::min(wait, policy.longest_wait);
}

std::string client_network(std::string_view address) {
  std::string whole(address);
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, whole.c_str(), bytes.data()) != 1) return whole;
  constexpr std::array<unsigned char, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin())) {
    std::array<char, INET_ADDRSTRLEN> text{};
    return inet_ntop(AF_INET, bytes.data() + 12, text.data(), text.size()) != nullptr ? text.data() : whole;
  }
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(AF_INET6, bytes.data(), text.data(), text.size()) != nullptr ? text.data() : whole;
}

Lockout::Lockout(store::Accounts& accounts, std::string key, LockoutPolicy policy)
    : accounts_(accounts), key_(std::move(key)), policy_(policy) {}

std::int64_t Lockout::kept_for() const { return milliseconds(policy_.forgotten_after).count(); }

std::string Lockout::subject(std::string_view kind, std::string_view text) const {
  return keyed_hash(key_, std::string(kind) + '\n' + std::string(text));
}

Result<> Lockout::check(const std::string& subject, std::uint64_t free, std::int64_t now) const {
  auto row = accounts_.failures(subject);
  if (!row) return base::fail(std::move(row.error()));
  const std::int64_t until = row->last + milliseconds(wait_after(row->count, free, policy_)).count();
  const bool fresh = row->last >= now - kept_for();
  if (!fresh || until <= now) return {};
  base::Error error{
      base::ErrorCode::budget_spent, "There were too many attempts to sign in; wait before the next.", {}};
  error.retry_after = static_cast<std::uint32_t>((until - now + 999) / 1000);
  return base::fail(std::move(error));
}

Result<> Lockout::count(const std::string& subject, std::int64_t now) {
  auto row = accounts_.add_failure(subject, now, now - kept_for());
  if (!row) return base::fail(std::move(row.error()));
  return {};
}

// A network from which the name signed in of late counts by itself, so that nobody shuts its owner out from elsewhere.
Result<std::string> Lockout::name_subject(std::string_view name, std::string_view network, std::int64_t now) const {
  const std::string both = std::string(name) + '\n' + std::string(network);
  auto success = accounts_.failures(subject("success", both));
  if (!success) return base::fail(std::move(success.error()));
  return success->last >= now - kept_for() ? subject("name and client", both) : subject("name", name);
}

Result<> Lockout::begin(std::string_view name, std::string_view client, std::int64_t now) {
  const std::string network = client_network(client);
  const std::string by_client = subject("client", network);
  const std::lock_guard lock(mutex_);
  if (now - swept_ >= kSweepEvery) {
    swept_ = now;
    if (auto swept = accounts_.forget_failures_before(now - kept_for()); !swept) return swept;
  }
  if (auto free = check(by_client, policy_.free_by_client, now); !free) return free;
  auto by_name = name_subject(name, network, now);
  if (!by_name) return base::fail(std::move(by_name.error()));
  if (!name.empty()) {
    if (auto free = check(*by_name, policy_.free_by_name, now); !free) return free;
    if (auto counted = count(*by_name, now); !counted) return counted;
  }
  return count(by_client, now);
}

Result<> Lockout::succeeded(std::string_view name, std::string_view client, std::int64_t now) {
  const std::string network = client_network(client);
  if (auto done = accounts_.take_back_failure(subject("client", network)); !done) return done;
  auto by_name = name_subject(name, network, now);
  if (!by_name) return base::fail(std::move(by_name.error()));
  if (auto done = accounts_.clear_failures(*by_name); !done) return done;
  return count(subject("success", std::string(name) + '\n' + network), now);
}

Result<> Lockout::check_client(std::string_view client, std::int64_t now) {
  return check(subject("client", client_network(client)), policy_.free_by_client, now);
}

Result<> Lockout::failed(std::string_view client, std::int64_t now) {
  return count(subject("client", client_network(client)), now);
}

Result<> Lockout::forget(std::string_view name) { return accounts_.clear_failures(subject("name", name)); }

}  // namespace armarium::auth
