#include "api/client_budget.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace armarium::api {
namespace {

constexpr std::size_t kMostClients = 50'000;

}  // namespace

std::optional<std::chrono::seconds> ClientBudget::spend(const std::string& client, std::uint64_t pixels,
                                                        Clock::time_point now) {
  if (rate_ == 0) return std::nullopt;
  const auto full = static_cast<double>(rate_);
  const std::lock_guard lock(mutex_);
  auto found = index_.find(client);
  if (found == index_.end()) {
    accounts_.push_front({client, full, now});
    found = index_.emplace(client, accounts_.begin()).first;
    if (accounts_.size() > kMostClients) {
      index_.erase(accounts_.back().client);
      accounts_.pop_back();
    }
  } else {
    accounts_.splice(accounts_.begin(), accounts_, found->second);
  }
  Account& account = *found->second;
  const double minutes = std::chrono::duration<double>(now - account.at).count() / 60;
  account.left = std::min(full, account.left + minutes * full);
  account.at = now;
  if (account.left <= 0) {
    return std::chrono::seconds(1 + static_cast<std::int64_t>(std::ceil(-account.left / full * 60)));
  }
  account.left -= static_cast<double>(pixels);
  return std::nullopt;
}

std::string budget_key(const std::string& address) {
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return address;
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(AF_INET6, bytes.data(), text.data(), text.size()) != nullptr ? text.data() : address;
}

}  // namespace armarium::api
