#pragma once
// Whether a document holds a number that is no integer: those are read to within the last digit only, so a second reading may differ in it.

#include <algorithm>

#include "json/json.h"

namespace armarium::fuzz {

inline bool contains_double(const json::Value& value) {
  if (value.is_double()) return true;
  if (const json::Array* array = value.if_array()) return std::any_of(array->begin(), array->end(), contains_double);
  if (const json::Object* object = value.if_object()) {
    return std::any_of(object->begin(), object->end(),
                       [](const auto& member) { return contains_double(member.value()); });
  }
  return false;
}

}  // namespace armarium::fuzz
