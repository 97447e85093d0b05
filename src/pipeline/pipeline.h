#pragma once
// From an asset and numbers to the bytes of an answer: source → decoder → operations → encoder, with opened pictures and finished answers kept in memory and
// identical work in flight done once. Knows no HTTP and no addresses: maps, PDF, posters and snippets call pixels(). Thread-safe; blocks: pool threads only.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/error.h"
#include "base/timing.h"
#include "base/work_pool.h"
#include "codec/picture.h"
#include "iiif/image_request.h"
#include "pipeline/derivatives.h"
#include "pipeline/picture_stream.h"
#include "source/source.h"

namespace armarium::pipeline {

struct Options {
  codec::Limits limits;
  std::uint64_t response_cache_bytes = std::uint64_t{128} << 20;
  std::uint64_t picture_cache_bytes = std::uint64_t{256}
                                      << 20;  // opened headers, and whole levels of pictures without tiles
  std::uint64_t max_output_pixels = std::uint64_t{65'500} * 65'500;  // of what is written in strips
  std::uint64_t max_whole_pixels = std::uint64_t{400} * 1'000'000;   // of what has to be held whole
  std::uint64_t strips_from_pixels = std::uint64_t{16} * 1'000'000;  // larger pictures are made while they are sent
  std::uint64_t strip_bytes = std::uint64_t{4} << 20;                // of such a one's pixels, at a time
  int quality = 82;
  bool linear_light = false;  // scale amounts of light
  DerivativeOptions derivatives{};
  std::chrono::milliseconds answer_time{60'000};  // what a request may take
  base::WorkPool* helpers = nullptr;  // decode blocks for others' requests when idle; end before the pipeline
};

// Which bytes: a page of one version of a file.
struct Target {
  std::string path;
  std::uint32_t page = 0;
  std::string version;  // as the catalogue knows it; a newer file is served as it is now
  friend bool operator==(const Target&, const Target&) = default;
};

struct Rendered {
  base::SharedBytes body;
  std::string media_type;
  std::string etag;         // without quotes: hash of version, canonical numbers, encoder recipe, tier
  base::Timing timing{};    // how it was made, without waiting, planning and reading
  std::string defect = {};  // a sentence when the file is damaged and shown all the same
};

// An answer that may need no work; see Pipeline::at_hand.
struct AtHand {
  std::string etag;
  std::shared_ptr<const Rendered> kept;
  std::optional<codec::StoredPicture> tile;
  std::shared_ptr<const base::ByteSource> file;
  std::chrono::steady_clock::time_point until;  // the file's version is not looked up again before
  bool settled = true;                          // false: a derivative may come to stand for it
};

// What one request will cost, before any pixel is touched: chooses the lane.
struct Estimate {
  bool large = false;
  bool in_strips = false;    // stream() makes it, not render()
  std::uint64_t memory = 0;  // held at the peak, bytes
  std::uint64_t pixels = 0;  // of the answer; 0 where nothing has to be made
};

class Pipeline {
 public:
  // `source` must outlive the pipeline.
  Pipeline(const source::Source& source, const Options& options);
  ~Pipeline();

  // Opened once for each version and kept; re-checks the file's version at most once a second. A file that cannot be read is not tried
  // again until it changes.
  base::Result<std::shared_ptr<const codec::Picture>> open(const Target& target);
  // The ETag that render would give, without reading the source (its version is looked up at most once a second). not_found when it has gone.
  base::Result<std::string> etag(const Target& target, const iiif::ResolvedRequest& request, const std::string& tier);
  // From memory only, for I/O threads: what is known of an answer before it is fetched, and the answer itself where it needs no work (kept from before, or a tile that
  // lies in the file and in the page cache). Nothing when that takes a pool thread; then the functions below do it.
  std::optional<AtHand> at_hand(const Target& target, const iiif::ResolvedRequest& request, const std::string& tier);
  std::optional<Rendered> fetch(const AtHand& known) const;
  // What it will cost; nothing where it lies in a file or was kept.
  base::Result<Estimate> estimate(const Target& target, const iiif::ResolvedRequest& request, const std::string& tier);
  // invalid_argument when the format cannot be written here, over_limit when it cannot hold the size.
  base::Result<Rendered> render(const Target& target, const iiif::ResolvedRequest& request, const std::string& tier,
                                const base::CancelToken& cancel);
  // What is too large to be rendered (Estimate::in_strips), made bit by bit; reads nothing yet. Neither kept nor shared.
  base::Result<std::unique_ptr<PictureStream>> stream(const Target& target, const iiif::ResolvedRequest& request,
                                                      const std::string& tier, const base::CancelToken& cancel);
  // Display pixels (8-bit grey or sRGB) of a region at a size.
  base::Result<image::Pixels> pixels(const Target& target, image::Rect region, image::Size size,
                                     const base::CancelToken& cancel);

  // Has a delivery derivative made of a page, where it gains by one. False where it does not.
  base::Result<bool> optimize(const Target& target);
  // Removes what was made of a page, and what is being made.
  void forget(const Target& target);
  Derivatives::Status derivatives() const;

  // Output formats that can be written here, by extension ("jpg", "avif" only with a worker).
  std::vector<std::string> output_formats() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace armarium::pipeline
