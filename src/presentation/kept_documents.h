#pragma once
// Long documents that were made lately, whole: the second reader of a Manifest of 10,000 Canvases waits for nothing. Found by a key that holds all that the bytes depend on but the revision, which
// stands beside them: whoever finds one asks whether it is the present one. Thread-safe; lives as long as what it keeps is being made.

#include <cstddef>
#include <memory>
#include <string>

#include "base/byte_lru.h"
#include "base/bytes.h"
#include "catalogue/records.h"
#include "iiif/presentation/document.h"

namespace armarium::presentation {

class KeptDocuments : public std::enable_shared_from_this<KeptDocuments> {
 public:
  // Bytes of all together; a document of more is not kept.
  static constexpr std::size_t kMostBytes = std::size_t{48} << 20;

  struct Kept {
    catalogue::Revision revision = 0;
    bool complete = true;
    base::SharedBytes text{};
  };

  // Null when there is none. Touches memory only.
  std::shared_ptr<const Kept> find(const std::string& key) { return documents_.find(key); }
  // The same document, which is kept once it was pulled to its end, in place of an older one.
  std::unique_ptr<iiif::presentation::DocumentProducer> keep(
      std::string key, catalogue::Revision revision, bool complete,
      std::unique_ptr<iiif::presentation::DocumentProducer> producer);

 private:
  base::ByteLru<Kept> documents_{kMostBytes, 1};
};

}  // namespace armarium::presentation
