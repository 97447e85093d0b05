#pragma once
// The settings of a server as options of a subcommand: command line over environment over file (app/config.h).

#include <string>

#include "app/config.h"

namespace CLI {
class App;
}

namespace armarium::cli {

struct SettingsGiven {
  std::string config_file;
  app::SettingValues values;
};

// `given` must live until the command line was read.
void add_settings(CLI::App& command, SettingsGiven& given);
base::Result<app::Config> load_settings(const SettingsGiven& given);

}  // namespace armarium::cli
