#pragma once
// `armarium export`: a folder as a static site (exports/exporter.h), made by a server that listens nowhere. The state is the folder's own, so that what was written through the API is in it.

#include <filesystem>
#include <functional>
#include <string>

#include "app/config.h"
#include "base/error.h"
#include "exports/exporter.h"

namespace armarium::app {

struct ExportOptions {
  std::filesystem::path to;
  bool replace = false;
  std::function<void(const std::string&)> progress{};  // a line that takes the place of the last; on any thread
};

struct ExportReport {
  exports::Report site;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

// `config.public_url` is where the site will be. conflict when a server runs on the state, or something else is at `to`.
base::Result<ExportReport> run_export(const Config& config, const ExportOptions& options,
                                      const std::filesystem::path& program);

}  // namespace armarium::app
