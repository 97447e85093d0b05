#pragma once
// `armarium check`: files, and what lies in folders, each checked by itself. Prints to the stream that it is given.

#include <iosfwd>
#include <string>
#include <vector>

#include "base/error.h"

namespace armarium::app {

struct CheckOptions {
  std::vector<std::string> sources{};  // files and folders; "-" is the standard input
  bool json = false;
  bool strict = false;  // what should be otherwise counts, too
};

// True when nothing is wrong. io when a source cannot be read.
base::Result<bool> run_check(const CheckOptions& options, std::ostream& out);

}  // namespace armarium::app
