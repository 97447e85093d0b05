#include "iiif/content_state.h"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/uri.h"

namespace armarium::iiif::content_state {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr int kDeepest = 8;
constexpr std::size_t kLongestAddress = 8192;
constexpr double kLargest = 1e9;

tl::unexpected<base::Error> wrong(std::string message) {
  return base::fail(ErrorCode::invalid_argument, "The content state cannot be read: " + std::move(message));
}

// What encodeURIComponent leaves as it is (ECMA-262, 19.2.6.4).
bool is_left(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("-_.!~*'()").find(c) != std::string_view::npos;
}

int digit_of(char c) {
  if (c == '+') return 62;
  if (c == '/') return 63;
  const std::size_t at = c == '\0' ? std::string_view::npos : kAlphabet.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

bool is_web_address(std::string_view text) {
  const bool web = text.starts_with("http://") || text.starts_with("https://");
  if (!web || text.size() < 10 || text.size() > kLongestAddress) return false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '"') return false;
  }
  return true;
}

// Ids are URIs, not IRIs (6.2): what is none becomes one.
std::string as_uri(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x80 ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(number) || number < 0 || number > kLargest) return std::nullopt;
  return number;
}

std::optional<double> number_in(const json::Object& object, std::string_view key) {
  const json::Value* value = object.if_contains(key);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  boost::system::error_code failed;
  const double number = value->to_number<double>(failed);
  if (failed || !std::isfinite(number) || number < 0 || number > kLargest) return std::nullopt;
  return number;
}

std::optional<Region> region_in(std::string_view text) {
  Region region;
  if (text.starts_with("percent:")) {
    region.percent = true;
    text.remove_prefix(8);
  } else if (text.starts_with("pixel:")) {
    text.remove_prefix(6);
  }
  const std::array<double*, 4> parts = {&region.x, &region.y, &region.width, &region.height};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t comma = text.find(',');
    if ((comma == std::string_view::npos) != (i == 3)) return std::nullopt;
    const auto number = number_in(text.substr(0, comma));
    if (!number) return std::nullopt;
    *parts[i] = *number;
    text = i == 3 ? std::string_view() : text.substr(comma + 1);
  }
  if (region.width <= 0 || region.height <= 0) return std::nullopt;
  return region;
}

// Media Fragments 1.0, 4.2: what does not parse is passed over, as 6.2 there says.
void read_fragment(std::string_view fragment, Target& target) {
  while (!fragment.empty()) {
    const std::size_t end = fragment.find('&');
    std::string_view part = fragment.substr(0, end);
    fragment = end == std::string_view::npos ? std::string_view() : fragment.substr(end + 1);
    const auto decoded = base::percent_decode(part);
    if (!decoded) continue;
    part = *decoded;
    if (part.starts_with("xywh=")) target.region = region_in(part.substr(5));
    if (!part.starts_with("t=")) continue;
    part.remove_prefix(part.starts_with("t=npt:") ? 6 : 2);
    const std::size_t comma = part.find(',');
    target.time = part.substr(0, comma).empty() ? 0.0 : number_in(part.substr(0, comma));
    if (comma != std::string_view::npos) target.time_end = number_in(part.substr(comma + 1));
    if (target.time_end && (!target.time || *target.time_end <= *target.time)) target.time_end.reset();
  }
}

bool set_address(std::string_view text, Target& target) {
  const std::size_t mark = text.find('#');
  const std::string_view address = text.substr(0, mark);
  if (!is_web_address(address)) return false;
  target.id = as_uri(address);
  if (mark != std::string_view::npos) read_fragment(text.substr(mark + 1), target);
  return true;
}

// "id", or "@id" of version 2.
std::string_view either(const json::Object& object, std::string_view name) {
  const std::string_view text = json::text_of(object, name);
  return text.empty() ? json::text_of(object, '@' + std::string(name)) : text;
}

std::string type_of(const json::Object& object) {
  const std::string_view type = either(object, "type");
  return std::string(type.starts_with("sc:") || type.starts_with("oa:") ? type.substr(3) : type);
}

// The Manifest that partOf (2: within) names, however deep it lies.
std::string manifest_in(const json::Value& value, int depth) {
  if (depth > kDeepest) return {};
  if (value.is_string()) {
    Target found;
    return set_address(value.get_string(), found) ? found.id : std::string();
  }
  if (const json::Array* list = value.if_array()) {
    for (const json::Value& one : *list) {
      if (std::string found = manifest_in(one, depth + 1); !found.empty()) return found;
    }
    return {};
  }
  const json::Object* object = value.if_object();
  if (object == nullptr) return {};
  if (const std::string type = type_of(*object); type.empty() || type == "Manifest")
    return manifest_in(json::Value(either(*object, "id")), depth + 1);
  const json::Value* above = object->if_contains("partOf");
  return above == nullptr ? std::string() : manifest_in(*above, depth + 1);
}

void read_selector(const json::Value& value, Target& target, int depth) {
  if (depth > kDeepest) return;
  if (const json::Array* list = value.if_array()) {
    for (const json::Value& one : *list) read_selector(one, target, depth + 1);
    return;
  }
  const json::Object* object = value.if_object();
  if (object == nullptr) return;
  const std::string type = type_of(*object);
  if (type == "FragmentSelector") {
    read_fragment(json::text_of(*object, "value"), target);
  } else if (type == "PointSelector") {
    const auto x = number_in(*object, "x");
    const auto y = number_in(*object, "y");
    if (x && y) target.point = Point{*x, *y};
    if (const auto t = number_in(*object, "t")) {
      target.time = t;
      if (target.time_end && *target.time_end <= *t) target.time_end.reset();
    }
  }
}

Result<> collect(const json::Value& value, Targets& targets, int depth);

Result<> collect_specific(const json::Object& object, Targets& targets, int depth) {
  const json::Value* source = object.if_contains("source");
  if (source == nullptr) return wrong("a SpecificResource needs a source.");
  const std::size_t first = targets.size();
  if (auto read = collect(*source, targets, depth + 1); !read) return read;
  const json::Value* selector = object.if_contains("selector");
  const json::Value* part_of = object.if_contains("partOf");
  for (std::size_t i = first; i < targets.size(); ++i) {
    if (selector != nullptr) read_selector(*selector, targets[i], 0);
    if (part_of != nullptr && targets[i].manifest.empty()) targets[i].manifest = manifest_in(*part_of, 0);
  }
  return {};
}

Result<> collect(const json::Value& value, Targets& targets, int depth) {
  if (depth > kDeepest) return wrong("it is nested too deeply.");
  if (const json::Array* list = value.if_array()) {
    for (const json::Value& one : *list) {
      if (auto read = collect(one, targets, depth + 1); !read) return read;
    }
    return {};
  }
  if (targets.size() >= kMostTargets) return wrong(fmt::format("it has more than {} targets.", kMostTargets));
  Target target;
  if (value.is_string()) {
    if (!set_address(value.get_string(), target)) return wrong("an id must be a web address.");
    targets.push_back(std::move(target));
    return {};
  }
  const json::Object* object = value.if_object();
  if (object == nullptr) return wrong("a target must be an object or a web address.");
  target.type = type_of(*object);
  // 2.2.4: an Annotation with another motivation is itself what is meant; what it speaks of is where it is seen.
  if (target.type == "Annotation") {
    const json::Value* aimed = object->if_contains("target");
    if (aimed == nullptr) aimed = object->if_contains("on");
    return aimed == nullptr ? wrong("an Annotation needs a target.") : collect(*aimed, targets, depth + 1);
  }
  if (target.type == "SpecificResource") return collect_specific(*object, targets, depth);
  if (!set_address(either(*object, "id"), target)) return wrong("an id must be a web address.");
  for (const char* name : {"partOf", "within"}) {
    if (const json::Value* part_of = object->if_contains(name); part_of != nullptr && target.manifest.empty())
      target.manifest = manifest_in(*part_of, 0);
  }
  if (target.type == "Manifest") target.manifest.clear();
  targets.push_back(std::move(target));
  return {};
}

std::string fragment_of(const Target& target) {
  std::string out;
  if (const auto& region = target.region) {
    out = fmt::format("#xywh={}{},{},{},{}", region->percent ? "percent:" : "", region->x, region->y, region->width,
                      region->height);
  }
  if (target.time && (!target.point || target.time_end)) {
    out += fmt::format("{}t={}", out.empty() ? '#' : '&', *target.time);
    if (target.time_end) out += fmt::format(",{}", *target.time_end);
  }
  return out;
}

json::Value write_one(const Target& target) {
  json::Object object;
  object["id"] = target.id + fragment_of(target);
  if (!target.type.empty()) object["type"] = target.type;
  if (!target.manifest.empty())
    object["partOf"] = json::Array{json::Object{{"id", target.manifest}, {"type", "Manifest"}}};
  if (!target.point) return object;
  json::Object selector{{"type", "PointSelector"}, {"x", target.point->x}, {"y", target.point->y}};
  if (target.time) selector["t"] = *target.time;
  return json::Object{{"type", "SpecificResource"}, {"source", std::move(object)}, {"selector", std::move(selector)}};
}

Result<Targets> parse_text(std::string_view text) {
  auto value = json::parse(text, {.max_bytes = kLongest, .max_depth = 32});
  if (!value) return value.error().code == ErrorCode::too_large ? base::fail(value.error()) : wrong("it is no JSON.");
  return parse(*value);
}

}  // namespace

std::string encode(std::string_view state) {
  std::string escaped;
  for (const char c : state) {
    if (is_left(c)) {
      escaped += c;
    } else {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : escaped) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) out += kAlphabet[(bits >> (count - 6)) & 63];
  }
  if (count > 0) out += kAlphabet[(bits << (6 - count)) & 63];
  return out;
}

Result<std::string> decode(std::string_view encoded) {
  if (encoded.size() > kLongest * 4) return base::fail(ErrorCode::too_large, "The content state is too long.");
  while (encoded.ends_with('=')) encoded.remove_suffix(1);
  if (encoded.size() % 4 == 1) return wrong("its length is not one of base64url.");
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : encoded) {
    const int digit = digit_of(c);
    if (digit < 0) return wrong("it is neither a web address nor base64url.");
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>((bits >> count) & 255);
  }
  auto decoded = base::percent_decode(bytes);
  if (!decoded) return wrong("what it encodes is not percent-encoded.");
  return std::move(*decoded);
}

Result<Targets> parse(const json::Value& state) {
  Targets targets;
  if (auto read = collect(state, targets, 0); !read) return base::fail(std::move(read.error()));
  if (targets.empty()) return wrong("it names nothing.");
  return targets;
}

Result<Targets> read_plain(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  if (text.starts_with("http://") || text.starts_with("https://")) return parse(json::Value(text));
  return parse_text(text);
}

Result<Targets> read_parameter(std::string_view value) {
  // 6.2: JSON must be encoded here; who forgot it is understood all the same.
  if (value.starts_with("http://") || value.starts_with("https://") || value.starts_with('{') || value.starts_with('['))
    return read_plain(value);
  auto decoded = decode(value);
  if (!decoded) return base::fail(std::move(decoded.error()));
  return read_plain(*decoded);
}

json::Value write(const Targets& targets) {
  if (targets.size() == 1) return write_one(targets.front());
  json::Array list;
  for (const Target& target : targets) list.push_back(write_one(target));
  return list;
}

json::Value write_annotation(const Targets& targets, std::string_view id) {
  json::Object annotation;
  annotation["@context"] = "http://iiif.io/api/presentation/3/context.json";
  annotation["id"] = id;
  annotation["type"] = "Annotation";
  annotation["motivation"] = json::Array{"contentState"};
  annotation["target"] = write(targets);
  return annotation;
}

std::string write_parameter(const Targets& targets) {
  if (targets.size() == 1) {
    Target plain;
    plain.id = targets.front().id;
    plain.type = targets.front().type;
    const bool says_all = plain.type == "Manifest" || plain.type == "Collection" || plain.type.empty();
    if (says_all && plain == targets.front()) return plain.id;
  }
  return encode(json::to_text(write(targets)));
}

}  // namespace armarium::iiif::content_state
