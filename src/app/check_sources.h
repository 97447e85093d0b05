#pragma once
// Where the documents of `armarium check` come from: files, folders, the standard input, addresses, and with `follow` the documents that those lead to.

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "check/check.h"

namespace armarium::app {

struct CheckedSource {
  std::string name;
  check::Checked checked;
};

struct CheckOptions {
  std::vector<std::string> sources{};  // files, folders and addresses; "-" is the standard input
  bool json = false;
  bool strict = false;       // what should be otherwise counts, too
  bool follow = false;       // from an address to others of the same host
  std::size_t most = 1'000;  // documents that following may ask for
};

// Calls `found` for each document, in the order of the sources. io and what the net says when one that was named cannot be read; one that was only followed to is a finding.
base::Result<> check_sources(const CheckOptions& options, const std::function<void(CheckedSource)>& found);

}  // namespace armarium::app
