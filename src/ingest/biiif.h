#pragma once
// The two texts that biiif reads besides info.yml: manifests.yml (Manifests of others in a Collection) and x.yml in a `_canvas` folder (an annotation of that
// Canvas). A mistake is named and costs only its entry. Pure; any thread.

#include <string_view>

#include "ingest/info_yml.h"

namespace armarium::ingest {

struct LinkedManifests {
  json::Array items;  // {id, label, thumbnail?}
  std::vector<TextProblem> problems;
};
LinkedManifests read_manifests_yml(std::string_view text);

struct CanvasAnnotation {
  // {motivation, value | id, type?, format?, language?, label?, xywh?}. Of one that paints, `value` may name a picture of the folder: who knows the folder decides.
  json::Value annotation;
  std::vector<TextProblem> problems;
};
CanvasAnnotation read_annotation_yml(std::string_view text);

}  // namespace armarium::ingest
