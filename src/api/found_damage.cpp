#include "api/found_damage.h"

namespace armarium::api {
namespace {

constexpr std::size_t kMost = 10'000;

}  // namespace

void FoundDamage::note(const std::string& path, const std::string& version, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kMost && !entries_.contains(path)) return;
  entries_[path] = {version, reason};
}

void FoundDamage::forget_older(const std::string& path, const std::string& version) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(path);
  if (found != entries_.end() && found->second.version != version) entries_.erase(found);
}

std::vector<catalogue::Problem> FoundDamage::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<catalogue::Problem> problems;
  problems.reserve(entries_.size());
  for (const auto& [path, entry] : entries_) problems.push_back({path, "", entry.reason});
  return problems;
}

}  // namespace armarium::api
