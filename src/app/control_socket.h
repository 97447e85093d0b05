#pragma once
// The way in for commands on the same machine: a Unix socket in the state folder, readable by its owner alone. One line of JSON asks
// ({"command":"rescan","path":"maps"}), one line answers ({"ok":true,"message":"…"}). The listener is one thread of its own; `handle` runs on it, one
// request at a time.

#include <filesystem>
#include <functional>
#include <memory>

#include "base/error.h"
#include "json/json.h"

namespace armarium::app {

using ControlHandler = std::function<base::Result<std::string>(const json::Object& request)>;

class ControlSocket {
 public:
  static base::Result<std::unique_ptr<ControlSocket>> listen(const std::filesystem::path& state, ControlHandler handle);
  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

  struct State;
  explicit ControlSocket(std::unique_ptr<State> state);  // for listen()

 private:
  std::unique_ptr<State> state_;
};

// What the command line calls: asks the server that holds `state`. not_found when none listens there.
base::Result<std::string> ask_server(const std::filesystem::path& state, const json::Object& request);

}  // namespace armarium::app
