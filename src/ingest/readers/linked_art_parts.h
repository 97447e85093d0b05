#pragma once
// Small things of Linked Art: labels, contents, times, classifications. Inside its reader only. Views into the document; any thread.

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/readers/dates.h"
#include "ingest/readers/record.h"

namespace armarium::ingest::readers {

// Objects of a member that is one or a list of them.
std::vector<const json::Object*> objects_in(const json::Object& object, std::string_view member);
// `content` of a name or a statement; several values are joined.
std::string content_of(const json::Object& object);
// Its _label, else the content of its first name; empty where it is a bare reference.
std::string label_of(const json::Object& object);
// A number as it is written, without a fraction that is none.
std::string number_of(const json::Object& object, std::string_view member);
// A TimeSpan: its name where somebody wrote one, its ends.
Span time_of(const json::Object& span);
// POINT (4.9 52.3) and POLYGON ((…)), longitude first.
std::optional<json::Object> well_known_text(std::string_view text);

// Whether it is classified as one of these concepts of Getty's AAT, itself or by way of what it is classified as.
bool is_concept(const json::Object& type, std::string_view number);
template <std::size_t size>
bool is_any_of(const json::Object& object, const std::array<std::string_view, size>& numbers) {
  for (const json::Object* type : objects_in(object, "classified_as")) {
    for (const std::string_view number : numbers) {
      if (is_concept(*type, number)) return true;
    }
  }
  return false;
}

}  // namespace armarium::ingest::readers
