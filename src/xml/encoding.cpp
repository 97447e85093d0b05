#include "xml/encoding.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

#include "base/utf8.h"

namespace armarium::xml {
namespace {

enum class Coding { utf8, utf16_little, utf16_big, latin1, latin9, windows_1252, unknown };

// 0x80 to 0x9F of Windows-1252; 0: not assigned.
constexpr std::array<char16_t, 32> kWindows{0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                            0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                            0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                            0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

void append(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
    return;
  }
  if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (code >> 6)));
  } else {
    if (code < 0x10000) {
      out.push_back(static_cast<char>(0xE0 | (code >> 12)));
    } else {
      out.push_back(static_cast<char>(0xF0 | (code >> 18)));
      out.push_back(static_cast<char>(0x80 | ((code >> 12) & 0x3F)));
    }
    out.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
  }
  out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& sign : out) {
    if (sign >= 'a' && sign <= 'z') sign = static_cast<char>(sign - 'a' + 'A');
  }
  return out;
}

// The encoding that the declaration names, in capitals; empty when it names none.
std::string declared(std::string_view text) {
  if (!text.starts_with("<?xml")) return {};
  const std::string_view declaration = text.substr(0, text.find("?>"));
  const std::size_t at = declaration.find("encoding");
  if (at == std::string_view::npos) return {};
  const std::size_t open = declaration.find_first_of("\"'", at);
  if (open == std::string_view::npos) return {};
  const std::size_t close = declaration.find(declaration[open], open + 1);
  if (close == std::string_view::npos || close - open > 40) return {};
  return upper(declaration.substr(open + 1, close - open - 1));
}

Coding coding_of(std::string_view name) {
  constexpr std::pair<std::string_view, Coding> kNames[] = {
      {"", Coding::utf8},
      {"UTF-8", Coding::utf8},
      {"UTF8", Coding::utf8},
      {"US-ASCII", Coding::utf8},
      {"ASCII", Coding::utf8},
      // Bytes of one by one that call themselves so were converted by somebody who left the declaration.
      {"UTF-16", Coding::utf8},
      {"UTF-16LE", Coding::utf8},
      {"UTF-16BE", Coding::utf8},
      {"ISO-8859-1", Coding::latin1},
      {"ISO8859-1", Coding::latin1},
      {"ISO_8859-1", Coding::latin1},
      {"LATIN1", Coding::latin1},
      {"LATIN-1", Coding::latin1},
      {"ISO-8859-15", Coding::latin9},
      {"WINDOWS-1252", Coding::windows_1252},
      {"CP1252", Coding::windows_1252},
  };
  const auto* const found =
      std::find_if(std::begin(kNames), std::end(kNames), [&](const auto& known) { return known.first == name; });
  return found == std::end(kNames) ? Coding::unknown : found->second;
}

int lines_before(std::string_view text, std::size_t at) {
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

tl::expected<std::string, Fault> from_utf16(base::ByteView bytes, bool big) {
  std::string out;
  out.reserve(bytes.size() / 2 + bytes.size() / 16);
  const auto unit = [&](std::size_t at) {
    return static_cast<std::uint32_t>(big ? bytes[at] << 8 | bytes[at + 1] : bytes[at + 1] << 8 | bytes[at]);
  };
  const auto wrong = [&] {
    return tl::unexpected(
        Fault{lines_before(out, out.size()), "This line holds bytes that are no UTF-16, in which the file begins."});
  };
  if (bytes.size() % 2 != 0) bytes = bytes.first(bytes.size() - 1);
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    std::uint32_t code = unit(at);
    if (code >= 0xDC00 && code < 0xE000) return wrong();
    if (code >= 0xD800 && code < 0xDC00) {
      at += 2;
      if (at >= bytes.size()) return wrong();
      const std::uint32_t low = unit(at);
      if (low < 0xDC00 || low >= 0xE000) return wrong();
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    append(out, code);
  }
  return out;
}

std::string from_one_byte(std::string_view text, Coding coding) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char sign : text) {
    auto code = static_cast<std::uint32_t>(static_cast<unsigned char>(sign));
    if (coding == Coding::windows_1252 && code >= 0x80 && code < 0xA0) {
      code = kWindows[code - 0x80] == 0 ? 0xFFFD : kWindows[code - 0x80];
    } else if (coding == Coding::latin9) {
      constexpr std::pair<std::uint32_t, std::uint32_t> kOthers[] = {{0xA4, 0x20AC}, {0xA6, 0x160}, {0xA8, 0x161},
                                                                     {0xB4, 0x17D},  {0xB8, 0x17E}, {0xBC, 0x152},
                                                                     {0xBD, 0x153},  {0xBE, 0x178}};
      for (const auto& [from, to] : kOthers) {
        if (code == from) {
          code = to;
          break;
        }
      }
    }
    append(out, code);
  }
  return out;
}

// XML 1.0, 2.2 Characters.
bool is_forbidden(char sign) {
  const auto code = static_cast<unsigned char>(sign);
  return code < 0x20 && sign != '\t' && sign != '\n' && sign != '\r';
}

void blank_forbidden(std::string& text, std::vector<Fault>& notes) {
  auto at = std::find_if(text.begin(), text.end(), is_forbidden);
  if (at == text.end()) return;
  add_note(notes, lines_before(text, static_cast<std::size_t>(at - text.begin())),
           "A control character that XML does not allow was read as a space, here and after.");
  std::replace_if(at, text.end(), is_forbidden, ' ');
}

// The line of the first bytes that are no UTF-8.
int first_wrong_line(std::string_view text) {
  int line = 1;
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (!base::is_utf8(text.substr(at, end - at))) return line;
    at = end + 1;
  }
  return line;
}

tl::expected<std::string, Fault> from_bytes(base::ByteView bytes) {
  const std::string_view text = base::as_text(bytes);
  using namespace std::string_view_literals;
  if (text.starts_with("\xFF\xFE\0\0"sv) || text.starts_with("\0\0\xFE\xFF"sv) || text.starts_with("<\0\0\0"sv) ||
      text.starts_with("\0\0\0<"sv)) {
    return tl::unexpected(Fault{1, "The file is UTF-32, which is not read: save it as UTF-8."});
  }
  if (text.starts_with("\xFF\xFE")) return from_utf16(bytes.subspan(2), false);
  if (text.starts_with("\xFE\xFF")) return from_utf16(bytes.subspan(2), true);
  if (text.starts_with("<\0"sv)) return from_utf16(bytes, false);
  if (text.starts_with("\0<"sv)) return from_utf16(bytes, true);
  if (text.starts_with("\xEF\xBB\xBF")) return std::string(text.substr(3));
  const std::string name = declared(text.substr(0, 400));
  const Coding coding = coding_of(name);
  if (coding == Coding::unknown) {
    return tl::unexpected(Fault{1, fmt::format("The file says that it is {}, which is not read: save it as UTF-8.",
                                               base::is_utf8(name) ? name : "something unknown")});
  }
  if (coding != Coding::utf8) return from_one_byte(text, coding);
  return std::string(text);
}

}  // namespace

tl::expected<std::string, Fault> to_utf8(base::ByteView bytes, std::vector<Fault>& notes) {
  auto text = from_bytes(bytes);
  if (!text) return text;
  if (!base::is_utf8(*text)) {
    return tl::unexpected(
        Fault{first_wrong_line(*text),
              "This line holds bytes that are no UTF-8. If the file is in another encoding, its first line has "
              "to name it, for example encoding=\"ISO-8859-1\"."});
  }
  blank_forbidden(*text, notes);
  return text;
}

void add_note(std::vector<Fault>& notes, int line, std::string reason) {
  Fault& note = notes.emplace_back();
  note.line = line;
  note.reason = std::move(reason);
}

}  // namespace armarium::xml
