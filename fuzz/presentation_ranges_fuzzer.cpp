// Any JSON as the `ranges` of an item: each Range that is made has members, and its own id finds it.

#include <cstdlib>

#include "presentation/ranges.h"

namespace {

using namespace armarium;

void check(const std::vector<iiif::presentation::Range>& whole, const std::vector<iiif::presentation::Range>& tree) {
  for (const auto& range : tree) {
    if (range.items.empty() || range.label.empty()) std::abort();
    if (presentation::find_range(whole, range.id) == nullptr) std::abort();
    for (const auto& item : range.items) check(whole, item.range);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  auto value = json::parse({reinterpret_cast<const char*>(data), size}, {.max_bytes = 1U << 16, .max_depth = 32});
  if (!value) return 0;
  catalogue::Manifest manifest;
  manifest.identifier = "book";
  for (const char* name : {"p1", "p2", "p10"}) {
    manifest.canvases.push_back({"book~" + std::string(name), iiif::LanguageMap::none(name), {10, 10}, {}, {}, {}});
  }
  manifest.ranges = std::move(*value);
  const presentation::Addresses addresses("https://host", presentation::Style::neutral, presentation::Version::v3);
  const auto tree = presentation::ranges_of(manifest, addresses);
  check(tree, tree);
  return 0;
}
