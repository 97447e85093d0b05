#include "http/response_head.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <iterator>

#include <fmt/format.h>

#include "http/problem.h"
#include "http/text.h"

namespace armarium::http {
namespace {

// The date of this second, made once a second on each thread.
const std::string& date_now() {
  thread_local std::int64_t second = -1;
  thread_local std::string text;
  if (const std::int64_t now = std::time(nullptr); now != second) {
    second = now;
    text = http_date(now);
  }
  return text;
}

// What the server says itself.
bool is_framing(std::string_view name) {
  // By its length first: nearly every name is none of them.
  if (name.size() != 4 && name.size() != 10 && name.size() != 14 && name.size() != 17) return false;
  return same_text(name, "Content-Length") || same_text(name, "Transfer-Encoding") || same_text(name, "Connection") ||
         same_text(name, "Date");
}

// Whether a byte below 0x20 or 0x7F may be among them; eight at a time, as nearly no value has one.
bool may_have_control(std::string_view value) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHigh = 0x8080808080808080;
  const auto suspicious = [](std::uint64_t word) {
    const std::uint64_t without = word ^ (0x7F * kOnes);
    return (((word - 0x20 * kOnes) & ~word) | ((without - kOnes) & ~without)) & kHigh;
  };
  std::uint64_t found = 0;
  for (; value.size() >= 8; value.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, value.data(), 8);
    found |= suspicious(word);
  }
  std::uint64_t rest = 0x20 * kOnes;
  if (!value.empty()) std::memcpy(&rest, value.data(), value.size());
  return (found | suspicious(rest)) != 0;
}

void append_clean(std::string& out, std::string_view value) {
  if (!may_have_control(value)) {
    out += value;
    return;
  }
  const auto is_control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  };
  const std::size_t start = out.size();
  out += value;
  std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(), is_control, ' ');
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  append_clean(out, value);
  out += "\r\n";
}

}  // namespace

bool has_no_body(int status) noexcept { return status < 200 || status == 204 || status == 304; }

std::string http_date(std::int64_t seconds) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays.at(static_cast<std::size_t>(parts.tm_wday)),
                     parts.tm_mday, kMonths.at(static_cast<std::size_t>(parts.tm_mon)), parts.tm_year + 1900,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string fields_text(const Headers& headers) {
  std::string out;
  for (const auto& [name, value] : headers.fields()) {
    if (is_token(name) && !is_framing(name)) append_field(out, name, value);
  }
  return out;
}

std::string response_head(const Response& response, const Framing& framing) {
  std::string out;
  out.reserve(512 + (response.prepared ? response.prepared->text.size() : 512));
  out.append("HTTP/1.1 ").append(std::to_string(response.status)) += ' ';
  out.append(reason_phrase(response.status)).append("\r\n");
  append_field(out, "Date", date_now());
  if (response.prepared) out += response.prepared->text;
  for (const auto& [name, value] : response.headers.fields()) {
    if (is_token(name) && !is_framing(name)) append_field(out, name, value);
  }
  if (framing.content_length) append_field(out, "Content-Length", std::to_string(*framing.content_length));
  if (framing.chunked) append_field(out, "Transfer-Encoding", "chunked");
  if (!framing.keep_alive) append_field(out, "Connection", "close");
  if (framing.keep_alive && framing.http_1_0) append_field(out, "Connection", "keep-alive");
  out += "\r\n";
  return out;
}

std::vector<std::pair<std::string, std::string>> response_fields(const Response& response,
                                                                 std::optional<std::uint64_t> content_length) {
  std::vector<std::pair<std::string, std::string>> fields;
  fields.reserve(response.headers.fields().size() + 3);
  fields.emplace_back(":status", std::to_string(response.status));
  fields.emplace_back("date", date_now());
  const auto add_all = [&fields](const Headers& headers) {
    for (const auto& [name, value] : headers.fields()) {
      const bool hop =
          same_text(name, "Keep-Alive") || same_text(name, "Upgrade") || same_text(name, "Proxy-Connection");
      if (!is_token(name) || is_framing(name) || hop) continue;
      auto& field = fields.emplace_back(lower(name), std::string());
      append_clean(field.second, trim(value));
    }
  };
  if (response.prepared) add_all(response.prepared->headers);
  add_all(response.headers);
  if (content_length) fields.emplace_back("content-length", std::to_string(*content_length));
  return fields;
}

}  // namespace armarium::http
