// Any JSON as a description: the form that the store keeps is stable, and both versions of the document are JSON.

#include <cstdlib>

#include "contains_double.h"
#include "iiif/description.h"
#include "iiif/presentation/document.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace armarium;
  const auto value = json::parse({reinterpret_cast<const char*>(data), size}, {.max_bytes = 1U << 20, .max_depth = 32});
  if (!value || fuzz::contains_double(*value)) return 0;
  std::vector<std::string> problems;
  iiif::Description description = iiif::Description::from_json(*value, problems);
  const std::string kept = json::to_text(description.to_json());
  const auto again = iiif::Description::from_json(*json::parse(kept));
  if (!again || json::to_text(again->to_json()) != kept) std::abort();
  description.merge_below(*again);
  if (json::to_text(description.to_json()) != kept) std::abort();
  iiif::presentation::Collection collection;
  collection.id = "https://host/iiif/collection";
  collection.description = std::move(description);
  for (const auto version : {iiif::presentation::Version::v2, iiif::presentation::Version::v3}) {
    if (!json::parse(iiif::presentation::write_collection(version, collection))) std::abort();
  }
  return 0;
}
