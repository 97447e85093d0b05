#pragma once
// The model as Presentation 3.0 and as 4.0; see tree.h. Ids are addresses already. What 3.0 cannot say is said in the nearest way: a Timeline is a Canvas with a
// duration; a Scene is a Canvas that shows its placeholder and offers its models as `rendering`. Pure; any thread.

#include "json/json.h"

namespace armarium::iiif::presentation {

// Any resource of the model, without @context. The writer of 2.1 goes on from 3.0, with the members "@2" still there.
enum class Marks { dropped, kept };
json::Object write_3(const json::Object& tree, Marks marks = Marks::dropped);
json::Object write_4(const json::Object& tree);

}  // namespace armarium::iiif::presentation
