#include <algorithm>

#include "http/exchange.h"
#include "http/text.h"

namespace armarium::http {

void Headers::set(std::string_view name, std::string value) {
  for (auto field = fields_.begin(); field != fields_.end(); ++field) {
    if (!same_text(field->first, name)) continue;
    field->second = std::move(value);
    fields_.erase(
        std::remove_if(field + 1, fields_.end(), [&](const auto& other) { return same_text(other.first, name); }),
        fields_.end());
    return;
  }
  add(std::string(name), std::move(value));
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_, [&](const auto& field) { return same_text(field.first, name); });
}

std::string_view Headers::get(std::string_view name) const noexcept {
  for (const auto& [key, value] : fields_) {
    if (same_text(key, name)) return value;
  }
  return {};
}

bool Headers::has(std::string_view name) const noexcept {
  return std::any_of(fields_.begin(), fields_.end(), [&](const auto& field) { return same_text(field.first, name); });
}

std::string Headers::joined(std::string_view name) const {
  std::string out;
  for (const auto& [key, value] : fields_) {
    if (!same_text(key, name)) continue;
    if (!out.empty()) out += ", ";
    out += value;
  }
  return out;
}

void Headers::merge(std::string_view name, std::string_view token) {
  std::string all = joined(name);
  for (const auto part : split_list(all)) {
    if (same_text(part, token)) return;
  }
  if (!all.empty()) all += ", ";
  set(name, all.append(token));
}

}  // namespace armarium::http
