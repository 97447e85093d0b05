#include "base/line_batch.h"

#include <thread>

#include <gtest/gtest.h>

#include "base/log.h"

namespace armarium::base {
namespace {

std::size_t lines_with(const std::string& text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

TEST(LineBatch, LosesNoLineOfAnyThread) {
  ::testing::internal::CaptureStderr();
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 5000; ++i) LineBatch::instance().add("a line of the batch\n");
    });
  }
  for (std::thread& thread : threads) thread.join();
  LineBatch::instance().flush();
  const std::string text = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(lines_with(text, "a line of the batch\n"), 20'000U);
  EXPECT_EQ(text.size(), 20'000U * 20);
}

TEST(LineBatch, WritesByItselfWithinASecond) {
  ::testing::internal::CaptureStderr();
  LineBatch::instance().add("soon\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(800));
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "soon\n");
}

TEST(LineBatch, KeepsTheOrderBeforeOtherLines) {
  log::configure(log::Level::info, log::Format::text);
  ::testing::internal::CaptureStderr();
  log::frequent_event("access", " status=200");
  log::warning("later");
  const std::string text = ::testing::internal::GetCapturedStderr();
  EXPECT_LT(text.find("Z info access status=200\n"), text.find("Z warning later\n")) << text;
}

}  // namespace
}  // namespace armarium::base
