// armarium serve FOLDER: runs a server until it is told to stop.

#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/application.h"
#include "app/config.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/settings.h"

namespace armarium::cli {
namespace {

struct ServeOptions {
  std::string folder;
  SettingsGiven given;
};

// The signals that end the server, blocked in every thread and waited for by this one.
sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is a full disk, not the end
  return set;
}

void show_progress(const std::string& text, std::string& shown) {
  if (text == shown || ::isatty(STDERR_FILENO) == 0) return;
  fmt::print(stderr, "\r\033[K{}", text);
  std::fflush(stderr);
  shown = text;
}

void wait_for_end(const sigset_t& signals, const app::Application& application) {
  std::string shown;
  for (;;) {
    const timespec second{1, 0};
    if (sigtimedwait(&signals, nullptr, &second) >= 0) break;
    if (errno != EAGAIN && errno != EINTR) break;
    show_progress(application.progress(), shown);
  }
  if (!shown.empty()) fmt::print(stderr, "\r\033[K");
}

void say_where(const app::Application& application, const app::Config& config) {
  fmt::print("Armarium is listening on {}\n", application.address());
  fmt::print("Its state is in {}\n", application.state_folder().string());
  const bool loopback = config.listen_address.starts_with("127.") || config.listen_address == "::1";
  if (loopback && config.public_url.empty()) {
    fmt::print(
        "Only this machine can reach it; a viewer on a public web page cannot. For others, see --listen and "
        "--public-url.\n");
  }
  std::fflush(stdout);
}

// Pixels come and go by the megabyte. glibc would learn to keep such pieces in its heaps, one for each thread, where what is smaller and stays soon lies between them; so they are mapped and given back each time.
void settle_memory() {
  constexpr int kArenas = 2;
  constexpr int kMapped = 1 << 20;
  constexpr int kKept = 8 << 20;
  ::mallopt(M_ARENA_MAX, kArenas);
  ::mallopt(M_MMAP_THRESHOLD, kMapped);
  ::mallopt(M_TRIM_THRESHOLD, kKept);
}

int serve(const ServeOptions& options) {
  settle_memory();
  const sigset_t signals = block_signals();
  auto config = load_settings(options.given);
  if (!config) return complain(config.error().message.c_str(), 2);
  config->folder = options.folder;
  base::log::configure(config->log_level, config->log_format);

  std::error_code failed;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failed);
  auto application = app::Application::create(*config, program);
  if (!application) return complain(application.error().message.c_str(), 1);
  if (auto started = (*application)->start(); !started) return complain(started.error().message.c_str(), 1);
  say_where(**application, *config);
  wait_for_end(signals, **application);
  base::log::info("draining");
  (*application)->stop(std::chrono::seconds(8));
  return 0;
}

}  // namespace

void add_serve(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("serve", "Serve a folder of pictures");
  auto options = std::make_shared<ServeOptions>();
  command->add_option("FOLDER", options->folder, "the folder to serve")->required();
  add_settings(*command, options->given);
  command->callback([options, &chosen] { chosen = [options] { return serve(*options); }; });
}

}  // namespace armarium::cli
