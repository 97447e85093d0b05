#pragma once
// The folder that an export is written to. It grows beside its place and takes it when it is whole; an earlier export that was there is replaced in one step, and what people put beside its files (.git, CNAME) stays.
// Any thread may write; each file once.

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
  // `what` is written: "site", "records". conflict when something is at `place` that is no empty folder, and `replace` is not set, or that is no export of that kind. io.
  static base::Result<SiteFolder> open(const std::filesystem::path& place, std::string_view what, bool replace);
  SiteFolder(SiteFolder&& other) noexcept;
  SiteFolder& operator=(SiteFolder&&) = delete;
  // Takes away what is not finished.
  ~SiteFolder();

  // `file`: of Place::file. conflict when it is there.
  base::Result<> write(const std::string& file, std::string_view bytes);
  // A body of any length, piece by piece.
  base::Result<> write(const std::string& file, http::Body& body);
  // What is at the place by then is replaced only as it was promised.
  base::Result<> finish();

  std::uint64_t files() const noexcept { return files_; }
  std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  SiteFolder(std::filesystem::path place, std::string what, bool replaces)
      : place_(std::move(place)), what_(std::move(what)), replaces_(replaces) {}
  base::Result<> keep_what_others_put_there(const std::filesystem::path& old) const;

  std::filesystem::path place_;
  std::string what_;
  bool replaces_;                    // an earlier export
  std::filesystem::path growing_{};  // empty when it is finished
  std::atomic<std::uint64_t> files_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
};

}  // namespace armarium::exports
