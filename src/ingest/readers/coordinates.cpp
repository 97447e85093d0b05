#include "ingest/readers/coordinates.h"

#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <string>

#include "ingest/text_case.h"

namespace armarium::ingest::readers {
namespace {

constexpr double kMostLongitude = 180;
constexpr double kMostLatitude = 90;
constexpr std::size_t kLongestText = 500;
constexpr std::size_t kMostNumbers = 20'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<double> number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (failed != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// The numbers in a text with a decimal point or comma, as they are written.
std::vector<std::string> numbers_in(std::string_view text) {
  std::vector<std::string> out;
  bool open = false;
  for (const char c : text) {
    if (is_digit(c) || ((c == '.' || c == ',') && open)) {
      if (!open) out.emplace_back();
      out.back() += c == ',' ? '.' : c;
      open = true;
    } else {
      open = false;
    }
  }
  return out;
}

// hdddmmss and hdddmmss.sss: MARC 21, 034 $d.
std::optional<double> packed(std::string_view digits) {
  const std::size_t whole = std::min(digits.find('.'), digits.size());
  if (whole != 7) return std::nullopt;
  const auto degrees = number_of(digits.substr(0, 3));
  const auto minutes = number_of(digits.substr(3, 2));
  const auto seconds = number_of(digits.substr(5));
  if (!degrees || !minutes || !seconds || *minutes >= 60 || *seconds >= 60) return std::nullopt;
  return *degrees + *minutes / 60 + *seconds / 3600;
}

// "125", "45 30", "45 30 15.5": degrees, minutes, seconds.
std::optional<double> spelled(const std::vector<std::string>& parts) {
  if (parts.empty() || parts.size() > 3) return std::nullopt;
  double out = 0;
  double scale = 1;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto part = number_of(parts[i]);
    if (!part || (i > 0 && *part >= 60)) return std::nullopt;
    out += *part / scale;
    scale *= 60;
  }
  return out;
}

json::Array position(double longitude, double latitude) {
  const auto rounded = [](double value) { return std::round(value * 1e7) / 1e7; };
  return json::Array{rounded(longitude), rounded(latitude)};
}

// "east=16.37; north=48.2": DCMI Point and Box.
std::optional<json::Object> dcmi(std::string_view text) {
  std::map<std::string, double> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    const std::string_view part = text.substr(0, end);
    const std::size_t equals = part.find('=');
    if (equals != std::string_view::npos) {
      const auto value = number_of(trimmed(part.substr(equals + 1)));
      if (value) parts[lower(trimmed(part.substr(0, equals)))] = *value;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (parts.contains("westlimit") && parts.contains("eastlimit") && parts.contains("northlimit") &&
      parts.contains("southlimit"))
    return box_of(parts["westlimit"], parts["eastlimit"], parts["southlimit"], parts["northlimit"]);
  if (parts.contains("east") && parts.contains("north")) return point_of(parts["east"], parts["north"]);
  return std::nullopt;
}

// Each stretch of the text from a letter of the compass to the next: "W 125°", "N 50°".
std::vector<std::string> sides_of(std::string_view text) {
  std::vector<std::string> out;
  for (const char c : text) {
    const bool letter = c == 'W' || c == 'E' || c == 'N' || c == 'S';
    if (letter) out.emplace_back();
    if (!out.empty()) out.back() += c;
  }
  return out;
}

// "W 125°--W 65°/N 50°--N 25°", or two of them for a point.
std::optional<json::Object> compass(std::string_view text) {
  const std::vector<std::string> sides = sides_of(text);
  if (sides.size() != 4 && sides.size() != 2) return std::nullopt;
  std::vector<double> along;
  std::vector<double> up;
  for (const std::string& side : sides) {
    const bool is_latitude = side.front() == 'N' || side.front() == 'S';
    const auto value = degrees_of(side, is_latitude ? kMostLatitude : kMostLongitude);
    if (!value) return std::nullopt;
    (is_latitude ? up : along).push_back(*value);
  }
  if (along.size() != up.size()) return std::nullopt;
  if (along.size() == 1) return point_of(along[0], up[0]);
  return box_of(along[0], along[1], std::min(up[0], up[1]), std::max(up[0], up[1]));
}

}  // namespace

std::optional<double> degrees_of(std::string_view text, double most) {
  if (text.size() > kLongestText) return std::nullopt;
  text = trimmed(text);
  if (text.empty()) return std::nullopt;
  const char first = text.front();
  const bool below = first == 'W' || first == 'S' || first == '-';
  const bool marked = below || first == 'E' || first == 'N' || first == '+';
  if (!marked && !is_digit(first)) return std::nullopt;
  const std::string_view rest = marked ? trimmed(text.substr(1)) : text;
  if (rest.empty() || !is_digit(rest.front())) return std::nullopt;
  std::optional<double> value = packed(rest);
  if (!value) value = spelled(numbers_in(rest));
  if (!value || *value > most) return std::nullopt;
  return below ? -*value : *value;
}

std::optional<json::Object> point_of(double longitude, double latitude) {
  if (std::abs(longitude) > kMostLongitude || std::abs(latitude) > kMostLatitude) return std::nullopt;
  return json::Object{{"type", "Point"}, {"coordinates", position(longitude, latitude)}};
}

std::optional<json::Object> box_of(double west, double east, double south, double north) {
  if (std::abs(west) > kMostLongitude || std::abs(east) > kMostLongitude || std::abs(south) > kMostLatitude ||
      std::abs(north) > kMostLatitude || south > north || west > east)
    return std::nullopt;
  if (west == east && south == north) return point_of(west, south);
  return polygon_of({west, south, east, south, east, north, west, north, west, south});
}

std::optional<json::Object> polygon_of(const std::vector<double>& numbers) {
  if (numbers.size() < 8 || numbers.size() % 2 != 0 || numbers.size() > kMostNumbers) return std::nullopt;
  if (numbers[0] != numbers[numbers.size() - 2] || numbers[1] != numbers.back()) return std::nullopt;
  json::Array ring;
  for (std::size_t i = 0; i < numbers.size(); i += 2) {
    if (std::abs(numbers[i]) > kMostLongitude || std::abs(numbers[i + 1]) > kMostLatitude) return std::nullopt;
    ring.push_back(position(numbers[i], numbers[i + 1]));
  }
  return json::Object{{"type", "Polygon"}, {"coordinates", json::Array{std::move(ring)}}};
}

std::optional<json::Object> geometry_of(std::string_view text) {
  if (text.size() > kLongestText) return std::nullopt;
  if (text.find('=') != std::string_view::npos) return dcmi(text);
  if (auto found = compass(text)) return found;
  // "48.2, 16.37": latitude first, as people write it.
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos || text.find(',', comma + 1) != std::string_view::npos) return std::nullopt;
  const auto latitude = number_of(trimmed(text.substr(0, comma)));
  const auto longitude = number_of(trimmed(text.substr(comma + 1)));
  if (!latitude || !longitude) return std::nullopt;
  return point_of(*longitude, *latitude);
}

}  // namespace armarium::ingest::readers
