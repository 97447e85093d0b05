#pragma once
// The folder that a static site is written to. It grows beside its place and takes it when it is whole; a site that was there is replaced in one step. Any thread may write; each file once.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/exchange.h"

namespace armarium::exports {

class SiteFolder {
 public:
  // conflict when something is at `place` that is no empty folder, and `replace` is not set, or that no export made. io.
  static base::Result<SiteFolder> open(const std::filesystem::path& place, bool replace);
  SiteFolder(SiteFolder&& other) noexcept;
  SiteFolder& operator=(SiteFolder&&) = delete;
  // Takes away what is not finished.
  ~SiteFolder();

  // `file`: of Place::file. conflict when it is there.
  base::Result<> write(const std::string& file, std::string_view bytes);
  // A body of any length, piece by piece.
  base::Result<> write(const std::string& file, http::Body& body);
  base::Result<> finish();

  std::uint64_t files() const noexcept { return files_; }
  std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  SiteFolder(std::filesystem::path place, std::filesystem::path growing)
      : place_(std::move(place)), growing_(std::move(growing)) {}

  std::filesystem::path place_;
  std::filesystem::path growing_;  // empty when it is finished
  std::atomic<std::uint64_t> files_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
};

}  // namespace armarium::exports
