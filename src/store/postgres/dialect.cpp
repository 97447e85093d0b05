#include "store/postgres/dialect.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace armarium::store::postgres {
namespace {

bool is_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kWords = {{
    {"INTEGER", "BIGINT"},
    {"BLOB", "BYTEA"},
    {"TEXT", "TEXT COLLATE \"C\""},
    {"WITHOUT ROWID", ""},
}};

}  // namespace

std::string translate_query(std::string_view sql) {
  std::string out(sql);
  bool quoted = false;
  for (char& c : out) {
    if (c == '\'') quoted = !quoted;
    if (c == '?' && !quoted) c = '$';
  }
  return out;
}

std::string translate_definition(std::string_view sql) {
  std::string out;
  bool quoted = false;
  for (std::size_t at = 0; at < sql.size();) {
    if (sql[at] == '\'') quoted = !quoted;
    std::size_t taken = 0;
    if (!quoted && (at == 0 || !is_of_word(sql[at - 1]))) {
      for (const auto& [word, instead] : kWords) {
        const std::string_view rest = sql.substr(at);
        if (!rest.starts_with(word) || (rest.size() > word.size() && is_of_word(rest[word.size()]))) continue;
        out += instead;
        taken = word.size();
        break;
      }
    }
    if (taken == 0) out += sql[at];
    at += std::max<std::size_t>(taken, 1);
  }
  return out;
}

}  // namespace armarium::store::postgres
