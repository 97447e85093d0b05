#include <fmt/format.h>

#include "xml/content.h"
#include "xml/document.h"

namespace armarium::xml {

using detail::Content;
using detail::Entry;

namespace {

bool is_space(char sign) noexcept { return sign == ' ' || sign == '\t' || sign == '\n' || sign == '\r'; }

bool fits(const Content& content, const Entry& entry, const Node::Filter& filter) noexcept {
  if (entry.is_text()) return filter.with_texts;
  return (filter.name.empty() || entry.view() == filter.name) &&
         (filter.space == kAnySpace || content.spaces[entry.space] == filter.space);
}

void append_collapsed(std::string& out, std::string_view text) {
  for (const char sign : text) {
    if (!is_space(sign)) {
      out.push_back(sign);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
  }
}

}  // namespace

bool Node::is_text() const noexcept { return content_ != nullptr && content_->entries[at_].is_text(); }

std::string_view Node::name() const noexcept {
  return content_ == nullptr || is_text() ? std::string_view() : content_->entries[at_].view();
}

std::string_view Node::space() const noexcept {
  return content_ == nullptr || is_text() ? std::string_view() : content_->spaces[content_->entries[at_].space];
}

bool Node::is(std::string_view wanted, std::string_view called) const noexcept {
  return content_ != nullptr && !is_text() && name() == called && (wanted == kAnySpace || space() == wanted);
}

int Node::line() const noexcept { return content_ == nullptr ? 0 : content_->line_of(content_->entries[at_].offset); }

bool Node::has_attribute(std::string_view wanted, std::string_view called) const noexcept {
  if (content_ == nullptr) return false;
  for (std::uint32_t i = content_->entries[at_].attributes; i < content_->attributes_end(at_); ++i) {
    const detail::StoredAttribute& found = content_->attributes[i];
    if (found.name == called && (wanted == kAnySpace || content_->spaces[found.space] == wanted)) return true;
  }
  return false;
}

std::string_view Node::attribute(std::string_view wanted, std::string_view called) const noexcept {
  if (content_ == nullptr) return {};
  for (std::uint32_t i = content_->entries[at_].attributes; i < content_->attributes_end(at_); ++i) {
    const detail::StoredAttribute& found = content_->attributes[i];
    if (found.name == called && (wanted == kAnySpace || content_->spaces[found.space] == wanted)) return found.value;
  }
  return {};
}

std::vector<Attribute> Node::attributes() const {
  std::vector<Attribute> out;
  if (content_ == nullptr) return out;
  for (std::uint32_t i = content_->entries[at_].attributes; i < content_->attributes_end(at_); ++i) {
    const detail::StoredAttribute& found = content_->attributes[i];
    out.push_back({content_->spaces[found.space], found.name, found.value});
  }
  return out;
}

std::string_view Node::language() const noexcept {
  for (Node at = *this; at; at = at.parent()) {
    if (at.has_attribute(kXmlSpace, "lang")) return at.attribute(kXmlSpace, "lang");
  }
  return {};
}

Node Node::parent() const noexcept {
  if (content_ == nullptr || content_->entries[at_].parent == kNowhere) return {};
  return {content_, content_->entries[at_].parent};
}

Node Node::child(std::string_view wanted, std::string_view called) const noexcept {
  for (const Node found : children(wanted, called)) return found;
  return {};
}

NodeRange<Node::NextChild> Node::children() const noexcept { return children(kAnySpace, {}); }
NodeRange<Node::NextChild> Node::children(std::string_view wanted, std::string_view called) const noexcept {
  return {content_, {.space = wanted, .name = called, .top = at_}};
}
NodeRange<Node::NextChild> Node::content() const noexcept { return {content_, {.with_texts = true, .top = at_}}; }
NodeRange<Node::NextBelow> Node::below(std::string_view wanted, std::string_view called) const noexcept {
  return {content_, {.space = wanted, .name = called, .top = at_}};
}

std::uint32_t Node::NextChild::first(const Content& content, const Filter& filter) noexcept {
  const std::uint32_t end = content.entries[filter.top].end;
  for (std::uint32_t at = filter.top + 1; at < end; at = content.entries[at].end) {
    if (fits(content, content.entries[at], filter)) return at;
  }
  return kNowhere;
}

std::uint32_t Node::NextChild::next(const Content& content, const Filter& filter, std::uint32_t at) noexcept {
  const std::uint32_t end = content.entries[filter.top].end;
  for (at = content.entries[at].end; at < end; at = content.entries[at].end) {
    if (fits(content, content.entries[at], filter)) return at;
  }
  return kNowhere;
}

std::uint32_t Node::NextBelow::first(const Content& content, const Filter& filter) noexcept {
  return next(content, filter, filter.top);
}

std::uint32_t Node::NextBelow::next(const Content& content, const Filter& filter, std::uint32_t at) noexcept {
  const std::uint32_t end = content.entries[filter.top].end;
  for (++at; at < end; ++at) {
    if (fits(content, content.entries[at], filter)) return at;
  }
  return kNowhere;
}

std::string Node::text() const {
  std::string out;
  if (content_ == nullptr) return out;
  for (std::uint32_t at = at_; at < content_->entries[at_].end; ++at) {
    const Entry& entry = content_->entries[at];
    if (entry.is_text()) {
      append_collapsed(out, entry.view());
    } else if (entry.after_space && at != at_) {
      append_collapsed(out, " ");
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string Node::raw_text() const {
  std::string out;
  if (content_ == nullptr) return out;
  for (std::uint32_t at = at_; at < content_->entries[at_].end; ++at) {
    const Entry& entry = content_->entries[at];
    if (entry.is_text()) {
      out += entry.view();
    } else if (entry.after_space && at != at_ && !out.empty() && !is_space(out.back())) {
      out.push_back(' ');
    }
  }
  return out;
}

}  // namespace armarium::xml
