#pragma once
// `armarium export`: a folder as a static site (exports/exporter.h), and its records in open formats (export_records.h), made by a server that listens nowhere. The state is the folder's own, so that what was
// written through the API is in it.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "app/config.h"
#include "app/export_records.h"
#include "base/error.h"
#include "exports/exporter.h"

namespace armarium::app {

struct ExportOptions {
  std::filesystem::path to{};       // of the site; empty: none
  std::filesystem::path records{};  // of the records; empty: none
  bool replace = false;
  bool incomplete = false;  // replace an earlier site also where something had to be left out
  std::function<void(const std::string&)> progress{};  // a line that takes the place of the last; on any thread
};

struct ExportReport {
  std::optional<exports::Report> site{};
  std::uint64_t files = 0;  // of the site
  std::uint64_t bytes = 0;
  std::optional<RecordsReport> records{};
  bool kept_earlier = false;  // something was left out, and the site that was there stays
};

// `config.public_url` is where the site will be. conflict when a server runs on the state, or something else is at `to`.
base::Result<ExportReport> run_export(const Config& config, const ExportOptions& options,
                                      const std::filesystem::path& program);

}  // namespace armarium::app
