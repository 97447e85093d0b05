#pragma once
// One running server: everything wired together, in the order in which it starts and (reversed) stops. create() opens the folder, the state and the
// store; start() begins to look and to listen; stop() drains. Used by one thread, the one that runs main.

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/config.h"
#include "catalogue/catalogue.h"
#include "http/exchange.h"
#include "store/store.h"

namespace armarium::app {

class Application {
 public:
  // Errors are sentences for the terminal: no such folder, the state is in use, a port is taken.
  static base::Result<std::unique_ptr<Application>> create(Config config, const std::filesystem::path& program);
  ~Application();
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  base::Result<> start();
  // In place of start(): looks, and listens nowhere; who has the handler asks.
  void start_unheard();
  // What is asked from outside comes here. Valid as long as the application.
  const http::Handler& handler() const;
  // The whole folder was looked at since the start, and every header was read.
  bool has_looked() const;
  // Why what was there before may be missing now: the folder is away, or too much vanished at once. Empty: all is well.
  std::string held_back() const;
  // Targets of all files that the site's pages load, and of its viewers' pages.
  std::vector<std::string> site_assets() const;
  std::vector<std::string> site_viewers() const;
  // For commands that read all of it.
  const store::Store& store() const;
  const catalogue::Catalogue& catalogue() const;
  // "http://127.0.0.1:8080/", as it is to be opened here.
  std::string address() const;
  std::filesystem::path state_folder() const;
  // "12 folders, 340 of 512 pictures read"; empty when there is nothing going on.
  std::string progress() const;
  void stop(std::chrono::milliseconds grace);

  struct Parts;
  explicit Application(std::unique_ptr<Parts> parts);  // for create()

 private:
  std::unique_ptr<Parts> parts_;
};

}  // namespace armarium::app
