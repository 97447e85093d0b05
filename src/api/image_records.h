#pragma once
// What the image addresses know of an asset, kept from request to request so that a tile costs no database call: the catalogue's record, what is announced of it, and the finished
// info.json. A record stands for a second and for one revision of the catalogue; nothing is ever purged by hand. Thread-safe; `find` never blocks, `get` does.

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/services.h"
#include "base/byte_lru.h"
#include "http/exchange.h"
#include "iiif/image_info.h"

namespace armarium::api {

// As long as the catalogue and the file say what they said. Answers of one picture share one, so that a single look at the file lets all of them last on.
class StillCurrent final : public http::Lasting {
 public:
  using Clock = std::chrono::steady_clock;

  StillCurrent(const catalogue::Catalogue& catalogue, catalogue::Revision revision)
      : catalogue_(catalogue), revision_(revision) {}

  bool lasts(Clock::time_point now) const override {
    return now.time_since_epoch().count() < until_.load(std::memory_order_relaxed) &&
           catalogue_.revision() == revision_;
  }
  void until(Clock::time_point end) const { until_.store(end.time_since_epoch().count(), std::memory_order_relaxed); }

 private:
  const catalogue::Catalogue& catalogue_;
  catalogue::Revision revision_;
  mutable std::atomic<Clock::rep> until_{0};
};
using StillCurrentPtr = std::shared_ptr<const StillCurrent>;

// A finished info.json and its tags, by what it is sent as.
struct ImageDocument {
  base::SharedBytes body;
  std::string etag_json;  // quoted, as application/json
  std::string etag_ld;    // as application/ld+json
};

struct ImageRecord {
  std::string tier;  // of those who may see it
  catalogue::Asset asset;
  pipeline::Target target;
  std::vector<std::string> formats;  // that can be written, by extension
  iiif::ImageDescription description;
  catalogue::Revision revision = 0;
  std::chrono::steady_clock::time_point read_at;
  StillCurrentPtr pictures;   // of the answers that hold pictures
  StillCurrentPtr documents;  // of those that describe them

  static constexpr auto kTrusted = std::chrono::seconds(1);
};
using ImageRecordPtr = std::shared_ptr<const ImageRecord>;

class ImageRecords {
 public:
  explicit ImageRecords(const Services& services);

  // From memory; null when the catalogue has to be asked.
  ImageRecordPtr find(const std::string& identifier, const base::Principal& who);
  // The record as it is now. As find_asset; corrupt with the reason for a picture that cannot be read.
  base::Result<ImageRecordPtr> get(const std::string& identifier, const base::Principal& who,
                                   const base::CancelToken& cancel);

  // The finished document for the service at the address `base`.
  std::shared_ptr<const ImageDocument> information(const ImageRecord& record, iiif::ImageVersion version,
                                                   const std::string& base);

 private:
  const Services& services_;
  base::ByteLru<ImageRecord> records_;
  base::ByteLru<ImageDocument> documents_;
};

}  // namespace armarium::api
