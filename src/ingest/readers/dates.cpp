#include "ingest/readers/dates.h"

#include <algorithm>

#include "iiif/description_values.h"

namespace armarium::ingest::readers {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

// "1806-01-01" of a moment; a date stays as it is.
std::string_view day_of(std::string_view text) {
  text = trimmed(text);
  return text.substr(0, text.find('T'));
}

// "1806", "1806-05" or "1806-05-06" where both days are the first and the last of it.
std::string whole_of(std::string_view begin, std::string_view end) {
  if (begin == end) return std::string(begin);
  const bool full = begin.size() == 10 && end.size() == 10 && begin.substr(0, 4) == end.substr(0, 4);
  if (!full) return {};
  if (begin.substr(4) == "-01-01" && end.substr(4) == "-12-31") return std::string(begin.substr(0, 4));
  if (begin.substr(0, 7) == end.substr(0, 7) && begin.substr(8) == "01" && end.substr(8) >= "28")
    return std::string(begin.substr(0, 7));
  return {};
}

// The year alone where a day is only the end of it.
std::string_view shown_end(std::string_view day, std::string_view edge) {
  return day.size() == 10 && day.substr(4) == edge ? day.substr(0, 4) : day;
}

}  // namespace

std::string certain_date(std::string_view text) {
  text = trimmed(text);
  if (text.size() < 4 || !is_digits(text.substr(0, 4))) return {};
  std::string date(text);
  if (text.size() == 8 && is_digits(text)) {  // ISO 8601, basic form
    date = std::string(text.substr(0, 4)) + '-' + std::string(text.substr(4, 2)) + '-' + std::string(text.substr(6));
  } else if (text.size() != 4 && text[4] != '-') {
    return {};
  }
  // "1871-73" is a span and no month; an EDTF season ("1871-21") is none either. Year 0000 stands for "unknown" in what people fill in.
  if (date.starts_with("0000")) return {};
  return iiif::nav_date(date).value_or("");
}

Span span_of(std::string_view begin, std::string_view end) {
  const std::string_view first = day_of(begin);
  const std::string_view last = day_of(end);
  if (first.empty() && last.empty()) return {};
  if (!first.empty() && !last.empty()) {
    std::string whole = whole_of(first, last);
    if (!whole.empty()) return {whole, certain_date(whole)};
  }
  const std::string from(shown_end(first, "-01-01"));
  const std::string to(shown_end(last, "-12-31"));
  return {from == to ? from : from + "\u2013" + to, {}};
}

}  // namespace armarium::ingest::readers
