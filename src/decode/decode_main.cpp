// armarium-decode: started by the server with a socket on descriptor 3, never by hand (but for --self-test, which shows that the sandbox holds).

#include <vips/vips.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

#include "codec/worker_protocol.h"
#include "decode/sandbox.h"
#include "decode/session.h"

namespace {

using namespace armarium;

// No caches beyond the open file, one thread for an image, no temporary files, no code made at run time.
bool start_libraries() {
  setenv("VIPS_DISC_THRESHOLD", "1000g", 1);
  setenv("VIPS_NOVECTOR", "1", 1);
  if (VIPS_INIT("armarium-decode") != 0) return false;
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  vips_cache_set_max_mem(0);
  vips_cache_set_max_files(0);
  return true;
}

int run(int count, char** arguments) {
  const bool self_test = count == 2 && std::string_view(arguments[1]) == "--self-test";
  if (!self_test && count != 3) {
    std::fputs("armarium-decode is started by armarium. armarium-decode --self-test shows that its sandbox holds.\n",
               stderr);
    return 2;
  }
  const std::uint64_t memory = self_test ? std::uint64_t{4} << 30U : std::strtoull(arguments[1], nullptr, 10);
  const int parent = self_test ? 0 : std::atoi(arguments[2]);
  if (auto limited = decode::limit_resources(memory, parent); !limited) {
    std::fprintf(stderr, "%s\n", limited.error().detail.c_str());
    return 1;
  }
  if (!start_libraries()) return 1;
  if (auto locked = decode::lock_down(); !locked) {
    std::fprintf(stderr, "%s\n", locked.error().detail.c_str());
    return 1;
  }
  return self_test ? decode::self_test() : decode::run_session(codec::worker::kSocket);
}

}  // namespace

int main(int count, char** arguments) {
  try {
    // No destructors of libraries at the end: nothing is kept, and some of them wait for threads.
    _exit(run(count, arguments));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
