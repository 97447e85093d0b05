#include "http/problem.h"

#include <array>
#include <random>

#include <fmt/format.h>

#include "base/log.h"
#include "http/negotiation.h"

namespace armarium::http {
namespace {

struct Phrase {
  int status;
  std::string_view text;
};
constexpr std::array kPhrases = std::to_array<Phrase>({
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {460, "Checksum Mismatch"},  // tus 1.0.0
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
});

// The length of the well-formed UTF-8 sequence at the front of `text`, 0 where there is none (RFC 3629, 4).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return tail(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F)) return 0;
    return tail(1) && tail(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if ((first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F)) return 0;
    return tail(1) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

void add_common(Response& response, const Problem& problem) {
  response.status = problem.status;
  response.headers.set("Cache-Control", "no-store");
  if (problem.status == 404 || problem.status == 410) response.headers.set("Cache-Control", "no-cache");
  if (problem.retry_after) response.headers.set("Retry-After", std::to_string(problem.retry_after->count()));
}

std::string_view title_of(const Problem& problem) {
  return problem.title.empty() ? reason_phrase(problem.status) : std::string_view(problem.title);
}

}  // namespace

std::string_view reason_phrase(int status) noexcept {
  for (const Phrase& phrase : kPhrases) {
    if (phrase.status == status) return phrase.text;
  }
  return status < 400 ? "OK" : "Error";
}

std::string json_quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const char c = text.front();
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out + '"';
}

std::string html_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

Response problem_response(const Problem& problem) {
  Response response;
  add_common(response, problem);
  response.headers.set("Content-Type", "application/problem+json");
  std::string body =
      fmt::format(R"({{"type":"about:blank","title":{},"status":{})", json_quoted(title_of(problem)), problem.status);
  if (!problem.detail.empty()) body += ",\"detail\":" + json_quoted(problem.detail);
  if (!problem.incident.empty()) body += ",\"incident\":" + json_quoted(problem.incident);
  response.body = body + "}\n";
  return response;
}

Response problem_response(const Problem& problem, const Request& request, const ErrorPage& page) {
  static const std::vector<Offer> offers = {{"application/problem+json"}, {"text/html"}};
  // What lies below /iiif/ is for programs, also where a browser asks (Accept of a plain link).
  const bool may_be_page = page && !request.path.starts_with("/iiif/");
  const auto chosen = may_be_page ? choose_media_type(request.headers.joined("Accept"), offers) : std::nullopt;
  if (!chosen || *chosen == 0) {
    Response response = problem_response(problem);
    if (may_be_page) response.headers.merge("Vary", "Accept");
    return response;
  }
  Response response;
  add_common(response, problem);
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  response.headers.merge("Vary", "Accept");
  response.headers.merge("Vary", "Accept-Language");
  // Style, picture and font are ours; an error page runs no script.
  response.headers.set("Content-Security-Policy",
                       "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'");
  std::string detail = problem.detail;
  if (!problem.incident.empty()) detail += " (" + problem.incident + ")";
  response.body = page(request, problem.status, title_of(problem), detail);
  return response;
}

Response internal_error(std::string_view what) {
  thread_local std::mt19937_64 numbers{std::random_device{}()};
  Problem problem;
  problem.incident = fmt::format("{:012x}", numbers() & 0xFFFFFFFFFFFFU);
  problem.detail =
      "Something went wrong inside the server. Its log explains this under the number " + problem.incident + ".";
  base::log::error("incident {}: {}", problem.incident, what);
  return problem_response(problem);
}

}  // namespace armarium::http
