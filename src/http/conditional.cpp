#include "http/conditional.h"

#include <array>
#include <charconv>
#include <ctime>

#include <fmt/format.h>

#include "http/problem.h"
#include "http/text.h"

namespace armarium::http {
namespace {

// The element of a list of tags that names `etag`; nothing when none does.
std::optional<std::string_view> find_tag(std::string_view list, std::string_view etag) {
  for (const auto part : split_list(list)) {
    if (part == "*" || (!etag.empty() && tag_core(part) == tag_core(etag))) return part;
  }
  return std::nullopt;
}

bool safe(const Request& request) { return request.method == "GET" || request.method == "HEAD"; }

struct Wanted {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};
enum class RangeKind { none, satisfiable, unsatisfiable };

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// RFC 9110, 14.1.2. What is malformed, or more than one range, is passed over.
RangeKind parse_range(std::string_view header, std::uint64_t size, Wanted& wanted) {
  const std::size_t equals = header.find('=');
  if (equals == std::string_view::npos || !same_text(trim(header.substr(0, equals)), "bytes")) return RangeKind::none;
  const auto ranges = split_list(header.substr(equals + 1));
  if (ranges.size() != 1) return RangeKind::none;
  const std::size_t dash = ranges[0].find('-');
  if (dash == std::string_view::npos) return RangeKind::none;
  const auto first_text = trim(ranges[0].substr(0, dash));
  const auto last_text = trim(ranges[0].substr(dash + 1));
  const auto first = number(first_text);
  const auto last = number(last_text);
  if (first_text.empty()) {
    if (!last) return RangeKind::none;
    if (*last == 0 || size == 0) return RangeKind::unsatisfiable;
    wanted = {size - std::min(*last, size), size - 1};
    return RangeKind::satisfiable;
  }
  if (!first || (!last && !last_text.empty()) || (last && *last < *first)) return RangeKind::none;
  if (*first >= size) return RangeKind::unsatisfiable;
  wanted = {*first, last ? std::min(*last, size - 1) : size - 1};
  return RangeKind::satisfiable;
}

// RFC 9110, 13.1.5: byte for byte the same, so no weak tag and no other coding will do.
bool if_range_holds(std::string_view condition, const Response& response) {
  condition = trim(condition);
  if (condition.empty()) return true;
  if (condition.starts_with("W/")) return false;
  if (condition.front() == '"') return condition == response.headers.get("ETag");
  const auto wanted = parse_http_date(condition);
  return wanted && wanted == parse_http_date(response.headers.get("Last-Modified"));
}

class SharedSource final : public base::ByteSource {
 public:
  explicit SharedSource(base::SharedBytes bytes) : bytes_(std::move(bytes)), version_{"shared"} {}
  std::uint64_t size() const override { return bytes_->size(); }
  const base::Version& version() const override { return version_; }
  base::Result<> read(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    if (offset > bytes_->size() || out.size() > bytes_->size() - offset)
      return base::fail(base::ErrorCode::corrupt, "The bytes end too early.");
    std::copy_n(bytes_->begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    return {};
  }

 private:
  base::SharedBytes bytes_;
  base::Version version_;
};

std::optional<std::uint64_t> rangeable_size(const Response& response) {
  if (const auto* slice = std::get_if<FileSlice>(&response.body)) return slice->range.length;
  if (!same_text(response.headers.get("Accept-Ranges"), "bytes")) return std::nullopt;
  if (const auto* text = std::get_if<std::string>(&response.body)) return text->size();
  if (const auto* bytes = std::get_if<base::SharedBytes>(&response.body); bytes != nullptr && *bytes)
    return (*bytes)->size();
  return std::nullopt;
}

void cut_body(Body& body, const Wanted& wanted) {
  const std::uint64_t length = wanted.last - wanted.first + 1;
  if (auto* slice = std::get_if<FileSlice>(&body)) {
    slice->range = {slice->range.offset + wanted.first, length};
  } else if (auto* text = std::get_if<std::string>(&body)) {
    *text = text->substr(wanted.first, length);
  } else if (auto* bytes = std::get_if<base::SharedBytes>(&body)) {
    body = FileSlice{std::make_shared<SharedSource>(*bytes), {wanted.first, length}};
  }
}

void replace(Response& response, Response by) {
  by.delivered = std::move(response.delivered);
  response = std::move(by);
}

// RFC 9110, 15.4.5: a 304 carries what caches need, nothing that describes content.
void drop_content(Response& response) {
  for (const char* name : {"Content-Type", "Content-Length", "Content-Encoding", "Content-Language",
                           "Content-Disposition", "Accept-Ranges", "Content-Range"})
    response.headers.remove(name);
  response.body = std::monostate{};
}

}  // namespace

std::string_view tag_core(std::string_view tag) {
  tag = trim(tag);
  if (tag.starts_with("W/") || tag.starts_with("w/")) tag.remove_prefix(2);
  if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') tag = tag.substr(1, tag.size() - 2);
  for (const std::string_view coding : {"-br", "--gzip", "-gzip", ";gzip", "-df", "-zstd"}) {
    if (tag.size() > coding.size() && tag.ends_with(coding)) return tag.substr(0, tag.size() - coding.size());
  }
  return tag;
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const std::string date(trim(text).substr(0, 64));
  for (const char* form : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
    std::tm parts{};
    const char* end = strptime(date.c_str(), form, &parts);
    if (end != nullptr && *end == '\0') return timegm(&parts);
  }
  return std::nullopt;
}

Precondition evaluate(const Request& request, std::string_view etag, std::optional<std::int64_t> last_modified) {
  // RFC 9110, 13.2.2 gives the order.
  if (request.headers.has("If-Match")) {
    if (!find_tag(request.headers.joined("If-Match"), etag)) return Precondition::failed;
  } else if (const auto since = parse_http_date(request.headers.get("If-Unmodified-Since"));
             since && last_modified && *last_modified > *since) {
    return Precondition::failed;
  }
  if (request.headers.has("If-None-Match")) {
    if (!find_tag(request.headers.joined("If-None-Match"), etag)) return Precondition::proceed;
    return safe(request) ? Precondition::not_modified : Precondition::failed;
  }
  if (!safe(request) || !last_modified) return Precondition::proceed;
  const auto since = parse_http_date(request.headers.get("If-Modified-Since"));
  return since && *last_modified <= *since ? Precondition::not_modified : Precondition::proceed;
}

namespace {
bool is_conditional(const Request& request) {
  const auto& fields = request.headers.fields();
  return std::any_of(fields.begin(), fields.end(),
                     [](const auto& field) { return same_text(std::string_view(field.first).substr(0, 3), "If-"); });
}
}  // namespace

Response not_modified(std::string_view etag) {
  Response response;
  response.status = 304;
  if (!etag.empty()) response.headers.set("ETag", std::string(etag));
  return response;
}

void apply_preconditions(const Request& request, Response& response) {
  if (!safe(request) || (response.status == 200 && !is_conditional(request))) return;
  const std::string etag(response.headers.get("ETag"));
  if (response.status == 200 && (!etag.empty() || response.headers.has("Last-Modified"))) {
    switch (evaluate(request, etag, parse_http_date(response.headers.get("Last-Modified")))) {
      case Precondition::proceed: return;
      case Precondition::not_modified: response.status = 304; break;
      case Precondition::failed:
        replace(response, problem_response({.status = 412, .detail = "It has changed since."}));
        if (!etag.empty()) response.headers.set("ETag", etag);
        return;
    }
  }
  if (response.status != 304) return;
  drop_content(response);
  // A cache finds the copy to refresh by its own tag, which names the coding (RFC 9111, 4.3.4).
  const std::string known = request.headers.joined("If-None-Match");
  if (const auto tag = find_tag(known, etag); tag && *tag != "*" && !tag->starts_with("W/") && !etag.starts_with("W/"))
    response.headers.set("ETag", std::string(*tag));
}

void apply_range(const Request& request, Response& response) {
  if (response.status != 200) return;
  const auto size = rangeable_size(response);
  if (!size) return;
  response.headers.set("Accept-Ranges", "bytes");
  const std::string_view header = request.headers.get("Range");
  if (request.method != "GET" || header.empty() || !if_range_holds(request.headers.get("If-Range"), response)) return;
  Wanted wanted;
  switch (parse_range(header, *size, wanted)) {
    case RangeKind::none: return;
    case RangeKind::unsatisfiable: {
      replace(response,
              problem_response({.status = 416,
                                .detail = fmt::format("The range lies outside the {} bytes that there are.", *size)}));
      response.headers.set("Content-Range", fmt::format("bytes */{}", *size));
      response.headers.set("Accept-Ranges", "bytes");
      return;
    }
    case RangeKind::satisfiable: break;
  }
  response.status = 206;
  response.headers.set("Content-Range", fmt::format("bytes {}-{}/{}", wanted.first, wanted.last, *size));
  cut_body(response.body, wanted);
}

}  // namespace armarium::http
