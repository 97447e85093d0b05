#pragma once
// `armarium check`: documents from files, folders and addresses, each checked by itself. Prints to the stream that it is given.

#include <iosfwd>

#include "app/check_sources.h"
#include "base/error.h"

namespace armarium::app {

// True when nothing is wrong. An error when a source cannot be read.
base::Result<bool> run_check(const CheckOptions& options, std::ostream& out);

}  // namespace armarium::app
