#include "iiif/description_values.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

namespace armarium::iiif {
namespace {

// Reads exactly `digits` digits from the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

struct Moment {
  int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  std::string fraction;  // ".25" or empty
  int zone_minutes = 0;
  bool negative_year = false;
};

bool read_zone(std::string_view& text, Moment& moment) {
  if (text.empty() || take(text, 'Z')) return text.empty();
  const bool east = text.front() == '+';
  if (!east && text.front() != '-') return false;
  text.remove_prefix(1);
  const auto hours = take_number(text, 2);
  if (!hours || *hours > 14 || !take(text, ':')) return false;
  const auto minutes = take_number(text, 2);
  if (!minutes || *minutes > 59 || !text.empty()) return false;
  moment.zone_minutes = (*hours * 60 + *minutes) * (east ? 1 : -1);
  return true;
}

bool read_time(std::string_view& text, Moment& moment) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return false;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59) return false;
  moment.hour = *hour;
  moment.minute = *minute;
  if (take(text, ':')) {
    const auto second = take_number(text, 2);
    if (!second || *second > 59) return false;
    moment.second = *second;
    if (take(text, '.')) {
      const std::size_t length = std::min(text.find_first_not_of("0123456789"), text.size());
      if (length == 0 || length > 9) return false;
      moment.fraction = "." + std::string(text.substr(0, length));
      text.remove_prefix(length);
    }
  }
  return read_zone(text, moment);
}

std::optional<Moment> read_moment(std::string_view text) {
  Moment moment;
  moment.negative_year = take(text, '-');
  const auto year = take_number(text, 4);
  if (!year) return std::nullopt;
  moment.year = moment.negative_year ? -*year : *year;
  if (text.empty()) return moment;
  if (!take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || *month < 1 || *month > 12) return std::nullopt;
  moment.month = *month;
  if (text.empty()) return moment;
  if (!take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  moment.day = *day;
  const std::chrono::year_month_day date{std::chrono::year(moment.year),
                                         std::chrono::month(static_cast<unsigned>(moment.month)),
                                         std::chrono::day(static_cast<unsigned>(moment.day))};
  if (!date.ok()) return std::nullopt;
  if (text.empty()) return moment;
  if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
  if (!read_time(text, moment)) return std::nullopt;
  return moment;
}

std::string write_moment(const Moment& moment) {
  std::string zone = "Z";
  if (moment.zone_minutes != 0) {
    const int minutes = moment.zone_minutes < 0 ? -moment.zone_minutes : moment.zone_minutes;
    zone = fmt::format("{}{:02}:{:02}", moment.zone_minutes < 0 ? '-' : '+', minutes / 60, minutes % 60);
  }
  return fmt::format("{}{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{}", moment.year < 0 ? "-" : "",
                     moment.year < 0 ? -moment.year : moment.year, moment.month, moment.day, moment.hour, moment.minute,
                     moment.second, moment.fraction, zone);
}

bool starts_with_any(std::string_view& text, std::initializer_list<std::string_view> prefixes) {
  for (std::string_view prefix : prefixes) {
    if (text.substr(0, prefix.size()) == prefix) {
      text.remove_prefix(prefix.size());
      return true;
    }
  }
  return false;
}

}  // namespace

bool is_web_uri(std::string_view text) noexcept {
  const bool http = text.substr(0, 7) == "http://" && text.size() > 7;
  const bool https = text.substr(0, 8) == "https://" && text.size() > 8;
  if (!http && !https) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7F &&
           std::string_view("<>\"{}|\\^`").find(c) == std::string_view::npos;
  });
}

std::optional<std::string> rights_uri(std::string_view text) {
  if (!is_web_uri(text)) return std::nullopt;
  text = text.substr(0, text.find_first_of("?#"));
  std::string_view rest = text;
  if (!starts_with_any(rest, {"http://", "https://"})) return std::nullopt;
  starts_with_any(rest, {"www."});
  if (starts_with_any(rest, {"creativecommons.org/"})) {
    if (!starts_with_any(rest, {"licenses/", "publicdomain/"}) || rest.empty()) return std::nullopt;
    std::string uri = "http://creativecommons.org/" + std::string(text.substr(text.find("creativecommons.org/") + 20));
    for (std::string_view tail : {"deed", "legalcode"}) {  // pages about the licence, also "deed.de"
      const std::size_t at = uri.rfind('/');
      if (std::string_view(uri).substr(at + 1, tail.size()) == tail) uri.resize(at + 1);
    }
    if (uri.back() != '/') uri += '/';
    return uri;
  }
  if (starts_with_any(rest, {"rightsstatements.org/"})) {
    if (!starts_with_any(rest, {"vocab/", "page/", "data/"}) || rest.empty()) return std::nullopt;
    std::string uri = "http://rightsstatements.org/vocab/" + std::string(rest);
    if (uri.back() != '/') uri += '/';
    return uri;
  }
  return std::nullopt;
}

std::optional<std::string> nav_date(std::string_view text) {
  const auto moment = read_moment(text);
  if (!moment) return std::nullopt;
  return write_moment(*moment);
}

std::string nav_date_in_utc(std::string_view date) {
  auto moment = read_moment(date);
  if (!moment) return std::string(date);
  if (moment->zone_minutes == 0) return write_moment(*moment);
  using namespace std::chrono;
  const year_month_day written{year(moment->year), month(static_cast<unsigned>(moment->month)),
                               day(static_cast<unsigned>(moment->day))};
  const auto local = sys_days(written) + hours(moment->hour) + minutes(moment->minute);
  const auto universal = local - minutes(moment->zone_minutes);
  const auto midnight = floor<days>(universal);
  const year_month_day date_there{midnight};
  const auto since = duration_cast<minutes>(universal - midnight).count();
  moment->year = static_cast<int>(date_there.year());
  moment->month = static_cast<int>(static_cast<unsigned>(date_there.month()));
  moment->day = static_cast<int>(static_cast<unsigned>(date_there.day()));
  moment->hour = static_cast<int>(since / 60);
  moment->minute = static_cast<int>(since % 60);
  moment->zone_minutes = 0;
  return write_moment(*moment);
}

bool is_viewing_direction(std::string_view text) noexcept {
  return text == "left-to-right" || text == "right-to-left" || text == "top-to-bottom" || text == "bottom-to-top";
}

}  // namespace armarium::iiif
