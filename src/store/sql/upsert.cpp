#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/utf8.h"
#include "store/sql/connection.h"

namespace armarium::store::sql {
namespace {

std::vector<std::string_view> names_of(std::string_view list) {
  std::vector<std::string_view> names;
  while (!list.empty()) {
    const std::size_t end = list.find(", ");
    names.push_back(list.substr(0, end));
    list = end == std::string_view::npos ? std::string_view() : list.substr(end + 2);
  }
  return names;
}

}  // namespace

std::string upsert(std::string_view table, std::string_view key, std::string_view rest) {
  const auto others = names_of(rest);
  std::vector<std::string> places;
  for (std::size_t place = 1; place <= names_of(key).size() + others.size(); ++place)
    places.push_back(fmt::format("?{}", place));
  std::vector<std::string> changes;
  changes.reserve(others.size());
  for (const std::string_view name : others) changes.push_back(fmt::format("{0} = excluded.{0}", name));
  return fmt::format("INSERT INTO {}({}, {}) VALUES({}) ON CONFLICT({}) DO UPDATE SET {}", table, key, rest,
                     fmt::join(places, ", "), key, fmt::join(changes, ", "));
}

bool is_text(std::string_view value) noexcept {
  return value.find('\0') == std::string_view::npos && base::is_utf8(value);
}

base::Error no_text() {
  return {base::ErrorCode::invalid_argument, "A text must be UTF-8, without the character U+0000.", {}};
}

}  // namespace armarium::store::sql
