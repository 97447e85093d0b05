#include "base/spliced_source.h"

#include <gtest/gtest.h>

namespace armarium::base {
namespace {

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

SplicedSource example() {
  return {std::make_shared<MemorySource>(bytes_of("0123456789")),
          {{{0, 2}, {}}, {{}, bytes_of("abc")}, {{4, 0}, {}}, {{5, 4}, {}}},
          "bare"};
}

TEST(SplicedSource, EveryReadIsACutOfTheWhole) {
  const SplicedSource source = example();
  const std::string whole = "01abc5678";
  ASSERT_EQ(source.size(), whole.size());
  for (std::size_t from = 0; from <= whole.size(); ++from) {
    for (std::size_t length = 0; from + length <= whole.size(); ++length) {
      Bytes out(length);
      ASSERT_TRUE(source.read(from, out)) << from << " " << length;
      EXPECT_EQ(as_text(out), whole.substr(from, length));
    }
  }
}

TEST(SplicedSource, PastTheEndIsAnError) {
  const SplicedSource source = example();
  Bytes out(3);
  EXPECT_FALSE(source.read(7, out));
  EXPECT_FALSE(source.read(UINT64_MAX, out));
}

TEST(SplicedSource, ItsVersionIsItsOwn) { EXPECT_EQ(example().version().token, "memory/bare"); }

}  // namespace
}  // namespace armarium::base
