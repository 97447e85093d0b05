#include "check/identities.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include <fmt/format.h>

namespace armarium::check {
namespace {

constexpr int kDeepest = 64;
// What these specifications define; images and texts may well be named by several types.
constexpr std::array<std::string_view, 16> kOurs = {"Collection",    "Manifest",    "Canvas",      "Timeline",
                                                    "Scene",         "Range",       "Annotation",  "AnnotationPage",
                                                    "sc:Collection", "sc:Manifest", "sc:Sequence", "sc:AnnotationList",
                                                    "sc:Canvas",     "sc:Range",    "sc:Layer",    "oa:Annotation"};

class Identities {
 public:
  Identities(std::string_view id_key, std::string_view type_key, std::string_view clause, Report& report)
      : id_key_(id_key), type_key_(type_key), clause_(clause), report_(report) {}

  void walk(const json::Value& value, const Place& place, int depth) {
    if (depth > kDeepest) return;
    if (const json::Array* array = value.if_array()) {
      for (std::size_t at = 0; at < array->size(); ++at) walk((*array)[at], Place(place, at), depth + 1);
    } else if (const json::Object* object = value.if_object()) {
      known(*object, place);
      for (const auto& [key, inner] : *object) walk(inner, Place(place, key), depth + 1);
    }
  }

 private:
  void known(const json::Object& object, const Place& place) {
    const std::string_view type = json::text_of(object, type_key_);
    const std::string_view id = json::text_of(object, id_key_);
    if (id.empty() || std::find(kOurs.begin(), kOurs.end(), type) == kOurs.end()) return;
    const auto [found, first] = types_.try_emplace(id, type);
    if (first || found->second == type) return;
    report_.must(Place(place, id_key_), clause_,
                 fmt::format("This {} has the {} of another thing, of type {}.", type, id_key_, found->second));
  }

  std::string_view id_key_;
  std::string_view type_key_;
  std::string_view clause_;
  Report& report_;
  std::unordered_map<std::string_view, std::string_view> types_{};
};

}  // namespace

void check_identities(const json::Value& document, std::string_view id_key, std::string_view type_key,
                      std::string_view clause, Report& report) {
  Identities(id_key, type_key, clause, report).walk(document, Place(), 0);
}

}  // namespace armarium::check
