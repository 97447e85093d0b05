#pragma once
// One upload in memory. Private to uploads*.cpp; all of it is under its mutex but for what is atomic.

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>
#include <string>

#include <fmt/format.h>

#include "ingest/uploads.h"

namespace armarium::ingest {

struct Uploads::Item {
  std::mutex mutex;
  std::string id;
  UploadRecord record;
  std::atomic<std::uint64_t> offset{0};
  std::atomic<bool> finished{false};
  std::atomic<std::int64_t> touched{0};  // seconds since 1970
  bool removed = false;
  std::string tag;  // of the file in its place
  bool synced = true;
  std::uint64_t writer = 0;  // the number of the one that writes; 0: nobody
  std::uint64_t writers = 0;
  std::chrono::steady_clock::time_point moved{};

  std::string part() const { return id + ".part"; }
  bool whole() const { return offset == record.length && !record.checked_to; }
};

inline std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

inline tl::unexpected<base::Error> upload_failed(std::string_view what) {
  const int number = errno;
  const bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
  return base::fail(full ? base::ErrorCode::storage_full : base::ErrorCode::io,
                    full ? "There is no space left on the disk." : "The upload cannot be written.",
                    fmt::format("{}: {}", what, std::strerror(number)));
}

}  // namespace armarium::ingest
