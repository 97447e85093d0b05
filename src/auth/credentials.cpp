#include "auth/credentials.h"

#include <sodium.h>

#include <algorithm>

#include "auth/names.h"

namespace armarium::auth {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t kLongestHeader = 4096;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// `scheme` is in lower case. The rest behind it and at least one space.
bool has_scheme(std::string_view& header, std::string_view scheme) {
  if (header.size() <= scheme.size() || header[scheme.size()] != ' ') return false;
  if (!std::equal(scheme.begin(), scheme.end(), header.begin(), [](char a, char b) { return a == lower(b); }))
    return false;
  header.remove_prefix(scheme.size());
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  return true;
}

// RFC 9110, 11.2
bool is_token68(std::string_view text) {
  const std::size_t body = std::min(text.find('='), text.size());
  if (body == 0 || text.find_first_not_of('=', body) != std::string_view::npos) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(body), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~+/").find(c) != std::string_view::npos;
  });
}

Result<std::string> decode_base64(std::string_view text) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  for (const int variant : {sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING}) {
    std::size_t size = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr,
                          &size, nullptr, variant) == 0) {
      out.resize(size);
      return out;
    }
  }
  return base::fail(ErrorCode::invalid_argument, "The Authorization header's name and password are no Base64.");
}

Result<Credentials> basic(std::string_view coded) {
  auto pair = decode_base64(coded);
  if (!pair) return base::fail(std::move(pair.error()));
  const std::size_t colon = pair->find(':');
  if (colon == std::string::npos)
    return base::fail(ErrorCode::invalid_argument, "The Authorization header holds no name and password.");
  auto password = normal_password(std::string_view(*pair).substr(colon + 1));
  if (!password) return base::fail(std::move(password.error()));
  // What can be no name is not told apart from one that nobody has.
  return Credentials{.kind = Credentials::Kind::basic,
                     .name = user_name(std::string_view(*pair).substr(0, colon)).value_or(std::string()),
                     .secret = std::move(*password)};
}

}  // namespace

Result<Credentials> parse_authorization(std::string_view header) {
  if (header.size() > kLongestHeader)
    return base::fail(ErrorCode::invalid_argument, "The Authorization header is too long.");
  while (header.ends_with(' ')) header.remove_suffix(1);
  if (has_scheme(header, "basic")) return basic(header);
  if (has_scheme(header, "bearer")) {
    if (!is_token68(header))
      return base::fail(ErrorCode::invalid_argument, "The Authorization header's token is malformed.");
    return Credentials{.kind = Credentials::Kind::bearer, .name = {}, .secret = std::string(header)};
  }
  return base::fail(ErrorCode::invalid_argument, "The Authorization header is neither Basic nor Bearer.");
}

}  // namespace armarium::auth
