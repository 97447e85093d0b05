#pragma once
// What the image addresses know of an asset, kept from request to request so that a tile costs no database call: the catalogue's record, what is announced of it, and the finished
// info.json. A record stands for a second and for one revision of the catalogue; nothing is ever purged by hand. Thread-safe; `find` never blocks, `get` does.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/services.h"
#include "cache/byte_lru.h"
#include "iiif/image_info.h"

namespace armarium::api {

struct ImageRecord {
  std::string tier;  // of those who may see it
  catalogue::Asset asset;
  pipeline::Target target;
  std::vector<std::string> formats;  // that can be written, by extension
  iiif::ImageDescription description;
  catalogue::Revision revision = 0;
  std::chrono::steady_clock::time_point read_at;
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
  std::shared_ptr<const base::Bytes> information(const ImageRecord& record, iiif::ImageVersion version,
                                                 const std::string& base);

 private:
  const Services& services_;
  cache::ByteLru<ImageRecord> records_;
  cache::ByteLru<base::Bytes> documents_;
};

}  // namespace armarium::api
