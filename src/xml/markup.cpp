#include "xml/markup.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "xml/encoding.h"

namespace armarium::xml {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_space(char sign) { return sign == ' ' || sign == '\t' || sign == '\n' || sign == '\r'; }

// Where the name that begins at `at` ends.
std::size_t name_end(std::string_view text, std::size_t at) {
  while (at < text.size() && !is_space(text[at]) && text[at] != '>' && text[at] != '/' && text[at] != '=' &&
         text[at] != '<')
    ++at;
  return at;
}

class Overseer {
 public:
  Overseer(std::string& text, const Limits& limits, std::vector<Fault>& notes)
      : text_(text), limits_(limits), notes_(notes) {}

  tl::expected<MarkupSize, Fault> run() {
    std::size_t at = 0;
    while (!fault_ && at < text_.size()) {
      const std::size_t open = text_.find('<', at);
      check_outside(at, std::min(open, text_.size()));
      if (open == kNone) break;
      at = markup(open);
    }
    if (!fault_) check_references();
    if (!fault_ && size_.elements == 0) fail(text_.size(), "The file holds no XML element.");
    if (!fault_ && !open_.empty()) {
      fail(open_.back().first, fmt::format("The element {} that begins here does not end: the file may be cut off.",
                                           text_.substr(open_.back().first + 1, open_.back().second)));
    }
    if (fault_) return tl::unexpected(std::move(*fault_));
    return size_;
  }

 private:
  int line_at(std::size_t at) const {
    return 1 + static_cast<int>(std::count(
                   text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(std::min(at, text_.size())), '\n'));
  }

  std::size_t fail(std::size_t at, std::string reason, base::ErrorCode code = base::ErrorCode::corrupt) {
    if (!fault_) fault_ = Fault{line_at(at), std::move(reason), code};
    return text_.size();
  }

  // Beside the first element there are no texts.
  void check_outside(std::size_t from, std::size_t to) {
    if (!open_.empty()) return;
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(to);
    const auto found = std::find_if_not(text_.begin() + static_cast<std::ptrdiff_t>(from), end, is_space);
    if (found == end) return;
    fail(static_cast<std::size_t>(found - text_.begin()),
         size_.elements == 0 ? "There is text before the first element: this is no XML."
                             : "There is text after the end of the first element.");
  }

  std::size_t markup(std::size_t at) {
    const std::string_view rest = std::string_view(text_).substr(at);
    if (rest.starts_with("<!--")) return after("-->", at, 4, "A comment that begins here does not end.");
    if (rest.starts_with("<![CDATA[")) {
      if (open_.empty()) return fail(at, "There is text outside of the first element.");
      return after("]]>", at, 9, "A CDATA section that begins here does not end.");
    }
    if (rest.starts_with("<!DOCTYPE")) return document_type(at);
    if (rest.starts_with("<?")) return after("?>", at, 2, "A processing instruction that begins here does not end.");
    if (rest.starts_with("</")) return end_tag(at);
    return start_tag(at);
  }

  std::size_t after(std::string_view end, std::size_t at, std::size_t skip, const char* otherwise) {
    const std::size_t found = text_.find(end, at + skip);
    return found == kNone ? fail(at, otherwise) : found + end.size();
  }

  // XML 1.0, 2.8: `<!DOCTYPE name SYSTEM "uri" [ declarations ]>`.
  std::size_t document_type(std::size_t start) {
    if (size_.elements > 0) return fail(start, "A document type stands after the first element.");
    bool inside = false;
    std::size_t at = start;
    for (; at < text_.size(); ++at) {
      const char sign = text_[at];
      if (sign == '"' || sign == '\'') {
        at = text_.find(sign, at + 1);
        if (at == kNone) break;
      } else if (text_.compare(at, 4, "<!--") == 0) {
        at = text_.find("-->", at + 4);
        if (at == kNone) break;
        at += 2;
      } else if (sign == '[') {
        inside = true;
      } else if (sign == ']') {
        inside = false;
      } else if (sign == '>' && !inside) {
        break;
      }
    }
    if (at >= text_.size()) return fail(start, "The document type that begins here does not end.");
    const std::string_view whole = std::string_view(text_).substr(start, at + 1 - start);
    if (whole.find("<!ENTITY") != kNone)
      add_note(notes_, line_at(start), "The document type declares entities: they are not expanded.");
    std::replace_if(
        text_.begin() + static_cast<std::ptrdiff_t>(start), text_.begin() + static_cast<std::ptrdiff_t>(at) + 1,
        [](char sign) { return sign != '\n'; }, ' ');
    return at + 1;
  }

  std::size_t end_tag(std::size_t at) {
    const std::size_t end = name_end(text_, at + 2);
    std::size_t close = end;
    while (close < text_.size() && is_space(text_[close])) ++close;
    if (close >= text_.size() || text_[close] != '>') return fail(at, "The end tag that begins here does not end.");
    const std::string_view name = std::string_view(text_).substr(at + 2, end - at - 2);
    if (open_.empty()) return fail(at, fmt::format("The end tag of {} has no start tag.", name));
    const auto [start, length] = open_.back();
    const std::string_view opened = std::string_view(text_).substr(start + 1, length);
    if (name != opened) {
      return fail(
          at, fmt::format("The end tag of {} stands where that of {} (line {}) is due.", name, opened, line_at(start)));
    }
    open_.pop_back();
    return close + 1;
  }

  std::size_t start_tag(std::size_t start) {
    if (open_.empty() && size_.elements > 0) return fail(start, "There is an element after the end of the first.");
    const std::size_t end = name_end(text_, start + 1);
    if (end == start + 1) return fail(start, "A < stands where no element begins: in texts it is written &lt;.");
    if (++size_.elements > limits_.elements) {
      return fail(start, fmt::format("The file holds more than {} elements.", limits_.elements),
                  base::ErrorCode::resource_limit);
    }
    if (open_.size() + 1 > limits_.depth) {
      return fail(start, fmt::format("Elements are nested deeper than {} levels.", limits_.depth),
                  base::ErrorCode::resource_limit);
    }
    size_.depth = std::max(size_.depth, open_.size() + 1);
    std::size_t at = end;
    while (at < text_.size() && text_[at] != '>') {
      if (text_[at] == '<') return fail(start, "The start tag that begins here does not end.");
      if (text_[at] == '"' || text_[at] == '\'') {
        const std::size_t close = text_.find(text_[at], at + 1);
        if (close == kNone) return fail(start, "An attribute of the element that begins here does not end.");
        if (++size_.attributes > limits_.attributes) {
          return fail(start, fmt::format("The file holds more than {} attributes.", limits_.attributes),
                      base::ErrorCode::resource_limit);
        }
        at = close;
      }
      ++at;
    }
    if (at >= text_.size()) return fail(start, "The start tag that begins here does not end.");
    if (text_[at - 1] != '/') open_.emplace_back(start, end - start - 1);
    return at + 1;
  }

  // XML 1.0, 4.1: a number must be that of a character.
  void check_references() {
    for (std::size_t at = text_.find("&#"); at != kNone; at = text_.find("&#", at + 2)) {
      const std::size_t end = text_.find(';', at);
      if (end == kNone || end - at > 12) continue;  // stays as it is written
      const bool hexadecimal = text_[at + 2] == 'x';
      std::uint64_t code = 0;
      bool digits = true;
      for (std::size_t i = at + (hexadecimal ? 3 : 2); i < end; ++i) {
        const char sign = text_[i];
        const int digit = sign >= '0' && sign <= '9'                  ? sign - '0'
                          : hexadecimal && sign >= 'a' && sign <= 'f' ? sign - 'a' + 10
                          : hexadecimal && sign >= 'A' && sign <= 'F' ? sign - 'A' + 10
                                                                      : -1;
        digits = digits && digit >= 0;
        code = code * (hexadecimal ? 16 : 10) + static_cast<std::uint64_t>(std::max(digit, 0));
      }
      if (!digits) continue;
      const bool allowed = code == 9 || code == 10 || code == 13 || (code >= 0x20 && code < 0xD800) ||
                           (code >= 0xE000 && code < 0xFFFE) || (code >= 0x10000 && code < 0x110000);
      if (!allowed) {
        fail(at, fmt::format("{} is no character that XML allows.", text_.substr(at, end + 1 - at)));
        return;
      }
    }
  }

  std::string& text_;
  const Limits& limits_;
  std::vector<Fault>& notes_;
  MarkupSize size_;
  std::vector<std::pair<std::size_t, std::size_t>> open_;  // where the elements begin, length of their names
  std::optional<Fault> fault_;
};

// ASCII out of the head of a file, whatever its encoding.
std::string ascii_of(base::ByteView head) {
  std::string out(base::as_text(head));
  if (out.starts_with("\xEF\xBB\xBF")) out.erase(0, 3);
  if (out.find('\0') != kNone) {
    std::erase_if(out, [](char sign) { return sign == '\0' || sign == '\xFF' || sign == '\xFE'; });
  }
  return out;
}

// The value of the attribute `name` in a start tag.
std::string_view value_in(std::string_view tag, std::string_view name) {
  for (std::size_t at = tag.find(name); at != kNone; at = tag.find(name, at + 1)) {
    std::size_t equals = at + name.size();
    while (equals < tag.size() && is_space(tag[equals])) ++equals;
    if (at == 0 || !is_space(tag[at - 1]) || equals >= tag.size() || tag[equals] != '=') continue;
    const std::size_t open = tag.find_first_of("\"'", equals);
    const std::size_t close = open == kNone ? kNone : tag.find(tag[open], open + 1);
    return close == kNone ? std::string_view() : tag.substr(open + 1, close - open - 1);
  }
  return {};
}

}  // namespace

tl::expected<MarkupSize, Fault> look_over(std::string& text, const Limits& limits, std::vector<Fault>& notes) {
  return Overseer(text, limits, notes).run();
}

RootName sniff(base::ByteView head) {
  const std::string text = ascii_of(head);
  const std::string_view view = text;
  std::size_t at = 0;
  while (at < text.size()) {
    if (is_space(text[at])) {
      ++at;
      continue;
    }
    const std::string_view rest = view.substr(at);
    std::size_t end = kNone;
    if (rest.starts_with("<?")) {
      end = rest.find("?>") == kNone ? kNone : rest.find("?>") + 2;
    } else if (rest.starts_with("<!--")) {
      end = rest.find("-->") == kNone ? kNone : rest.find("-->") + 3;
    } else if (rest.starts_with("<!DOCTYPE")) {
      const std::size_t inside = rest.find('[');
      end = rest.find('>');
      if (inside != kNone && inside < end) end = rest.find("]>") == kNone ? kNone : rest.find("]>") + 1;
      if (end != kNone) ++end;
    } else if (rest.starts_with('<')) {
      break;
    }
    if (end == kNone) return {};
    at += end;
  }
  if (at >= text.size()) return {};
  const std::size_t end = name_end(view, at + 1);
  const std::string_view qualified = view.substr(at + 1, end - at - 1);
  const std::size_t colon = qualified.find(':');
  std::size_t close = end;
  for (; close < text.size() && text[close] != '>'; ++close) {
    if (text[close] != '"' && text[close] != '\'') continue;
    close = view.find(text[close], close + 1);
    if (close == kNone) break;
  }
  const std::string_view tag = view.substr(end, close == kNone ? kNone : close - end);
  const std::string declaration =
      colon == kNone ? std::string("xmlns") : fmt::format("xmlns:{}", qualified.substr(0, colon));
  return {std::string(value_in(tag, declaration)),
          std::string(colon == kNone ? qualified : qualified.substr(colon + 1))};
}

}  // namespace armarium::xml
