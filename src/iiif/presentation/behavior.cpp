#include "iiif/presentation/behavior.h"

#include <algorithm>
#include <array>

namespace armarium::iiif::presentation {
namespace {

constexpr unsigned kCollection = 1, kManifest = 2, kCanvas = 4, kRange = 8;

struct Rule {
  std::string_view name;
  unsigned types;
  int set;        // values of one set exclude each other
  unsigned hint;  // types that 2.1 allows it on
};

constexpr std::array<Rule, 15> kRules{{
    {"auto-advance", kCollection | kManifest | kCanvas | kRange, 1, 0},
    {"no-auto-advance", kCollection | kManifest | kCanvas | kRange, 1, 0},
    {"repeat", kCollection | kManifest, 2, 0},
    {"no-repeat", kCollection | kManifest, 2, 0},
    {"continuous", kCollection | kManifest | kRange, 3, kManifest | kRange},
    {"individuals", kCollection | kManifest | kRange, 3, kCollection | kManifest | kRange},
    {"paged", kCollection | kManifest | kRange, 3, kManifest | kRange},
    {"unordered", kCollection | kManifest | kRange, 3, 0},
    {"facing-pages", kCanvas, 4, kCanvas},
    {"non-paged", kCanvas, 4, kCanvas},
    {"multi-part", kCollection, 5, kCollection},
    {"together", kCollection, 5, 0},
    {"sequence", kRange, 6, 0},
    {"thumbnail-nav", kRange, 6, 0},
    {"no-nav", kRange, 6, 0},
}};

unsigned bit_of(Type type) {
  switch (type) {
    case Type::collection: return kCollection;
    case Type::manifest: return kManifest;
    case Type::canvas: return kCanvas;
    case Type::range: return kRange;
  }
  return 0;
}

const Rule* rule_of(std::string_view name) {
  const auto* rule = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& r) { return r.name == name; });
  return rule == kRules.end() ? nullptr : rule;
}

}  // namespace

std::vector<std::string> valid_behaviors(Type type, const std::vector<std::string>& values) {
  std::vector<std::string> valid;
  std::array<bool, 7> taken{};
  for (const std::string& value : values) {
    const Rule* rule = rule_of(value);
    if (rule == nullptr || (rule->types & bit_of(type)) == 0) continue;
    bool& set = taken[static_cast<std::size_t>(rule->set)];
    if (set) continue;
    set = true;
    valid.push_back(value);
  }
  return valid;
}

std::string_view viewing_hint(Type type, const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    const Rule* rule = rule_of(value);
    if (rule != nullptr && (rule->hint & bit_of(type)) != 0) return rule->name;
  }
  return {};
}

}  // namespace armarium::iiif::presentation
