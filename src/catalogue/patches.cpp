#include "catalogue/patches.h"

#include <utility>

#include "json/merge_patch.h"

namespace armarium::catalogue {
namespace {

// A member of `second` is an object, and one of `first`, too.
void add(json::Object& first, json::Object& second, const json::Object& patch) {
  for (const auto& member : patch) {
    const auto key = member.key();
    json::Value* there = first.if_contains(key);
    if (!member.value().is_object() || there == nullptr) {
      first.insert_or_assign(key, member.value());
      if (second.contains(key)) second.stable_erase(key);
    } else if (json::Object* deeper = there->if_object()) {
      json::Object over;
      if (json::Value* known = second.if_contains(key)) over = std::move(known->get_object());
      add(*deeper, over, member.value().get_object());
      if (!over.empty()) {
        second.insert_or_assign(key, std::move(over));
      } else if (second.contains(key)) {
        second.stable_erase(key);
      }
    } else {  // gone, or no object: what is put there is new, whatever was below it
      const json::Value* known = second.if_contains(key);
      second.insert_or_assign(key, json::merge_patch(known == nullptr ? json::Value() : *known, member.value()));
    }
  }
}

}  // namespace

void add_patch(json::Array& layers, const json::Object& patch) {
  if (layers.empty()) {
    layers.emplace_back(patch);
    return;
  }
  json::Object second;
  if (layers.size() > 1) second = std::move(layers[1].get_object());
  layers.resize(1);
  add(layers.front().get_object(), second, patch);
  if (!second.empty()) layers.emplace_back(std::move(second));
}

json::Array folded(const json::Array& patches) {
  json::Array layers;
  for (const json::Value& patch : patches) {
    if (patch.is_object()) add_patch(layers, patch.get_object());
  }
  return layers;
}

}  // namespace armarium::catalogue
