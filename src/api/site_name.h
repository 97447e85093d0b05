#pragma once
// The site's name as the last page showed it, for answers that may ask no database: error pages are made on I/O threads, too. Thread-safe.

#include <mutex>

#include "iiif/description.h"

namespace armarium::api {

class SiteName {
 public:
  void set(const iiif::LanguageMap& name) {
    const std::lock_guard lock(mutex_);
    if (!(name_ == name)) name_ = name;
  }
  iiif::LanguageMap get() const {
    const std::lock_guard lock(mutex_);
    return name_;
  }

 private:
  mutable std::mutex mutex_;
  iiif::LanguageMap name_;
};

}  // namespace armarium::api
