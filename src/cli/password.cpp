#include "cli/password.h"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include <fmt/format.h>

namespace armarium::cli {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t kLongest = 4096;

// Turns the echo of the terminal off as long as it lives, and back on also when somebody presses Ctrl-C: the reading ends then, and not the program.
class Silence {
 public:
  Silence() {
    struct sigaction interrupt {};  // without SA_RESTART
    interrupt.sa_handler = [](int) {};
    for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &interrupt, &handlers_[i]);
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  ~Silence() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &handlers_[i], nullptr);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  static constexpr std::array kSignals = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP};
  std::array<struct sigaction, kSignals.size()> handlers_{};
  termios before_{};
  bool changed_ = false;
};

Result<std::string> read_line() {
  std::string line;
  for (int c = std::fgetc(stdin); c != EOF && c != '\n'; c = std::fgetc(stdin)) {
    line += static_cast<char>(c);
    if (line.size() > kLongest) return base::fail(ErrorCode::invalid_argument, "The password is too long.");
  }
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) return base::fail(ErrorCode::invalid_argument, "No password was given.");
  return line;
}

Result<std::string> ask(const char* question) {
  fmt::print(stderr, "{}", question);
  const Silence silence;
  auto line = read_line();
  fmt::print(stderr, "\n");
  return line;
}

}  // namespace

Result<std::string> read_password(bool from_input) {
  if (from_input || ::isatty(STDIN_FILENO) == 0) return read_line();
  auto first = ask("Password: ");
  if (!first) return first;
  auto second = ask("Again: ");
  if (!second) return second;
  if (*first != *second) return base::fail(ErrorCode::invalid_argument, "These are two different passwords.");
  return first;
}

}  // namespace armarium::cli
