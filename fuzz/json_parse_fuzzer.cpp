// Any bytes as JSON: what is accepted is written, compact and pretty, and read back as the same document.

#include <cstdlib>

#include "contains_double.h"
#include "json/json.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace armarium;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = json::parse(text, {.max_bytes = 1U << 20, .max_depth = 32});
  if (!value) return value.error().message.empty() ? std::abort(), 0 : 0;
  const std::string compact = json::to_text(*value);
  const auto again = json::parse(compact);
  const auto pretty = json::parse(json::to_pretty_text(*value));
  if (!again || !pretty) std::abort();
  if (!fuzz::contains_double(*value) && (json::to_text(*again) != compact || json::to_text(*pretty) != compact))
    std::abort();
  std::string quoted;
  json::append_string(quoted, text);
  const auto string = json::parse(quoted);
  if (!string || !string->is_string()) std::abort();
  return 0;
}
