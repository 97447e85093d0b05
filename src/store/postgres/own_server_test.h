#pragma once
// A PostgreSQL of the tests' own: made in a temporary folder when it is first asked for, on a Unix socket there, ended with the program. Run as a user that is
// not root (PostgreSQL refuses root).

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/error.h"

namespace armarium::store::postgres {

class OwnServer {
 public:
  // The one of this program. not_found when PostgreSQL is not installed.
  static base::Result<OwnServer*> shared();
  static base::Result<std::unique_ptr<OwnServer>> make();
  ~OwnServer();
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;

  std::string url(const std::string& schema) const;
  base::Result<> start();
  // SIGINT: fast; SIGKILL, to the postmaster and all its children: a crash.
  void stop(int signal);

 private:
  OwnServer(std::filesystem::path programs, std::filesystem::path folder);
  std::vector<std::string> as_user(std::vector<std::string> command) const;

  std::filesystem::path programs_;
  std::filesystem::path folder_;
  pid_t process_ = -1;
  pid_t owner_;  // who may end it: not a fork of the tests
};

}  // namespace armarium::store::postgres
