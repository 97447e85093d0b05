#include "api/client_budget.h"

#include <gtest/gtest.h>

namespace armarium::api {
namespace {

using namespace std::chrono_literals;
const ClientBudget::Clock::time_point kStart{};

TEST(ClientBudget, AMinutesWorthAtOnceThenWaiting) {
  ClientBudget budget(600);
  EXPECT_FALSE(budget.spend("a", 500, kStart));
  EXPECT_FALSE(budget.spend("a", 400, kStart));  // the last one may go over
  EXPECT_EQ(budget.spend("a", 1, kStart), 31s);
  EXPECT_FALSE(budget.spend("b", 1, kStart)) << "others are not held";
  EXPECT_TRUE(budget.spend("a", 1, kStart + 29s));
  EXPECT_FALSE(budget.spend("a", 1, kStart + 32s));
}

TEST(ClientBudget, WaitingDoesNotSaveUpMoreThanAMinute) {
  ClientBudget budget(600);
  EXPECT_FALSE(budget.spend("a", 1, kStart));
  EXPECT_FALSE(budget.spend("a", 600, kStart + 24h));
  EXPECT_TRUE(budget.spend("a", 1, kStart + 24h));
}

TEST(ClientBudget, ZeroIsNoBudget) {
  ClientBudget budget(0);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(budget.spend("a", 1'000'000'000, kStart));
}

TEST(ClientBudget, ANetworkOfIpv6IsOneClient) {
  EXPECT_EQ(budget_key("2001:db8:1:2:3:4:5:6"), budget_key("2001:db8:1:2::9"));
  EXPECT_NE(budget_key("2001:db8:1:2::"), budget_key("2001:db8:1:3::"));
  EXPECT_EQ(budget_key("192.0.2.7"), "192.0.2.7");
}

}  // namespace
}  // namespace armarium::api
