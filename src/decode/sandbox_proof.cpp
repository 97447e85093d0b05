#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "decode/sandbox.h"

namespace armarium::decode {
namespace {

int g_wrong = 0;

void expect_refused(const char* what, long result) {
  const bool refused = result < 0 && errno == EPERM;
  std::printf("%s: %s\n", what, refused ? "refused" : "ALLOWED");
  if (!refused) ++g_wrong;
}

void expect_allowed(const char* what, long result) {
  std::printf("%s: %s\n", what, result >= 0 ? "works" : "REFUSED");
  if (result < 0) ++g_wrong;
}

}  // namespace

int self_test() {
  char name[] = "/bin/true";
  char* const arguments[] = {name, nullptr};
  expect_refused("socket", socket(AF_INET, SOCK_STREAM, 0));
  expect_refused("socket of the local system", socket(AF_UNIX, SOCK_STREAM, 0));
  expect_refused("open for writing", open("/dev/null", O_WRONLY));
  expect_refused("open for reading and writing", open("/dev/null", O_RDWR));
  expect_refused("create a file", open("/tmp/armarium-decode-self-test", O_CREAT | O_EXCL | O_WRONLY, 0600));
  expect_refused("remove a file", unlink("/tmp/armarium-decode-self-test"));
  expect_refused("run a program", execv(name, arguments));
  expect_refused("start a process", fork());
  expect_refused("signal another process", kill(getppid(), 0));
  expect_refused("trace a process", ptrace(PTRACE_ATTACH, getppid(), nullptr, nullptr));
  expect_allowed("open for reading", open("/dev/null", O_RDONLY));
  std::fflush(stdout);
  return g_wrong == 0 ? 0 : 1;
}

}  // namespace armarium::decode
