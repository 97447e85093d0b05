#pragma once
// The Canvases of a document, and whether what points at them lies within them. Built in one pass before the rules run.

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "json/json.h"

namespace armarium::check {

struct Extent {
  double width = 0;  // 0: none
  double height = 0;
  double duration = 0;
};

class Extents {
 public:
  // `id_key` and `type_key` as the version spells them.
  Extents(const json::Value& document, std::string_view id_key, std::string_view type_key);

  // Of a Canvas (a Timeline, a Scene) that the document holds whole; null for any other id.
  const Extent* find(std::string_view canvas) const;
  // Whether the document holds, or refers to, something of this id outside of annotations.
  bool mentions(std::string_view id) const { return mentioned_.contains(std::string(id)); }
  bool has_any() const noexcept { return !extents_.empty(); }
  // Canvases that the document holds more than once.
  const std::unordered_set<std::string>& repeated() const noexcept { return repeated_; }

 private:
  void collect(const json::Value& value, std::string_view key, int depth);

  std::string id_key_;
  std::string type_key_;
  std::unordered_map<std::string, Extent> extents_;
  std::unordered_set<std::string> mentioned_;
  std::unordered_set<std::string> repeated_;
};

// What a media fragment says ("xywh=0,0,10,10&t=1,2"), and what is wrong with it: a sentence's end, or empty. With an extent also whether it lies within.
std::string fragment_fault(std::string_view fragment, const Extent* extent);

}  // namespace armarium::check
