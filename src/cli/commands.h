#pragma once
// The subcommands of `armarium`, one file each. Each adds itself to the parser; run() is called when it was chosen and gives the exit status: 0 done, 1
// failed, 2 wrong usage.

#include <functional>
#include <memory>

namespace CLI {
class App;
}

namespace armarium::cli {

using Run = std::function<int()>;

// `chosen` receives what to run when the subcommand is given.
void add_serve(CLI::App& app, Run& chosen);
void add_rescan(CLI::App& app, Run& chosen);
void add_user(CLI::App& app, Run& chosen);
void add_backup(CLI::App& app, Run& chosen);  // and restore, verify
void add_takedown(CLI::App& app, Run& chosen);
void add_optimize(CLI::App& app, Run& chosen);
void add_check(CLI::App& app, Run& chosen);
void add_export(CLI::App& app, Run& chosen);

// "armarium: message" on standard error; gives `status`.
int complain(const char* message, int status);

}  // namespace armarium::cli
