#include "json/merge_patch.h"

namespace armarium::json {
namespace {

// Deeper than any document that is taken.
constexpr int kDeepest = 128;

Value merge(const Value& document, const Value& patch, int depth) {
  const Object* changes = patch.if_object();
  if (changes == nullptr || depth > kDeepest) return patch;
  const Object* before = document.if_object();
  Object out = before == nullptr ? Object() : *before;
  for (const auto& change : *changes) {
    if (change.value().is_null()) {
      if (out.contains(change.key())) out.stable_erase(change.key());
      continue;
    }
    const Value* old = out.if_contains(change.key());
    Value merged = merge(old == nullptr ? Value() : *old, change.value(), depth + 1);
    out.insert_or_assign(change.key(), std::move(merged));
  }
  return out;
}

}  // namespace

Value merge_patch(const Value& document, const Value& patch) { return merge(document, patch, 0); }

}  // namespace armarium::json
