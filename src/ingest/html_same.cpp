#include "ingest/html_same.h"

#include <string>

#include <pugixml.hpp>

namespace armarium::ingest {
namespace {

constexpr int kDeepest = 64;

bool same_attributes(const pugi::xml_node& a, const pugi::xml_node& b) {
  std::size_t count = 0;
  for (const pugi::xml_attribute& attribute : a.attributes()) {
    ++count;
    const pugi::xml_attribute other = b.attribute(attribute.name());
    if (!other || std::string_view(other.value()) != attribute.value()) return false;
  }
  for (const pugi::xml_attribute& attribute : b.attributes()) {
    if (!a.attribute(attribute.name())) return false;
    --count;
  }
  return count == 0;
}

bool same_inside(const pugi::xml_node& a, const pugi::xml_node& b, int depth) {
  if (depth > kDeepest) return false;
  pugi::xml_node left = a.first_child();
  pugi::xml_node right = b.first_child();
  for (; left && right; left = left.next_sibling(), right = right.next_sibling()) {
    if (left.type() != right.type() || std::string_view(left.name()) != right.name() ||
        std::string_view(left.value()) != right.value())
      return false;
    if (!same_attributes(left, right) || !same_inside(left, right, depth + 1)) return false;
  }
  return !left && !right;
}

bool parse(pugi::xml_document& document, std::string_view text) {
  const std::string wrapped = "<x>" + std::string(text) + "</x>";
  return static_cast<bool>(
      document.load_buffer(wrapped.data(), wrapped.size(), pugi::parse_default | pugi::parse_ws_pcdata));
}

}  // namespace

bool says_the_same(std::string_view text, std::string_view clean) {
  pugi::xml_document one;
  pugi::xml_document other;
  if (!parse(one, text) || !parse(other, clean)) return false;
  const pugi::xml_node left = one.first_child();
  const pugi::xml_node right = other.first_child();
  if (same_inside(left, right, 0)) return true;
  const pugi::xml_node wrapper = right.first_child();
  return std::string_view(wrapper.name()) == "span" && !wrapper.next_sibling() && !wrapper.first_attribute() &&
         same_inside(left, wrapper, 0);
}

}  // namespace armarium::ingest
