// bench_load: a small HTTP/1.1 load generator for lists of requests.
//
//   bench_load calibrate
//   bench_load play URL LIST [--connections 8] [--seconds S | --requests N] [--rate R] [--warm PASSES] [--timeout S]
//                            [--beside LIST --beside-connections K]
//
// Without --seconds and --requests each path of the list is asked for exactly once. --rate makes it an open loop. Prints one line of JSON.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "player.h"

namespace {

using armarium::bench::ClassTotals;
using armarium::bench::Totals;

// A fixed piece of work, best of three: how fast is the machine right now? Milliseconds.
double calibrate() {
  static unsigned char table[32768];
  unsigned value = 1;
  unsigned sum = 0;
  double best = 1e9;
  for (int round = 0; round < 3; ++round) {
    const double begin = armarium::bench::monotonic_seconds();
    for (int i = 0; i < 20'000'000; ++i) {
      value = value * 1664525U + 1013904223U;
      sum += table[value >> 17] ^ value;
      table[(value >> 3) & 32767] = static_cast<unsigned char>(sum);
    }
    best = std::min(best, armarium::bench::monotonic_seconds() - begin);
  }
  return best * 1e3 + (sum == 1 ? 1e-9 : 0);
}

double own_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

void print_figures(ClassTotals& totals, double seconds) {
  auto& times = totals.milliseconds;
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) {
    return times.empty() ? 0.0
                         : static_cast<double>(times[std::min(
                               times.size() - 1, static_cast<std::size_t>(share * static_cast<double>(times.size())))]);
  };
  std::printf(R"("n":%zu,"rps":%.2f,"p50_ms":%.3f,"p90_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f,"mean_bytes":%.0f)",
              times.size(), static_cast<double>(times.size()) / seconds, at(.5), at(.9), at(.99), at(1),
              times.empty() ? 0.0 : static_cast<double>(totals.bytes) / static_cast<double>(times.size()));
}

void print(Totals& totals) {
  ClassTotals all;
  for (const auto& [name, sums] : totals.classes) {
    all.milliseconds.insert(all.milliseconds.end(), sums.milliseconds.begin(), sums.milliseconds.end());
    all.bytes += sums.bytes;
  }
  std::printf("{");
  print_figures(all, totals.seconds);
  std::printf(R"(,"seconds":%.4f,"faults":%ld,"reopened":%ld,"client_cpu_s":%.3f,"status":{)", totals.seconds,
              totals.faults, totals.reopened, own_cpu_seconds());
  const char* comma = "";
  for (const auto& [status, count] : totals.statuses) {
    std::printf(R"(%s"%d":%ld)", comma, status, count);
    comma = ",";
  }
  std::printf(R"(},"classes":{)");
  comma = "";
  for (auto& [name, sums] : totals.classes) {
    std::printf(R"(%s"%s":{)", comma, name.c_str());
    print_figures(sums, totals.seconds);
    std::printf("}");
    comma = ",";
  }
  std::printf("}}\n");
}

int usage() {
  std::fprintf(stderr,
               "usage: bench_load calibrate | play URL LIST [--connections N] [--seconds S] [--requests N] [--rate R] "
               "[--warm PASSES]\n"
               "                  [--timeout S] [--beside LIST --beside-connections K]\n");
  return 2;
}

int play(const std::vector<std::string>& arguments) {
  armarium::bench::Target target;
  armarium::bench::RequestList list;
  armarium::bench::RequestList beside;
  if (arguments.size() < 2 || arguments.size() % 2 != 0 || !parse_target(arguments[0], target)) return usage();
  if (!read_list(arguments[1], "all", list)) {
    std::fprintf(stderr, "bench_load: %s holds no request\n", arguments[1].c_str());
    return 2;
  }
  std::map<std::string, std::string> options;
  for (std::size_t i = 2; i < arguments.size(); i += 2) options[arguments[i]] = arguments[i + 1];
  const auto value = [&](const char* name, double otherwise) {
    const auto found = options.find(name);
    if (found == options.end()) return otherwise;
    const double number = std::atof(found->second.c_str());
    options.erase(found);
    return number;
  };
  armarium::bench::Plan plan;
  plan.connections = static_cast<std::size_t>(std::max(1.0, value("--connections", 8)));
  plan.seconds = value("--seconds", 0);
  plan.requests = static_cast<std::size_t>(value("--requests", 0));
  plan.rate = value("--rate", 0);
  plan.warm_passes = static_cast<std::size_t>(value("--warm", 0));
  plan.timeout = value("--timeout", 60);
  std::size_t beside_connections = 0;
  if (options.contains("--beside")) {
    if (!read_list(options["--beside"], "beside", beside)) return usage();
    options.erase("--beside");
    beside_connections = static_cast<std::size_t>(std::max(1.0, value("--beside-connections", 1)));
  }
  if (!options.empty()) return usage();
  armarium::bench::Player player(target);
  Totals totals = player.play(list, plan, beside, beside_connections);
  print(totals);
  return totals.faults > 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (!arguments.empty() && arguments[0] == "calibrate") {
    std::printf("%.2f\n", calibrate());
    return 0;
  }
  if (arguments.empty() || arguments[0] != "play") return usage();
  return play({arguments.begin() + 1, arguments.end()});
}
