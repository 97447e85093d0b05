#pragma once
// Small things that all readers of XML records do. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "ingest/readers/language_codes.h"
#include "xml/document.h"

namespace armarium::ingest::readers {

// BCP 47, of `lang` (MODS) or xml:lang here or above; "none".
inline std::string language_of(const xml::Node& node) {
  const std::string_view own = node.attribute("lang");
  return language_tag(own.empty() ? node.language() : own);
}

// An attribute that some write with the prefix of its schema and some without (LIDO).
inline std::string_view attribute_of(const xml::Node& node, std::string_view name) {
  const std::string_view plain = node.attribute(name);
  return plain.empty() ? node.attribute(node.space(), name) : plain;
}

// Children of the parent's namespace.
inline auto children_of(const xml::Node& node, std::string_view name) { return node.children(node.space(), name); }
inline xml::Node child_of(const xml::Node& node, std::string_view name) { return node.child(node.space(), name); }
inline std::string text_of(const xml::Node& node, std::string_view name) { return child_of(node, name).text(); }

// By a path of names: "titleStmt/title". The first at each step.
inline xml::Node at_path(xml::Node node, std::string_view path) {
  while (node && !path.empty()) {
    const std::size_t slash = path.find('/');
    node = child_of(node, path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return node;
}

inline std::string joined(const std::vector<std::string>& texts, std::string_view between) {
  std::string out;
  for (const std::string& text : texts) {
    if (text.empty()) continue;
    if (!out.empty()) out += between;
    out += text;
  }
  return out;
}

}  // namespace armarium::ingest::readers
