#include "api/tus.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "http/text.h"

namespace armarium::api::tus {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t kMostPairs = 50;

int digit_of(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

bool is_key(std::string_view key) {
  return !key.empty() && key.size() <= 255 &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

std::optional<std::string> read_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  std::string out;
  out.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = digit_of(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6U | static_cast<std::uint32_t>(digit)) & 0xFFFFFFU;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU);
  }
  // RFC 4648, 3.5: what is left over is zero.
  if (count > 0 && (bits & ((1U << static_cast<unsigned>(count)) - 1U)) != 0) return std::nullopt;
  return out;
}

std::optional<std::uint64_t> read_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<Metadata> read_metadata(std::string_view header) {
  Metadata metadata;
  std::size_t pairs = 0;
  while (!http::trim(header).empty()) {
    const std::size_t comma = header.find(',');
    const std::string_view pair = http::trim(header.substr(0, comma));
    header = comma == std::string_view::npos ? std::string_view() : header.substr(comma + 1);
    const std::size_t space = pair.find(' ');
    const std::string_view key = pair.substr(0, space);
    const auto value =
        read_base64(space == std::string_view::npos ? std::string_view() : http::trim(pair.substr(space)));
    if (++pairs > kMostPairs)
      return base::fail(ErrorCode::invalid_argument,
                        fmt::format("Upload-Metadata has more than {} pairs.", kMostPairs));
    if (!is_key(key) || !value) {
      return base::fail(ErrorCode::invalid_argument,
                        fmt::format("Upload-Metadata: pair {} is no key with a value in Base64.", pairs));
    }
    if (!metadata.emplace(key, *value).second)
      return base::fail(ErrorCode::invalid_argument, fmt::format("Upload-Metadata names {} twice.", key));
  }
  return metadata;
}

Result<ingest::Uploads::Sum> read_checksum(std::string_view header) {
  const std::string_view text = http::trim(header);
  const std::size_t space = text.find(' ');
  const auto digest = space == std::string_view::npos ? std::nullopt : read_base64(http::trim(text.substr(space)));
  if (!digest || digest->empty())
    return base::fail(ErrorCode::invalid_argument, "Upload-Checksum is an algorithm and a digest in Base64.");
  return ingest::Uploads::Sum{std::string(text.substr(0, space)), *digest};
}

}  // namespace armarium::api::tus
