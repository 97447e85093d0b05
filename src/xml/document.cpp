#include "xml/document.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "xml/content.h"
#include "xml/encoding.h"
#include "xml/markup.h"

// From pugixml's tree, which lives for the time of reading only, to the flat form.

namespace armarium::xml {
namespace {

using detail::Content;
using detail::Entry;

constexpr std::size_t kMostSpaces = 1'000;
constexpr std::string_view kDeclaration = "xmlns";

struct Qualified {
  std::string_view prefix{};
  std::string_view name{};
};
Qualified split(std::string_view name) {
  const std::size_t colon = name.find(':');
  // A name that ends with its colon is no qualified one; it stays as it is.
  if (colon == std::string_view::npos || colon + 1 == name.size()) return {{}, name};
  return {name.substr(0, colon), name.substr(colon + 1)};
}

// Namespaces in XML 1.0: which prefix means which namespace, here and below.
class Scopes {
 public:
  explicit Scopes(std::vector<std::string>& spaces) : spaces_(spaces) { scopes_.push_back({"xml", place(kXmlSpace)}); }

  // Whether all of them could be kept.
  bool declare(std::string_view prefix, std::string_view uri) {
    const std::uint16_t found = place(uri);
    scopes_.push_back({std::string(prefix), found});
    return found != 0 || uri.empty();
  }
  std::size_t mark() const { return scopes_.size(); }
  void leave(std::size_t mark) { scopes_.resize(mark); }
  std::uint16_t of(std::string_view prefix) const {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
      if (scope->first == prefix) return scope->second;
    }
    return 0;  // not declared: in no namespace
  }

 private:
  std::uint16_t place(std::string_view uri) {
    const auto found = std::find(spaces_.begin(), spaces_.end(), uri);
    if (found != spaces_.end()) return static_cast<std::uint16_t>(found - spaces_.begin());
    if (spaces_.size() >= kMostSpaces) return 0;
    spaces_.emplace_back(uri);
    return static_cast<std::uint16_t>(spaces_.size() - 1);
  }
  std::vector<std::string>& spaces_;
  std::vector<std::pair<std::string, std::uint16_t>> scopes_;
};

class Flattener {
 public:
  explicit Flattener(Content& content) : content_(content), scopes_(content.spaces) {}

  void run(const pugi::xml_node& root) {
    pugi::xml_node at = root;
    std::uint32_t parent = kNowhere;
    for (;;) {
      const bool is_element = at.type() == pugi::node_element;
      if (is_element) marks_.push_back(scopes_.mark());
      const std::uint32_t entry = is_element ? element(at, parent) : text(at, parent);
      if (is_element && at.first_child()) {
        parent = entry;
        at = at.first_child();
        continue;
      }
      if (is_element) leave(entry);
      while (at != root && !at.next_sibling()) {
        at = at.parent();
        const std::uint32_t above = parent;
        parent = content_.entries[above].parent;
        leave(above);
      }
      if (at == root) return;
      at = at.next_sibling();
    }
  }

 private:
  std::uint32_t size() const { return static_cast<std::uint32_t>(content_.entries.size()); }
  std::uint32_t offset_of(const char* inside) const {
    return static_cast<std::uint32_t>(inside - content_.text.data());
  }

  void leave(std::uint32_t entry) {
    content_.entries[entry].end = size();
    scopes_.leave(marks_.back());
    marks_.pop_back();
  }

  std::uint32_t text(const pugi::xml_node& node, std::uint32_t parent) {
    const std::string_view value = node.value();
    Entry entry{.text = value.data(),
                .length = static_cast<std::uint32_t>(value.size()),
                .parent = parent,
                .end = size() + 1,
                .attributes = static_cast<std::uint32_t>(content_.attributes.size()),
                .space = detail::kText};
    entry.offset = value.empty() ? 0 : offset_of(value.data());
    content_.entries.push_back(entry);
    return size() - 1;
  }

  std::uint32_t element(const pugi::xml_node& node, std::uint32_t parent) {
    for (const pugi::xml_attribute attribute : node.attributes()) {
      const std::string_view name = attribute.name();
      const bool all = name == kDeclaration ? scopes_.declare({}, attribute.value())
                       : name.starts_with("xmlns:") && name.size() > 6
                           ? scopes_.declare(name.substr(6), attribute.value())
                           : true;
      if (!all && !told_) {
        told_ = true;
        add_note(content_.notes, 0, fmt::format("The file declares more than {} namespaces.", kMostSpaces));
      }
    }
    const std::string_view whole = node.name();
    const Qualified name = split(whole);
    Entry entry{.text = name.name.data(),
                .length = static_cast<std::uint32_t>(name.name.size()),
                .parent = parent,
                .attributes = static_cast<std::uint32_t>(content_.attributes.size()),
                .offset = offset_of(whole.data()),
                .space = scopes_.of(name.prefix)};
    // Runs of nothing but white space are no nodes: here they stand before the <.
    const char before = entry.offset >= 2 ? content_.text[entry.offset - 2] : '>';
    entry.after_space = before == ' ' || before == '\t' || before == '\n' || before == '\r';
    content_.entries.push_back(entry);
    for (const pugi::xml_attribute attribute : node.attributes()) {
      const std::string_view qualified = attribute.name();
      if (qualified == kDeclaration || qualified.starts_with("xmlns:")) continue;
      const Qualified own = split(qualified);
      const std::uint16_t space = own.prefix.empty() ? std::uint16_t{0} : scopes_.of(own.prefix);
      content_.attributes.push_back({own.name, attribute.value(), space});
    }
    return size() - 1;
  }

  Content& content_;
  Scopes scopes_;
  std::vector<std::size_t> marks_;
  bool told_ = false;
};

void find_lines(Content& content) {
  content.line_starts.push_back(0);
  for (std::size_t at = content.text.find('\n'); at != std::string::npos; at = content.text.find('\n', at + 1))
    content.line_starts.push_back(static_cast<std::uint32_t>(at + 1));
}

}  // namespace

int Content::line_of(std::uint32_t offset) const noexcept {
  const auto after = std::upper_bound(line_starts.begin(), line_starts.end(), offset);
  return static_cast<int>(after - line_starts.begin());
}

Document::Document(std::unique_ptr<Content> content) : content_(std::move(content)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Node Document::root() const noexcept { return {content_.get(), 0}; }
const std::vector<Fault>& Document::notes() const noexcept { return content_->notes; }

tl::expected<Document, Fault> Document::parse(std::string_view text, const Limits& limits) {
  return parse(base::as_bytes(text), limits);
}

tl::expected<Document, Fault> Document::parse(base::ByteView bytes, const Limits& limits) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max() / 4;  // places in the text are 32 bits
  if (bytes.size() > std::min(limits.bytes, kMost)) {
    return tl::unexpected(Fault{0, fmt::format("The file is larger than {} bytes.", std::min(limits.bytes, kMost)),
                                base::ErrorCode::too_large});
  }
  auto content = std::make_unique<Content>();
  auto text = to_utf8(bytes, content->notes);
  if (!text) return tl::unexpected(std::move(text.error()));
  content->text = std::move(*text);
  const auto size = look_over(content->text, limits, content->notes);
  if (!size) return tl::unexpected(size.error());
  find_lines(*content);

  pugi::xml_document tree;
  const pugi::xml_parse_result parsed =
      tree.load_buffer_inplace(content->text.data(), content->text.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!parsed || !tree.document_element()) {
    const auto place = static_cast<std::uint32_t>(std::max<std::ptrdiff_t>(parsed.offset, 0));
    return tl::unexpected(
        Fault{content->line_of(place), fmt::format("The file is no well-formed XML: {}.", parsed.description())});
  }
  content->entries.reserve(size->elements + size->elements / 2);
  content->attributes.reserve(size->attributes);
  Flattener(*content).run(tree.document_element());
  return Document(std::move(content));
}

}  // namespace armarium::xml
