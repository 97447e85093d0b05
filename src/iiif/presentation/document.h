#pragma once
// Presentation documents as text: trees of the model (tree.h) in the version that was asked for. The same tree gives the same bytes. Throws nothing but out of memory; any
// thread, a producer one at a time. Presentation API 4.0 (draft), 3.0 and 2.1.1.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "iiif/presentation/tree.h"

namespace armarium::iiif::presentation {

struct Manifest {
  // Everything but its Containers and Ranges. `@context` of it, an array, names the extensions that are used.
  json::Object skeleton;
  json::Array structures;
  // Containers are made one by one, so that a long Manifest is never whole in memory.
  std::size_t canvas_count = 0;
  std::function<json::Object(std::size_t)> canvas;
};

// A document that is made while it is sent.
class DocumentProducer {
 public:
  virtual ~DocumentProducer() = default;
  // Appends the next piece to `out`; false when the document is complete.
  virtual bool pull(std::string& out) = 0;
};

// One piece for each Container.
std::unique_ptr<DocumentProducer> produce_manifest(Version version, Manifest manifest, AddressOf address_of);
// All of it.
std::string whole(DocumentProducer& producer);
std::string write_manifest(Version version, Manifest manifest, AddressOf address_of);

// Any other resource, as a document of its own.
std::string write_resource(Version version, json::Object tree, const AddressOf& address_of);

}  // namespace armarium::iiif::presentation
