#include "ingest/header_batch.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "base/log.h"

namespace armarium::ingest {
namespace {

constexpr std::size_t kWorthThreads = 4;  // fewer files are read by the caller

FileFacts read_one(const source::Source& source, const HeaderJob& job, const codec::Limits& limits) {
  FileFacts facts;
  auto file = source.open(job.path);
  if (!file) {
    facts.problem = "The file cannot be opened.";
    return facts;
  }
  // The boundary for whatever a decoder's library throws.
  try {
    return read_facts(**file, job.rules, limits);
  } catch (const std::exception& error) {
    base::log::error("reading the headers of {}: {}", job.path, error.what());
    facts.problem = "The file cannot be read.";
    facts.version = (*file)->version().token;
    return facts;
  }
}

}  // namespace

std::vector<std::optional<FileFacts>> read_headers(const source::Source& source, std::span<const HeaderJob> jobs,
                                                   const HeaderOptions& options) {
  std::vector<std::optional<FileFacts>> results(jobs.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (;;) {
      if (options.give_way) options.give_way();
      const std::size_t mine = next.fetch_add(1);
      if (mine >= jobs.size() || (options.stop && options.stop())) return;
      results[mine] = read_one(source, jobs[mine], options.limits);
      if (options.done_one) options.done_one();
    }
  };
  const unsigned threads = jobs.size() < kWorthThreads ? 1 : std::max(1U, options.threads);
  std::vector<std::jthread> helpers;
  for (unsigned i = 1; i < threads; ++i) {
    helpers.emplace_back([&] {
      if (options.low_priority) ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), 10);
      work();
    });
  }
  work();
  helpers.clear();
  return results;
}

}  // namespace armarium::ingest
