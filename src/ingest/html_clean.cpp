#include "ingest/html_clean.h"

#include <gumbo.h>

#include <array>
#include <memory>

namespace armarium::ingest {
namespace {

constexpr std::size_t kLongestHtml = 1U << 20;
constexpr int kDeepest = 100;

struct DestroyOutput {
  void operator()(GumboOutput* output) const noexcept { gumbo_destroy_output(&kGumboDefaultOptions, output); }
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

void append_escaped(std::string& out, std::string_view text, bool attribute) {
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += attribute ? "&quot;" : "\""; break;
      default:
        // XML 1.0, 2.2 Char: no other control characters.
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' || c == '\r') out += c;
    }
  }
}

std::string_view permitted(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_A: return "a";
    case GUMBO_TAG_B: return "b";
    case GUMBO_TAG_BR: return "br";
    case GUMBO_TAG_I: return "i";
    case GUMBO_TAG_IMG: return "img";
    case GUMBO_TAG_P: return "p";
    case GUMBO_TAG_SMALL: return "small";
    case GUMBO_TAG_SPAN: return "span";
    case GUMBO_TAG_SUB: return "sub";
    case GUMBO_TAG_SUP: return "sup";
    // The same thing by another name.
    case GUMBO_TAG_STRONG: return "b";
    case GUMBO_TAG_EM: return "i";
    case GUMBO_TAG_DIV: return "p";
    default: return {};
  }
}

// Elements whose text is no text for readers.
bool dropped_whole(GumboTag tag) {
  return tag == GUMBO_TAG_SCRIPT || tag == GUMBO_TAG_STYLE || tag == GUMBO_TAG_TEMPLATE || tag == GUMBO_TAG_IFRAME ||
         tag == GUMBO_TAG_OBJECT || tag == GUMBO_TAG_NOSCRIPT || tag == GUMBO_TAG_TITLE || tag == GUMBO_TAG_HEAD ||
         tag == GUMBO_TAG_SVG || tag == GUMBO_TAG_MATH || tag == GUMBO_TAG_TEXTAREA || tag == GUMBO_TAG_SELECT;
}

bool safe_address(std::string_view value, bool picture) {
  const auto starts = [&](std::string_view scheme) {
    if (value.size() <= scheme.size()) return false;
    for (std::size_t i = 0; i < scheme.size(); ++i) {
      const char c = value[i] >= 'A' && value[i] <= 'Z' ? static_cast<char>(value[i] + 32) : value[i];
      if (c != scheme[i]) return false;
    }
    return true;
  };
  return starts("https://") || starts("http://") || (!picture && starts("mailto:"));
}

class Cleaner {
 public:
  std::string clean(const GumboNode* root) {
    visit_children(root, 0);
    while (!out_.empty() && (out_.back() == ' ' || out_.back() == '\n')) out_.pop_back();
    const std::size_t first = out_.find_first_not_of(" \n\t\r");
    if (first == std::string::npos) return {};
    out_.erase(0, first);
    return std::move(out_);
  }
  bool kept_markup() const { return kept_; }
  bool one_element() const { return top_elements_ == 1 && !top_text_; }

 private:
  void visit(const GumboNode* node, int depth);
  void visit_children(const GumboNode* node, int depth);
  void element(const GumboNode* node, std::string_view name, int depth);

  std::string out_;
  bool kept_ = false;
  bool top_text_ = false;
  int top_elements_ = 0;
  int open_ = 0;
};

void Cleaner::visit_children(const GumboNode* node, int depth) {
  const GumboVector& children = node->v.element.children;
  for (unsigned i = 0; i < children.length; ++i) visit(static_cast<const GumboNode*>(children.data[i]), depth + 1);
}

void Cleaner::element(const GumboNode* node, std::string_view name, int depth) {
  const GumboVector& attributes = node->v.element.attributes;
  const auto value_of = [&](const char* wanted) -> std::string_view {
    const GumboAttribute* found = gumbo_get_attribute(&attributes, wanted);
    return found == nullptr ? std::string_view() : std::string_view(found->value);
  };
  std::string attributes_text;
  const auto keep = [&](std::string_view attribute, std::string_view value) {
    attributes_text += ' ';
    attributes_text += attribute;
    attributes_text += "=\"";
    append_escaped(attributes_text, value, true);
    attributes_text += '"';
  };
  if (name == "a") {
    if (!safe_address(value_of("href"), false)) return visit_children(node, depth);
    keep("href", value_of("href"));
  } else if (name == "img") {
    if (!safe_address(value_of("src"), true)) return;
    keep("src", value_of("src"));
    keep("alt", value_of("alt"));
  } else if (name == "span" && !value_of("lang").empty()) {
    keep("lang", value_of("lang"));
  }
  kept_ = true;
  if (open_ == 0) ++top_elements_;
  out_ += '<';
  out_ += name;
  out_ += attributes_text;
  if (name == "br" || name == "img") {
    out_ += "/>";
    return;
  }
  out_ += '>';
  ++open_;
  visit_children(node, depth);
  --open_;
  out_ += "</";
  out_ += name;
  out_ += '>';
}

void Cleaner::visit(const GumboNode* node, int depth) {
  if (depth > kDeepest) return;
  switch (node->type) {
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_CDATA:
      if (open_ == 0) top_text_ = true;
      append_escaped(out_, node->v.text.text, false);
      return;
    case GUMBO_NODE_WHITESPACE: out_ += node->v.text.text; return;
    case GUMBO_NODE_ELEMENT: break;
    default: return;
  }
  const GumboTag tag = node->v.element.tag;
  if (dropped_whole(tag)) return;
  const std::string_view name = permitted(tag);
  if (name.empty()) return visit_children(node, depth);
  element(node, name, depth);
}

std::string unescaped(std::string_view text) {
  std::string out;
  constexpr std::array<std::pair<std::string_view, char>, 3> kSigns = {{{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}}};
  for (std::size_t at = 0; at < text.size();) {
    bool found = false;
    for (const auto& [sign, c] : kSigns) {
      if (!text.substr(at).starts_with(sign)) continue;
      out += c;
      at += sign.size();
      found = true;
      break;
    }
    if (!found) out += text[at++];
  }
  return out;
}

}  // namespace

bool looks_like_html(std::string_view text) noexcept {
  if (text.starts_with('<') && text.ends_with('>')) return true;
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const bool tag = at + 1 < text.size() && (is_letter(text[at + 1]) || text[at + 1] == '/' || text[at + 1] == '!');
    if (tag && text.find('>', at) != std::string_view::npos) return true;
  }
  return false;
}

std::string clean_html(std::string_view text) {
  if (!looks_like_html(text)) return std::string(text);
  if (text.size() > kLongestHtml) text = text.substr(0, kLongestHtml);
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  const std::unique_ptr<GumboOutput, DestroyOutput> parsed(
      gumbo_parse_with_options(&options, text.data(), text.size()));
  if (!parsed || parsed->root == nullptr) return {};
  Cleaner cleaner;
  std::string clean = cleaner.clean(parsed->root);
  if (!cleaner.kept_markup()) return unescaped(clean);  // plain text after all
  if (!cleaner.one_element()) clean = "<span>" + clean + "</span>";
  return clean;
}

}  // namespace armarium::ingest
