#pragma once
// Presentation documents of what the catalogue holds: read, built, written. not_found, gone and the like come from the catalogue; not_ready when an item's pictures
// are not known yet. Thread-safe; calls block on the database: never from an I/O thread. A producer belongs to its receiver and reads nothing more from the catalogue.

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/principal.h"
#include "catalogue/catalogue.h"
#include "iiif/presentation/document.h"
#include "presentation/addresses.h"
#include "presentation/kept_documents.h"

namespace armarium::presentation {

// How a document was asked for, so that its id equals the address.
struct Address {
  std::string base_url;  // "https://host/prefix", no slash at its end
  Style style = Style::neutral;
  std::string spelling;  // the identifier's segment as the URL has it where that is not our own spelling; else empty
};

struct Document {
  Version version = Version::v3;
  std::string id;
  std::string text;                                                // all of it, or
  std::unique_ptr<iiif::presentation::DocumentProducer> producer;  // a long one, piece by piece, or
  base::SharedBytes kept;                                          // a long one that was made before
  catalogue::Revision revision = 0;
  bool complete = true;  // false: more is still being found, do not keep
};

class Documents {
 public:
  // The catalogue must live longer.
  explicit Documents(const catalogue::Catalogue& catalogue) : catalogue_(catalogue) {}

  base::Result<Document> manifest(Version version, std::string_view identifier, const Address& address,
                                  const base::Principal& who) const;
  // The top Collection's identifier is empty. Part 0 is the Collection itself, others those of a long one (long_collection.h).
  base::Result<Document> collection(Version version, std::string_view identifier, std::size_t part,
                                    const Address& address, const base::Principal& who) const;

  // What stands inside Manifests, alone at its own id. `identifier` is what follows /iiif/canvas/ and its like, decoded.
  base::Result<Document> canvas(Version version, std::string_view identifier, const Address& address,
                                const base::Principal& who) const;
  base::Result<Document> annotation_page(Version version, std::string_view identifier, const Address& address,
                                         const base::Principal& who) const;
  base::Result<Document> annotation(Version version, std::string_view identifier, const Address& address,
                                    const base::Principal& who) const;
  base::Result<Document> range(Version version, std::string_view identifier, const Address& address,
                               const base::Principal& who) const;

 private:
  struct Found;
  // A resource inside of a Canvas, alone at its id.
  base::Result<Document> part(Version version, std::string_view identifier, std::string_view type,
                              const Address& address, const base::Principal& who) const;
  base::Result<Found> find_put_in(std::string_view item, std::string_view id, std::string_view type,
                                  const base::Principal& who) const;
  base::Result<Document> put_in(Version version, std::string_view item, const std::string& id, std::string_view type,
                                const Address& address, const base::Principal& who) const;
  base::Result<Found> find_canvas(std::string_view identifier, const base::Principal& who) const;
  // The cursor behind which the nth thousand begins.
  base::Result<std::string> cursor_of_part(std::string_view identifier, std::size_t part,
                                           const base::Principal& who) const;
  // Read as far as a document of this part needs it.
  base::Result<catalogue::Collection> read_collection(std::string_view identifier, std::size_t part,
                                                      const base::Principal& who) const;

  const catalogue::Catalogue& catalogue_;
  std::shared_ptr<KeptDocuments> kept_ = std::make_shared<KeptDocuments>();
  struct Cursors {
    catalogue::Revision revision = 0;
    std::vector<std::string> starts;  // of part 1, 2, …
  };
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, Cursors> cursors_;  // "tier/identifier"
};

}  // namespace armarium::presentation
