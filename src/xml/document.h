#pragma once
// XML documents of others, read with limits that are checked before anything is allocated. A Document owns its text; Nodes are small values that look into it and hold as long as it lives.
// Names are compared by namespace and local name, whatever their prefixes. UTF-8, UTF-16, US-ASCII, ISO 8859-1, ISO 8859-15 and Windows-1252 are read; of entities the five of XML and numbers are
// expanded, those of a document type never are (they stay as they are written, and `notes` says so). Nothing is fetched. Pure; any thread.

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/bytes.h"
#include "base/error.h"

namespace armarium::xml {

struct Limits {
  std::size_t bytes = std::size_t{64} << 20;
  std::size_t depth = 200;
  std::size_t elements = 4'000'000;
  std::size_t attributes = 8'000'000;  // of the whole document
};

// What is wrong with a document; the line is 0 where it is about all of it.
struct Fault {
  int line = 0;
  std::string reason{};
  base::ErrorCode code = base::ErrorCode::corrupt;
};

// Matches every namespace, and none.
inline constexpr std::string_view kAnySpace = "*";
inline constexpr std::string_view kXmlSpace = "http://www.w3.org/XML/1998/namespace";
inline constexpr std::string_view kXlinkSpace = "http://www.w3.org/1999/xlink";

struct Attribute {
  std::string_view space{};  // namespace URI; empty for most
  std::string_view name{};
  std::string_view value{};
};

namespace detail {
struct Content;
}
template <class Next>
class NodeRange;

// An element, or a run of text between elements. A node that is none (`!node`) answers everything with nothing.
class Node {
 public:
  Node() = default;
  explicit operator bool() const noexcept { return content_ != nullptr; }
  bool is_text() const noexcept;
  std::string_view name() const noexcept;   // local
  std::string_view space() const noexcept;  // namespace URI; empty: none
  bool is(std::string_view space, std::string_view name) const noexcept;
  int line() const noexcept;  // from 1

  // Empty when there is none.
  std::string_view attribute(std::string_view name) const noexcept { return attribute({}, name); }
  std::string_view attribute(std::string_view space, std::string_view name) const noexcept;
  bool has_attribute(std::string_view name) const noexcept { return has_attribute({}, name); }
  bool has_attribute(std::string_view space, std::string_view name) const noexcept;
  std::vector<Attribute> attributes() const;   // without those of xmlns
  std::string_view language() const noexcept;  // xml:lang, here or above

  Node parent() const noexcept;
  Node child(std::string_view space, std::string_view name) const noexcept;  // the first such
  struct Filter;
  struct NextChild;
  struct NextBelow;
  NodeRange<NextChild> children() const noexcept;  // elements
  NodeRange<NextChild> children(std::string_view space, std::string_view name) const noexcept;
  NodeRange<NextChild> content() const noexcept;  // elements and texts
  // All elements below, in the order of the document.
  NodeRange<NextBelow> below(std::string_view space, std::string_view name) const noexcept;

  // Its text and that of everything below, white space collapsed.
  std::string text() const;
  // The same as it is written; between elements white space is one space.
  std::string raw_text() const;
  // Of the first such child.
  std::string child_text(std::string_view space, std::string_view name) const { return child(space, name).text(); }

  friend bool operator==(const Node&, const Node&) = default;

 private:
  friend class Document;
  template <class Next>
  friend class NodeRange;
  Node(const detail::Content* content, std::uint32_t at) : content_(content), at_(at) {}
  const detail::Content* content_ = nullptr;
  std::uint32_t at_ = 0;
};

struct Node::Filter {
  std::string_view space = kAnySpace;
  std::string_view name{};  // empty: all
  bool with_texts = false;
  std::uint32_t top = 0;
};
struct Node::NextChild {
  static std::uint32_t first(const detail::Content& content, const Filter& filter) noexcept;
  static std::uint32_t next(const detail::Content& content, const Filter& filter, std::uint32_t at) noexcept;
};
struct Node::NextBelow {
  static std::uint32_t first(const detail::Content& content, const Filter& filter) noexcept;
  static std::uint32_t next(const detail::Content& content, const Filter& filter, std::uint32_t at) noexcept;
};

inline constexpr std::uint32_t kNowhere = ~std::uint32_t{0};

template <class Next>
class NodeRange {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Node;
    using difference_type = std::ptrdiff_t;
    using pointer = const Node*;
    using reference = Node;
    Iterator() = default;
    Iterator(const NodeRange* range, std::uint32_t at) : range_(range), at_(at) {}
    Node operator*() const { return Node(range_->content_, at_); }
    Iterator& operator++() {
      at_ = Next::next(*range_->content_, range_->filter_, at_);
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    const NodeRange* range_ = nullptr;
    std::uint32_t at_ = kNowhere;
  };

  NodeRange(const detail::Content* content, Node::Filter filter) : content_(content), filter_(filter) {}
  Iterator begin() const { return {this, content_ == nullptr ? kNowhere : Next::first(*content_, filter_)}; }
  Iterator end() const { return {this, kNowhere}; }
  bool empty() const { return begin() == end(); }

 private:
  const detail::Content* content_;
  Node::Filter filter_;
};

class Document {
 public:
  static tl::expected<Document, Fault> parse(base::ByteView bytes, const Limits& limits = {});
  static tl::expected<Document, Fault> parse(std::string_view text, const Limits& limits = {});
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  Node root() const noexcept;
  // What was read in another way than it is written: entities of a document type, characters that XML does not allow.
  const std::vector<Fault>& notes() const noexcept;

 private:
  explicit Document(std::unique_ptr<detail::Content> content);
  std::unique_ptr<detail::Content> content_;
};

}  // namespace armarium::xml
