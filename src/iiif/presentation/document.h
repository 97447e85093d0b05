#pragma once
// Presentation documents as text: the door to both writers. The same values give the same bytes. Throws nothing but out of memory; any thread,
// a producer one at a time. Presentation API 3.0 and 2.1.1.

#include <memory>
#include <string>

#include "iiif/presentation/values.h"

namespace armarium::iiif::presentation {

// A document that is made while it is sent.
class DocumentProducer {
 public:
  virtual ~DocumentProducer() = default;
  // Appends the next piece to `out`; false when the document is complete.
  virtual bool pull(std::string& out) = 0;
};

// One piece for each Canvas. `manifest` has at least one Canvas.
std::unique_ptr<DocumentProducer> produce_manifest(Version version, Manifest manifest);
// All of it.
std::string whole(DocumentProducer& producer);

std::string write_manifest(Version version, Manifest manifest);
std::string write_collection(Version version, const Collection& collection);
std::string write_canvas(Version version, const Canvas& canvas);
// The painting AnnotationPage of a Canvas (2.1: sc:AnnotationList) and its painting Annotation. `canvas` has an image.
std::string write_annotation_page(Version version, const Canvas& canvas);
std::string write_annotation(Version version, const Canvas& canvas);
// The page of the annotations of a Canvas that do not paint, and one of them.
std::string write_annotations(Version version, const Canvas& canvas);
std::string write_note(Version version, const Annotation& annotation);
std::string write_range(Version version, const Range& range);

// "http://iiif.io/api/presentation/3/context.json": the profile of the media type.
std::string_view profile_of(Version version) noexcept;

}  // namespace armarium::iiif::presentation
