#include "catalogue/patches.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "json/merge_patch.h"

namespace armarium::catalogue {
namespace {

json::Value parsed(std::string_view text) { return *json::parse(text); }

json::Value under(json::Value document, const json::Array& patches) {
  for (const json::Value& patch : patches) document = json::merge_patch(document, patch);
  return document;
}

json::Value anything(std::mt19937& random, int depth) {
  const auto choice = random() % 8;
  if (choice < 2) return nullptr;
  if (choice < 4 || depth == 0) return static_cast<int>(random() % 3);
  if (choice == 4) return json::Array{1, nullptr};
  json::Object object;
  for (unsigned i = 0, most = random() % 4; i < most; ++i)
    object[std::string(1, static_cast<char>('a' + random() % 3))] = anything(random, depth - 1);
  return object;
}

json::Object object_of(std::mt19937& random, int depth) {
  for (;;) {
    json::Value value = anything(random, depth);
    if (value.is_object()) return std::move(value.get_object());
  }
}

TEST(Patches, OneIsEnoughWhereNothingComesBack) {
  EXPECT_EQ(
      json::to_text(folded(parsed(R"([{"label":{"en":["A"]}},{"label":{"de":["B"]},"rights":null}])").get_array())),
      R"([{"label":{"en":["A"],"de":["B"]},"rights":null}])");
}

TEST(Patches, WhatGoesAndComesBackTakesTwo) {
  const json::Array patches =
      parsed(R"([{"summary":null},{"summary":{"en":["A"]}},{"summary":{"de":["B"]}}])").get_array();
  EXPECT_EQ(json::to_text(folded(patches)), R"([{"summary":null},{"summary":{"en":["A"],"de":["B"]}}])");
}

TEST(Patches, TwoDoWhatAnyNumberDoes) {
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    json::Array patches;
    json::Array layers;
    for (unsigned i = 0, most = random() % 7; i < most; ++i) {
      json::Object patch = object_of(random, 3);
      add_patch(layers, patch);
      patches.emplace_back(std::move(patch));
    }
    ASSERT_LE(layers.size(), 2U);
    const json::Value document = object_of(random, 3);
    ASSERT_EQ(under(document, layers), under(document, patches)) << json::to_text(document) << json::to_text(patches);
    ASSERT_EQ(folded(patches), layers);
  }
}

}  // namespace
}  // namespace armarium::catalogue
