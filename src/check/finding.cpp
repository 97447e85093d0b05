#include "check/finding.h"

#include <algorithm>

namespace armarium::check {

std::string Place::path() const {
  if (up_ == nullptr) return {};
  std::string path = up_->path();
  if (!path.empty()) path += '/';
  return path + (key_.data() == nullptr ? std::to_string(index_) : std::string(key_));
}

void Report::add(Level level, const Place& place, std::string_view clause, std::string message) {
  ++counts_[static_cast<std::size_t>(level)];
  const auto same = std::count_if(findings_.begin(), findings_.end(),
                                  [&](const Finding& one) { return one.clause == clause && one.message == message; });
  if (static_cast<std::size_t>(same) >= kMostOfOne) return;
  Finding finding{level, std::string(clause), place.path(), std::move(message)};
  if (std::find(findings_.begin(), findings_.end(), finding) == findings_.end())
    findings_.push_back(std::move(finding));
}

}  // namespace armarium::check
