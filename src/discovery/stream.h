#pragma once
// The change stream (Change Discovery 1.0, level 2) read from the store's own log: what everybody may know of it, in pages of a fixed number of activities. Places,
// pages and totals are the same for whoever asks; a page that is full and has a next one stays as it is, but for names that are erased. Holds no host: the caller
// brings the addresses. Thread-safe; blocks on the database.

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "base/error.h"
#include "iiif/discovery.h"
#include "store/store.h"

namespace armarium::discovery {

inline constexpr std::uint64_t kPageSize = 100;

// How documents are called: of the stream itself, and of what it speaks of.
struct Addresses {
  std::string base;    // "https://host/iiif/discovery/1"
  std::string ending;  // of a variant: "/v2"
  std::string format;  // media type of the objects
  std::function<std::string(const store::ItemKey&)> object;
  std::function<std::string(const store::ItemKey&)> canonical;

  std::string collection() const { return base + "/collection" + ending; }
  std::string page(std::uint64_t number) const { return base + "/page/" + std::to_string(number) + ending; }
  std::string activity(std::uint64_t place) const { return base + "/activity/" + std::to_string(place) + ending; }
  // In the place of what may not be named any more.
  std::string erased(std::uint64_t place) const { return base + "/erased/" + std::to_string(place); }
};

struct Document {
  std::string text;
  bool settled = false;  // it stays as it is
};

class Stream {
 public:
  // The store must live longer.
  explicit Stream(store::Store& store) : store_(store) {}

  // Whether the stream may be given: once everything was looked at (`complete`, remembered for good), and while nothing is being named again.
  base::Result<bool> is_open(bool complete);

  // not_found while nothing has been published at all: a Collection must have a last page.
  base::Result<Document> collection(const Addresses& addresses) const;
  // From 1.
  base::Result<Document> page(std::uint64_t number, const Addresses& addresses) const;
  base::Result<Document> activity(std::uint64_t place, const Addresses& addresses) const;

 private:
  store::Store& store_;
  std::atomic<bool> opened_{false};
};

}  // namespace armarium::discovery
