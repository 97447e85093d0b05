#include "auth/names.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>

#include <fmt/format.h>

namespace armarium::auth {
namespace {

using base::ErrorCode;
using base::Result;

struct Free {
  void operator()(void* memory) const noexcept { std::free(memory); }  // utf8proc's own contract
};

// Nothing for what is no UTF-8.
std::optional<std::string> composed(std::string_view text) {
  utf8proc_uint8_t* raw = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &raw, static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
  const std::unique_ptr<utf8proc_uint8_t, Free> normal(raw);
  if (size < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(normal.get()), static_cast<std::size_t>(size));
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Controls, formats that cannot be seen, private use, what is not assigned, lines and paragraphs.
bool is_invisible(std::string_view text) {
  while (!text.empty()) {
    utf8proc_int32_t code = 0;
    const auto used = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &code);
    if (used <= 0) return true;
    switch (utf8proc_category(code)) {
      case UTF8PROC_CATEGORY_CC:
      case UTF8PROC_CATEGORY_CF:
      case UTF8PROC_CATEGORY_CN:
      case UTF8PROC_CATEGORY_CO:
      case UTF8PROC_CATEGORY_CS:
      case UTF8PROC_CATEGORY_ZL:
      case UTF8PROC_CATEGORY_ZP: return true;
      default: break;
    }
    text.remove_prefix(static_cast<std::size_t>(used));
  }
  return false;
}

tl::unexpected<base::Error> refuse(std::string message) {
  return base::fail(ErrorCode::invalid_argument, std::move(message));
}

}  // namespace

Result<std::string> user_name(std::string_view text) {
  if (text.empty()) return refuse("A user needs a name.");
  if (text.size() > kLongestName) return refuse(fmt::format("A name has at most {} bytes.", kLongestName));
  auto name = composed(text);
  if (!name) return refuse("A name is UTF-8 text.");
  if (name->size() > kLongestName) return refuse(fmt::format("A name has at most {} bytes.", kLongestName));
  if (name->find(':') != std::string::npos)
    return refuse("A name holds no colon: signing in by Basic could not send it.");
  if (name->front() == ' ' || name->back() == ' ') return refuse("A name neither begins nor ends with a space.");
  if (is_invisible(*name)) return refuse("A name holds no characters that cannot be seen.");
  if (*name == "system" || *name == "anonymous") return refuse(fmt::format("The name {} is the server's own.", *name));
  return *name;
}

Result<std::string> normal_password(std::string_view text) {
  if (text.size() > kLongestPassword) return refuse(fmt::format("A password has at most {} bytes.", kLongestPassword));
  auto password = composed(text);
  if (!password) return refuse("A password is UTF-8 text.");
  if (password->size() > kLongestPassword)
    return refuse(fmt::format("A password has at most {} bytes.", kLongestPassword));
  return *password;
}

Result<std::string> new_password(std::string_view text) {
  auto password = normal_password(text);
  if (!password) return password;
  if (password->find('\0') != std::string::npos) return refuse("A password holds no zero byte.");
  if (count_characters(*password) < kShortestPassword)
    return refuse(fmt::format("A password has at least {} characters.", kShortestPassword));
  return password;
}

}  // namespace armarium::auth
