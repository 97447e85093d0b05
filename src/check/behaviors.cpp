#include "check/behaviors.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace armarium::check {
namespace {

struct Behavior {
  std::string_view name;
  std::string_view types;  // that may have it, each followed by a blank
};

constexpr std::array<Behavior, 17> kBehaviors = {{
    {"auto-advance", "Collection Manifest Canvas Range Timeline Scene "},
    {"no-auto-advance", "Collection Manifest Canvas Range Timeline Scene "},
    {"repeat", "Collection Manifest "},
    {"no-repeat", "Collection Manifest "},
    {"unordered", "Collection Manifest Range "},
    {"individuals", "Collection Manifest Range "},
    {"continuous", "Collection Manifest Range "},
    {"paged", "Collection Manifest Range "},
    {"facing-pages", "Canvas "},
    {"non-paged", "Canvas "},
    {"multi-part", "Collection "},
    {"together", "Collection "},
    {"sequence", "Range AnnotationPage "},
    {"thumbnail-nav", "Range "},
    {"no-nav", "Range "},
    {"hidden", "AnnotationCollection AnnotationPage Annotation SpecificResource Choice Content Image Light "},
    {"disabled", "Annotation "},
}};

constexpr std::array<std::string_view, 6> kSets[] = {
    {"auto-advance", "no-auto-advance"},
    {"repeat", "no-repeat"},
    {"unordered", "individuals", "continuous", "paged"},
    {"facing-pages", "non-paged", "paged"},
    {"multi-part", "together"},
    {"sequence", "thumbnail-nav", "no-nav"},
};

}  // namespace

void check_behaviors(const Step& step, Report& report, std::string_view clause) {
  const json::Value* value = step.object.if_contains("behavior");
  const json::Array* values = value == nullptr ? nullptr : value->if_array();
  if (values == nullptr) return;
  const Place place(step.place, "behavior");
  std::vector<std::string_view> given;
  for (const json::Value& one : *values) {
    if (!one.is_string()) continue;
    const std::string_view name = one.get_string();
    const auto known = std::find_if(kBehaviors.begin(), kBehaviors.end(),
                                    [&](const Behavior& behavior) { return behavior.name == name; });
    if (known == kBehaviors.end()) {
      if (name.find(':') == std::string_view::npos)
        report.must(place, clause, fmt::format("\"{}\" is no behavior that the specification knows.", name));
      continue;
    }
    const std::string_view said = json::text_of(step.object, "type");
    const std::string_view type = step.type == "Member" && !said.empty() ? said : step.type;
    if (known->types.find(fmt::format("{} ", type)) == std::string_view::npos)
      report.must(place, clause, fmt::format("{} cannot have the behavior {}.", with_article(type), name));
    given.push_back(name);
  }
  for (const auto& set : kSets) {
    std::vector<std::string> together;
    for (const std::string_view name : given) {
      if (std::find(set.begin(), set.end(), name) != set.end()) together.emplace_back(name);
    }
    if (together.size() > 1)
      report.must(place, clause, fmt::format("The behaviors {} and {} exclude each other.", together[0], together[1]));
  }
}

}  // namespace armarium::check
