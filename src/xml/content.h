#pragma once
// What a Document holds: its elements and texts in the order of the document, each with the end of what is below it. Inside xml only. Values; any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "xml/document.h"

namespace armarium::xml::detail {

inline constexpr std::uint16_t kText = 0xffff;  // in place of a namespace

struct Entry {
  const char* text = nullptr;  // of an element its local name
  std::uint32_t length = 0;
  std::uint32_t parent = kNowhere;
  std::uint32_t end = 0;         // the entry after all that is below
  std::uint32_t attributes = 0;  // the first; they end where those of the next entry begin
  std::uint32_t offset = 0;      // in the text
  std::uint16_t space = 0;       // place in `spaces`
  bool after_space = false;      // white space stands before it
  std::string_view view() const noexcept { return {text, length}; }
  bool is_text() const noexcept { return space == kText; }
};

struct StoredAttribute {
  std::string_view name{};
  std::string_view value{};
  std::uint16_t space = 0;
};

struct Content {
  std::string text{};  // UTF-8; names and values are inside
  std::vector<Entry> entries{};
  std::vector<StoredAttribute> attributes{};
  std::vector<std::string> spaces{""};
  std::vector<std::uint32_t> line_starts{};
  std::vector<Fault> notes{};

  int line_of(std::uint32_t offset) const noexcept;
  std::uint32_t attributes_end(std::uint32_t at) const noexcept {
    return at + 1 < entries.size() ? entries[at + 1].attributes : static_cast<std::uint32_t>(attributes.size());
  }
};

}  // namespace armarium::xml::detail
