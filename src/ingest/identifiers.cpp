#include "ingest/identifiers.h"

#include <utf8proc.h>

#include <charconv>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>

#include "base/hash.h"
#include "ingest/grammar.h"

namespace armarium::ingest {
namespace {

constexpr std::string_view kHashMark = "=h";  // h is no hexadecimal digit: no name gives this
constexpr std::string_view kPageMark = "=p";

struct Free {
  void operator()(void* memory) const noexcept { std::free(memory); }  // utf8proc's own contract
};

// Appends valid UTF-8 in NFC with our two signs escaped.
void append_text(std::string& out, std::string_view text) {
  for (const char c : composed(text)) {
    if (c == '~' || c == '=') {
      out += fmt::format("={:02X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
}

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string shortened(std::string identifier) {
  if (identifier.size() <= kLongestIdentifier) return identifier;
  return std::string(kHashMark) + base::hash_hex(identifier);
}

std::string joined(std::string_view path, bool drop_extension) {
  std::string identifier;
  bool first = true;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const bool last = slash == std::string_view::npos;
    std::string_view name = path.substr(0, slash);
    path = last ? std::string_view() : path.substr(slash + 1);
    if (last && drop_extension) name = base_of(name);
    // A top-level name "_" would be the root's own manifest; "canvas" and its like stand in addresses where an identifier may stand.
    if (first && last && name == kRootManifest) return "=5F";
    if (!first) identifier += '~';
    identifier += segment_of(name);
    if (first && last && is_reserved(identifier))
      identifier = fmt::format("={:02X}{}", static_cast<unsigned char>(identifier.front()), identifier.substr(1));
    first = false;
  }
  return shortened(std::move(identifier));
}

std::optional<std::string> name_from_segment(std::string_view segment) {
  if (segment.empty()) return std::nullopt;
  std::string name;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] != '=') {
      name += segment[i];
      continue;
    }
    if (i + 2 >= segment.size()) return std::nullopt;
    const int high = hex_digit(segment[i + 1]);
    const int low = hex_digit(segment[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    name += static_cast<char>(high * 16 + low);
    i += 2;
  }
  // No name of the file system: never a way out of the folder.
  if (name == "." || name == ".." || name.find('/') != std::string::npos || name.find('\0') != std::string::npos)
    return std::nullopt;
  return name;
}

}  // namespace

bool is_reserved(std::string_view identifier) noexcept {
  for (const std::string_view word :
       {"canvas", "range", "page", "annotation", "annotations", "collection", "content-state"}) {
    if (identifier == word) return true;
  }
  return false;
}

std::string composed(std::string_view text) {
  if (text.empty()) return {};
  utf8proc_uint8_t* raw = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &raw, static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
  const std::unique_ptr<utf8proc_uint8_t, Free> normal(raw);
  if (length < 0) return std::string(text);
  return {reinterpret_cast<const char*>(normal.get()), static_cast<std::size_t>(length)};
}

std::string segment_of(std::string_view name) {
  std::string out;
  std::size_t start = 0;
  std::size_t at = 0;
  while (at < name.size()) {
    utf8proc_int32_t code = 0;
    const auto used = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(name.data() + at),
                                       static_cast<utf8proc_ssize_t>(name.size() - at), &code);
    if (used > 0) {
      at += static_cast<std::size_t>(used);
      continue;
    }
    append_text(out, name.substr(start, at - start));
    out += fmt::format("={:02X}", static_cast<unsigned char>(name[at]));
    start = ++at;
  }
  append_text(out, name.substr(start));
  return out;
}

std::string folder_identifier(std::string_view path) { return joined(path, false); }
std::string file_identifier(std::string_view path) { return joined(path, true); }
std::string full_file_identifier(std::string_view path) { return joined(path, false); }

std::string page_identifier(std::string_view file_identifier, std::uint32_t page) {
  return fmt::format("{}{}{}", file_identifier, kPageMark, page);
}

std::string_view stem_of(std::string_view name) noexcept {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

std::string extension_of(std::string_view name) {
  std::string extension(name.substr(stem_of(name).size()));
  if (!extension.empty()) extension.erase(0, 1);
  for (char& c : extension) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return extension;
}

std::string_view name_of(std::string_view path) noexcept {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view parent_of(std::string_view path) noexcept {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string join(std::string_view parent, std::string_view name) {
  return parent.empty() ? std::string(name) : std::string(parent) + '/' + std::string(name);
}

bool is_hash(std::string_view identifier) noexcept { return identifier.starts_with(kHashMark); }

std::optional<ParsedIdentifier> parse_identifier(std::string_view identifier) {
  if (identifier.size() > kLongestIdentifier + 16 || is_hash(identifier)) return std::nullopt;
  ParsedIdentifier parsed;
  if (const std::size_t mark = identifier.rfind(kPageMark); mark != std::string_view::npos) {
    const std::string_view digits = identifier.substr(mark + kPageMark.size());
    std::uint32_t page = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), page);
    const bool whole = error == std::errc() && end == digits.data() + digits.size();
    if (!whole || page == 0 || digits.front() == '0') return std::nullopt;
    parsed.page = page;
    identifier = identifier.substr(0, mark);
  }
  if (identifier.empty() || identifier == kRootManifest) return parsed;
  std::string_view rest = identifier;
  for (;;) {
    const std::size_t tilde = rest.find('~');
    auto name = name_from_segment(rest.substr(0, tilde));
    if (!name) return std::nullopt;
    parsed.path = parsed.path.empty() ? std::move(*name) : parsed.path + '/' + *name;
    if (tilde == std::string_view::npos) return parsed;
    rest = rest.substr(tilde + 1);
  }
}

}  // namespace armarium::ingest
