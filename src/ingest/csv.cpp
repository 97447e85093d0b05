#include "ingest/csv.h"

#include <algorithm>

#include <utf8proc.h>

#include "base/utf8.h"

namespace armarium::ingest {
namespace {

void append_code(std::string& out, std::uint32_t code) {
  if (!utf8proc_codepoint_valid(static_cast<utf8proc_int32_t>(code))) code = 0xFFFD;
  utf8proc_uint8_t bytes[4];
  const auto used = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(used));
}

std::string from_utf16(std::string_view bytes, bool big_endian) {
  std::string out;
  const auto unit = [&](std::size_t at) {
    const auto a = static_cast<unsigned char>(bytes[at]);
    const auto b = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<std::uint32_t>(big_endian ? a << 8 | b : b << 8 | a);
  };
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    std::uint32_t code = unit(at);
    if (code >= 0xD800 && code < 0xDC00 && at + 3 < bytes.size()) {
      const std::uint32_t low = unit(at + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        at += 2;
      }
    }
    append_code(out, code);
  }
  return out;
}

char delimiter_of(std::string_view text) {
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  char best = ',';
  std::ptrdiff_t most = 0;
  for (const char candidate : {',', ';', '\t'}) {
    const auto count = std::count(line.begin(), line.end(), candidate);
    if (count > most) {
      most = count;
      best = candidate;
    }
  }
  return best;
}

}  // namespace

std::string to_utf8(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.starts_with("\xFF\xFE")) return from_utf16(bytes.substr(2), false);
  if (bytes.starts_with("\xFE\xFF")) return from_utf16(bytes.substr(2), true);
  if (base::is_utf8(bytes)) return std::string(bytes);
  std::string out;
  for (const char c : bytes) append_code(out, static_cast<unsigned char>(c));
  return out;
}

std::vector<CsvRow> read_csv(std::string_view bytes, std::size_t limit) {
  std::string text = to_utf8(bytes);
  std::erase(text, '\0');  // no database holds it
  const char delimiter = delimiter_of(text);
  std::vector<CsvRow> rows;
  CsvRow row{1, {}};
  std::string field;
  int line = 1;
  bool quoted = false;
  bool any = false;
  const auto end_row = [&] {
    row.fields.push_back(std::move(field));
    field.clear();
    const bool blank = row.fields.size() == 1 && row.fields.front().empty() && !any;
    if (!blank) rows.push_back(std::move(row));
    row = CsvRow{line, {}};
    any = false;
  };
  for (std::size_t at = 0; at < text.size() && rows.size() < limit; ++at) {
    const char c = text[at];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        field += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        field += '"';
        ++at;
      } else {
        quoted = false;
      }
      continue;
    }
    if (c == '"' && field.empty()) {
      quoted = any = true;
    } else if (c == delimiter) {
      row.fields.push_back(std::move(field));
      field.clear();
      any = true;
    } else if (c == '\n' || c == '\r') {
      if (c == '\r' && at + 1 < text.size() && text[at + 1] == '\n') {
        ++at;
        ++line;
      }
      end_row();
    } else {
      field += c;
      any = true;
    }
  }
  if ((any || !field.empty() || !row.fields.empty()) && rows.size() < limit) end_row();
  return rows;
}

}  // namespace armarium::ingest
