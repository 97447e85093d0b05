#include "ingest/upload_record.h"

#include <sys/random.h>

#include <algorithm>
#include <array>

#include "json/json.h"

namespace armarium::ingest {
namespace {

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::size_t kIdLength = 26;

std::optional<std::uint64_t> number_of(const json::Object& object, std::string_view key) {
  const json::Value* value = object.if_contains(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_uint64()) return value->get_uint64();
  if (value->is_int64() && value->get_int64() >= 0) return static_cast<std::uint64_t>(value->get_int64());
  return std::nullopt;
}

}  // namespace

std::string to_text(const UploadRecord& record) {
  json::Object object;
  object["path"] = record.path;
  object["length"] = record.length;
  object["who"] = record.who;
  object["metadata"] = record.metadata;
  object["replaces"] = record.replaces;
  object["resumable"] = record.resumable;
  if (record.noted) object["noted"] = true;
  if (record.checked_to) object["checkedTo"] = *record.checked_to;
  return json::to_text(object);
}

std::optional<UploadRecord> read_upload_record(const std::string& text) {
  const auto value = json::parse(text, {.max_bytes = 1U << 20, .max_depth = 4});
  const json::Object* object = value ? value->if_object() : nullptr;
  if (object == nullptr) return std::nullopt;
  UploadRecord record;
  const auto length = number_of(*object, "length");
  record.path = json::text_of(*object, "path");
  if (!length || record.path.empty()) return std::nullopt;
  record.length = *length;
  record.who = json::text_of(*object, "who");
  record.metadata = json::text_of(*object, "metadata");
  record.replaces = json::text_of(*object, "replaces");
  record.checked_to = number_of(*object, "checkedTo");
  const json::Value* resumable = object->if_contains("resumable");
  record.resumable = resumable == nullptr || !resumable->is_bool() || resumable->get_bool();
  record.noted = object->contains("noted");
  return record;
}

std::string new_upload_id() {
  std::array<unsigned char, kIdLength> bytes{};
  // At most 256 bytes come whole (getrandom(2)).
  while (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
  }
  std::string id;
  for (const unsigned char byte : bytes) id += kLetters[byte % kLetters.size()];
  return id;
}

bool is_upload_id(std::string_view text) noexcept {
  return text.size() == kIdLength && text.find_first_not_of(kLetters) == std::string_view::npos;
}

}  // namespace armarium::ingest
