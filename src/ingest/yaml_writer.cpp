#include "ingest/yaml_writer.h"

#include <algorithm>
#include <array>

namespace armarium::ingest {
namespace {

bool is_letter(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || byte >= 0x80U;
}

// Text that no reader of YAML takes for anything else.
bool is_plain(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 9> kWords{"null", "true", "false", "yes", "no", "on", "off", "y", "n"};
  if (text.empty() || text.size() > 500 || !is_letter(text.front()) || text.back() == ' ' || text.back() == ':')
    return false;
  std::string small(text.substr(0, 6));
  std::transform(small.begin(), small.end(), small.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (text.size() < 6 && std::find(kWords.begin(), kWords.end(), small) != kWords.end()) return false;
  constexpr std::string_view kSigns = " ._-/()+=~%;?@'<>,!&*";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool digit = c >= '0' && c <= '9';
    const bool address = c == ':' && text[i + 1] != ' ';  // the last one is none, see above
    if (!is_letter(c) && !digit && !address && kSigns.find(c) == std::string_view::npos) return false;
    // Line ends of Unicode, which some readers take for line ends.
    if (text.substr(i).starts_with("\xC2\x85") || text.substr(i).starts_with("\xE2\x80\xA8") ||
        text.substr(i).starts_with("\xE2\x80\xA9"))
      return false;
  }
  return true;
}

void write_text(std::string_view text, std::string& out) {
  if (is_plain(text)) {
    out += text;
  } else {
    json::append_string(out, text);  // a JSON string is one of YAML
  }
}

bool is_leaf(const json::Value& value) {
  const json::Array* array = value.if_array();
  const json::Object* object = value.if_object();
  return (array == nullptr || array->empty()) && (object == nullptr || object->empty());
}

void write(const json::Value& value, std::size_t indent, std::string& out);

void write_leaf(const json::Value& value, std::string& out) {
  if (value.is_string()) {
    write_text(std::string_view(value.get_string()), out);
  } else {
    out += json::to_text(value);
  }
  out += '\n';
}

void write_members(const json::Object& object, std::size_t indent, bool first_is_here, std::string& out) {
  for (const auto& member : object) {
    if (!first_is_here) out.append(indent, ' ');
    first_is_here = false;
    write_text(member.key(), out);
    out += ':';
    if (is_leaf(member.value())) {
      out += ' ';
      write_leaf(member.value(), out);
    } else {
      out += '\n';
      write(member.value(), indent + 2, out);
    }
  }
}

void write(const json::Value& value, std::size_t indent, std::string& out) {
  if (const json::Object* object = value.if_object(); object != nullptr && !object->empty())
    return write_members(*object, indent, false, out);
  const json::Array* array = value.if_array();
  if (array == nullptr || array->empty()) return write_leaf(value, out);
  for (const json::Value& item : *array) {
    out.append(indent, ' ');
    out += "- ";
    const json::Object* object = item.if_object();
    if (object != nullptr && !object->empty()) {
      write_members(*object, indent + 2, true, out);
    } else if (is_leaf(item)) {
      write_leaf(item, out);
    } else {
      out += '\n';
      write(item, indent + 2, out);
    }
  }
}

}  // namespace

std::string to_yaml(const json::Value& value) {
  std::string out;
  write(value, 0, out);
  return out;
}

}  // namespace armarium::ingest
