// The pool of processes, with jobs that only the tests know.

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "codec/worker_pool.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;

WorkerOptions options(milliseconds timeout = milliseconds(20'000)) {
  WorkerOptions options;
  options.program = ARMARIUM_DECODE_PROGRAM;
  options.job_timeout = timeout;
  return options;
}

// With descriptors that are not used.
base::Result<worker::Reply> run(worker::Pool& pool, worker::Operation operation, const std::string& key,
                                const base::CancelToken& cancel = {}) {
  worker::Job job;
  job.operation = operation;
  return pool.run(job, key, STDIN_FILENO, STDIN_FILENO, cancel);
}

// An unknown operation comes back as `internal` from a living process.
void expect_alive(worker::Pool& pool) {
  const auto reply = run(pool, static_cast<worker::Operation>(77), "alive");
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, ErrorCode::internal) << reply.error().detail;
}

pid_t only_process(const worker::Pool& pool) {
  for (int i = 0; i < 1000; ++i) {
    if (const auto ids = pool.process_ids(); !ids.empty()) return ids[0];
    std::this_thread::sleep_for(milliseconds(20));
  }
  return -1;
}

TEST(WorkerPool, ACrashPoisonsTheFileAndTheProcessIsReplaced) {
  worker::Pool pool(options());
  const pid_t before = only_process(pool);
  const auto reply = run(pool, worker::Operation::crash, "bad");
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, ErrorCode::corrupt);
  EXPECT_EQ(reply.error().message, "The decoder stopped on this file.");
  expect_alive(pool);
  EXPECT_NE(only_process(pool), before);
  EXPECT_TRUE(pool.poisoned("bad"));
  EXPECT_FALSE(pool.poisoned("alive"));
  const pid_t after = only_process(pool);
  EXPECT_EQ(run(pool, worker::Operation::crash, "bad").error().code, ErrorCode::corrupt);
  EXPECT_EQ(only_process(pool), after);  // nobody was asked
}

TEST(WorkerPool, AKilledProcessIsReplaced) {
  worker::Pool pool(options());
  const pid_t before = only_process(pool);
  std::thread killer([&] {
    std::this_thread::sleep_for(milliseconds(100));
    kill(before, SIGKILL);
  });
  const auto reply = run(pool, worker::Operation::hang, "killed");
  killer.join();
  EXPECT_EQ(reply.error().code, ErrorCode::corrupt);
  expect_alive(pool);
}

TEST(WorkerPool, AProcessThatHangsIsKilledInTime) {
  worker::Pool pool(options(milliseconds(300)));
  only_process(pool);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(run(pool, worker::Operation::hang, "slow").error().code, ErrorCode::corrupt);
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(2000));
  EXPECT_TRUE(pool.poisoned("slow"));
}

TEST(WorkerPool, WhatTakesTooLongIsNotAskedAgain) {
  WorkerOptions quick = options();
  quick.answer_time = milliseconds(40);
  worker::Pool pool(quick);
  const auto spin = [&](std::uint64_t pixels, milliseconds time) {
    only_process(pool);
    worker::Job job;
    job.operation = worker::Operation::spin;
    const base::CancelToken token(std::chrono::steady_clock::now() + time);
    return pool.run(job, "slow", STDIN_FILENO, STDIN_FILENO, token, pixels).error();
  };
  base::Error error;
  // On a busy machine it may take some times until it is clear whose fault it is.
  for (int attempt = 0; attempt < 10 && error.code != ErrorCode::resource_limit; ++attempt)
    error = spin(1000, milliseconds(400));
  EXPECT_EQ(error.code, ErrorCode::resource_limit);
  EXPECT_EQ(error.message, kTooSlow);
  const pid_t before = only_process(pool);
  EXPECT_EQ(spin(1000, milliseconds(30)).code, ErrorCode::resource_limit);
  EXPECT_EQ(only_process(pool), before);  // nobody was asked
  EXPECT_NE(spin(999, milliseconds(30)).code, ErrorCode::corrupt);
  EXPECT_NE(only_process(pool), before);  // less work is tried
  EXPECT_FALSE(pool.poisoned("slow"));
}

TEST(WorkerPool, WhoSleepsPastTheDeadlineIsBelievedTwice) {
  WorkerOptions quick = options();
  quick.answer_time = milliseconds(1000);
  worker::Pool pool(quick);
  std::vector<ErrorCode> codes;
  for (int attempt = 0; attempt < 4; ++attempt) {
    only_process(pool);
    worker::Job job;
    job.operation = worker::Operation::hang;
    const base::CancelToken token(std::chrono::steady_clock::now() + milliseconds(1000));
    codes.push_back(pool.run(job, "asleep", STDIN_FILENO, STDIN_FILENO, token, 1000).error().code);
  }
  EXPECT_EQ(codes[0], ErrorCode::deadline_exceeded);
  EXPECT_EQ(codes[3], ErrorCode::resource_limit);
}

TEST(WorkerPool, ACancelledJobEndsAtOnceAndBlamesNobody) {
  worker::Pool pool(options());
  only_process(pool);
  const base::CancelToken cancel;
  std::thread client([&] {
    std::this_thread::sleep_for(milliseconds(100));
    cancel.cancel();
  });
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(run(pool, worker::Operation::hang, "good", cancel).error().code, ErrorCode::cancelled);
  client.join();
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(1000));
  EXPECT_FALSE(pool.poisoned("good"));
}

TEST(WorkerPool, AProgramThatIsNoWorkerFailsInTime) {
  WorkerOptions wrong = options();
  wrong.program = "/bin/true";
  worker::Pool pool(wrong);
  const base::CancelToken cancel(std::chrono::steady_clock::now() + milliseconds(500));
  EXPECT_FALSE(run(pool, worker::Operation::index, "any", cancel));
}

}  // namespace
}  // namespace armarium::codec
