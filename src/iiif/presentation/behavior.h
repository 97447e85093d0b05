#pragma once
// Which `behavior` values a type may have, and which exclude each other. Presentation 3.0, 3.2 behavior; 2.1.1, 3.3 viewingHint. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

namespace armarium::iiif::presentation {

enum class Type { collection, manifest, canvas, range };

// The values that `type` may have, in their order: of two that exclude each other the first stays.
std::vector<std::string> valid_behaviors(Type type, const std::vector<std::string>& values);

// The one viewingHint of 2.1 that says the most of `values`, or nothing.
std::string_view viewing_hint(Type type, const std::vector<std::string>& values);

}  // namespace armarium::iiif::presentation
