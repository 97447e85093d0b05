#include "ingest/order.h"

#include <algorithm>

#include "base/natural_order.h"

namespace armarium::ingest {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

OrderKey::OrderKey(std::string_view name) : name_(name) {
  bool front = false;
  bool back = false;
  bool cover = false;
  bool spine = false;
  for (std::size_t at = 0; at < name.size();) {
    if (!is_letter(name[at])) {
      text_ += name[at++];
      continue;
    }
    std::size_t end = at;
    std::string word;
    while (end < name.size() && is_letter(name[end])) word += static_cast<char>(name[end++] | 0x20);
    at = end;
    cover = cover || word == "cover" || word == "frontcover" || word == "backcover";
    front = front || word == "front" || word == "frontcover";
    back = back || word == "back" || word == "backcover";
    spine = spine || word == "spine";
    // Sides of a leaf or an object: the first side sorts before the second, whatever their letters.
    if (word == "front" || word == "recto" || word == "obverse") word = "\x01";
    if (word == "back" || word == "verso" || word == "reverse") word = "\x02";
    text_ += word;
  }
  if (cover) group_ = back ? 1 : -2;
  if (spine) group_ = -1;
}

bool OrderKey::operator<(const OrderKey& other) const {
  if (group_ != other.group_) return group_ < other.group_;
  const int order = base::natural_compare(text_, other.text_);
  return order != 0 ? order < 0 : name_ < other.name_;
}

NamedOrder::NamedOrder(std::span<const std::string> names) : end_(names.size()) {
  for (std::size_t i = 0; i < names.size(); ++i) places_.emplace(names[i], i);
}

std::size_t NamedOrder::place(std::string_view name, std::string_view stem) const {
  if (places_.empty()) return end_;
  const auto by_name = places_.find(std::string(name));
  const auto by_stem = places_.find(std::string(stem));
  return std::min(by_name == places_.end() ? end_ : by_name->second, by_stem == places_.end() ? end_ : by_stem->second);
}

}  // namespace armarium::ingest
