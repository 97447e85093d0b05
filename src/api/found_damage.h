#pragma once
// Files whose headers are sound and whose pixels are not: noticed when somebody asks for them, named at /status until the server ends. Bounded; thread-safe.

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "catalogue/records.h"

namespace armarium::api {

class FoundDamage {
 public:
  // `path` below the served folder, `version` of the file, `reason` one sentence.
  void note(const std::string& path, const std::string& version, const std::string& reason);
  // The file was changed: what was said of an older version is withdrawn.
  void forget_older(const std::string& path, const std::string& version);
  std::vector<catalogue::Problem> list() const;

 private:
  struct Entry {
    std::string version;
    std::string reason;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace armarium::api
