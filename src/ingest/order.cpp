#include "ingest/order.h"

#include <algorithm>

#include "base/natural_order.h"

namespace armarium::ingest {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

struct Key {
  int group = 0;       // front cover, spine, pages, back cover
  std::string text;
};

Key key_of(std::string_view name) {
  Key key;
  bool front = false;
  bool back = false;
  bool cover = false;
  bool spine = false;
  for (std::size_t at = 0; at < name.size();) {
    if (!is_letter(name[at])) {
      key.text += name[at++];
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
    key.text += word;
  }
  if (cover) key.group = back ? 1 : -2;
  if (spine) key.group = -1;
  return key;
}

}  // namespace

bool comes_before(std::string_view a, std::string_view b) {
  const Key x = key_of(a);
  const Key y = key_of(b);
  if (x.group != y.group) return x.group < y.group;
  const int order = base::natural_compare(x.text, y.text);
  return order != 0 ? order < 0 : a < b;
}

std::size_t place_in(std::span<const std::string> order, std::string_view name, std::string_view stem) {
  const auto found = std::find_if(order.begin(), order.end(), [&](const std::string& wanted) { return wanted == name || wanted == stem; });
  return static_cast<std::size_t>(found - order.begin());
}

}  // namespace armarium::ingest
