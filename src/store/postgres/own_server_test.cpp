#include "store/postgres/own_server_test.h"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include <fmt/format.h>
#include <libpq-fe.h>

namespace armarium::store::postgres {
namespace {

namespace fs = std::filesystem;

fs::path programs() {
  fs::path newest;
  std::error_code none;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none)) {
    if (fs::exists(version.path() / "bin" / "initdb", none)) newest = std::max(newest, version.path() / "bin");
  }
  return newest;
}

const passwd* other_user() {
  const passwd* found = ::getpwnam("postgres");
  return found != nullptr ? found : ::getpwnam("nobody");
}

pid_t spawn(const std::vector<std::string>& command, const fs::path& log) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::setpgid(0, 0);
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(out, 1);
  ::dup2(out, 2);
  if (::chdir("/") != 0) ::_exit(126);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

// The server's processes leave its process group, so each is named.
std::vector<pid_t> children_of(pid_t process) {
  std::ifstream list(fmt::format("/proc/{0}/task/{0}/children", process));
  return {std::istream_iterator<pid_t>(list), std::istream_iterator<pid_t>()};
}

// Gone, or dead and not yet waited for.
bool is_dead(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/stat", process));
  std::string number;
  std::string name;
  std::string state;
  return !(file >> number >> name >> state) || state == "Z";
}

}  // namespace

OwnServer::OwnServer(fs::path programs, fs::path folder)
    : programs_(std::move(programs)), folder_(std::move(folder)), owner_(::getpid()) {}

OwnServer::~OwnServer() {
  if (owner_ != ::getpid()) return;
  stop(SIGINT);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::vector<std::string> OwnServer::as_user(std::vector<std::string> command) const {
  // It ends with the program of the tests, however that ends.
  std::vector<std::string> whole = {"setpriv", "--pdeathsig=INT"};
  if (::geteuid() == 0) {
    const passwd* user = other_user();
    whole.push_back(fmt::format("--reuid={}", user->pw_uid));
    whole.push_back(fmt::format("--regid={}", user->pw_gid));
    whole.emplace_back("--clear-groups");
  }
  std::move(command.begin(), command.end(), std::back_inserter(whole));
  return whole;
}

base::Result<std::unique_ptr<OwnServer>> OwnServer::make() {
  const fs::path where = programs();
  if (where.empty()) return base::fail(base::ErrorCode::not_found, "PostgreSQL is not installed");
  std::string pattern = (fs::temp_directory_path() / "armarium-pg-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return base::fail(base::ErrorCode::io, "no temporary folder");
  if (::geteuid() == 0) {
    const passwd* user = other_user();
    if (user == nullptr || ::chown(pattern.c_str(), user->pw_uid, user->pw_gid) != 0)
      return base::fail(base::ErrorCode::not_found, "there is no user to run PostgreSQL as");
  }
  std::unique_ptr<OwnServer> server(new OwnServer(where, pattern));
  const pid_t made = spawn(server->as_user({where / "initdb", "-D", pattern + "/data", "-A", "trust", "-U", "armarium",
                                            "-E", "UTF8", "--locale=C.UTF-8", "-N"}),
                           server->folder_ / "log");
  int status = 0;
  if (::waitpid(made, &status, 0) != made || status != 0)
    return base::fail(base::ErrorCode::io, "initdb failed", pattern);
  if (auto started = server->start(); !started) return base::fail(std::move(started.error()));
  return server;
}

base::Result<OwnServer*> OwnServer::shared() {
  static base::Result<std::unique_ptr<OwnServer>> server = make();
  if (!server) return base::fail(server.error());
  return server->get();
}

std::string OwnServer::url(const std::string& schema) const {
  std::string host;
  for (const char c : folder_.string()) host += c == '/' ? "%2F" : std::string(1, c);
  return fmt::format("postgresql://armarium@{}/postgres?schema={}", host, schema);
}

base::Result<> OwnServer::start() {
  const auto run = [this] {
    process_ = spawn(as_user({programs_ / "postgres", "-D", (folder_ / "data").string(), "-k", folder_.string(), "-c",
                              "listen_addresses=", "-c", "fsync=off"}),
                     folder_ / "log");
  };
  run();
  const std::string ask = fmt::format("host='{}' dbname=postgres user=armarium", folder_.string());
  for (int attempt = 0; attempt < 300; ++attempt) {
    if (PQping(ask.c_str()) == PQPING_OK) return {};
    // A child of one that was killed may be there for a moment still, with its shared memory: then the new one ends at once.
    if (::waitpid(process_, nullptr, WNOHANG) == process_) run();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return base::fail(base::ErrorCode::io, "PostgreSQL does not start", (folder_ / "log").string());
}

void OwnServer::stop(int signal) {
  if (process_ < 0) return;
  std::vector<pid_t> all;
  if (signal == SIGKILL) all = children_of(process_);
  ::kill(process_, signal);
  for (const pid_t child : all) ::kill(child, signal);
  // A fast shutdown that takes too long is made an immediate one.
  int status = 0;
  for (int i = 0; ::waitpid(process_, &status, WNOHANG) == 0; ++i) {
    if (i == 1000) ::kill(process_, SIGQUIT);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  for (const pid_t child : all) {
    for (int i = 0; i < 500 && !is_dead(child); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  process_ = -1;
}

}  // namespace armarium::store::postgres
