#pragma once
// Asks for a password: at a terminal without showing it, twice; else the first line of standard input. One thread.

#include <string>

#include "base/error.h"

namespace armarium::cli {

// `from_input`: standard input even when it is a terminal's.
base::Result<std::string> read_password(bool from_input);

}  // namespace armarium::cli
