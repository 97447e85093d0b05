#pragma once
// The door for documents of others: a Manifest, Collection, Range, Canvas, AnnotationPage, Annotation or AnnotationCollection of Presentation 2, 3 or 4, or a W3C annotation, as a tree
// of the model (tree.h). Pure; any thread.

#include "iiif/presentation/tree.h"

namespace armarium::iiif::presentation {

struct ReadDocument {
  Version came_as = Version::v3;
  json::Object tree;  // its `@context`, where there is one, names the extensions alone
};

// invalid_argument when it is no object, has no type that is known here, or nests too deep; the sentence says which.
base::Result<ReadDocument> read_document(const json::Value& document);

}  // namespace armarium::iiif::presentation
