#include "base/uri.h"

#include <gtest/gtest.h>

namespace armarium::base {
namespace {

TEST(Uri, DecodesOnceAndStrictly) {
  EXPECT_EQ(percent_decode("a%2Fb"), "a/b");
  EXPECT_EQ(percent_decode("x%253Cy"), "x%3Cy");
  EXPECT_EQ(percent_decode("a+b"), "a+b");
  EXPECT_EQ(percent_decode("50%"), std::nullopt);
  EXPECT_EQ(percent_decode("%zz"), std::nullopt);
  EXPECT_EQ(percent_decode("%00"), std::nullopt);
}

TEST(Uri, EncodesWhatIsNotPlain) {
  EXPECT_EQ(encode_segment("maps~K\xC3\xB6ln 1=7E"), "maps~K%C3%B6ln%201=7E");
  EXPECT_EQ(encode_segment("a/b?c#d[e]@f%"), "a%2Fb%3Fc%23d%5Be%5D%40f%25");
}

TEST(Uri, FindsQueryValues) {
  EXPECT_EQ(query_value("q=a+b&lang=de", "q"), "a b");
  EXPECT_EQ(query_value("q=a+b&lang=de", "lang"), "de");
  EXPECT_EQ(query_value("q", "q"), "");
  EXPECT_EQ(query_value("q=1", "p"), std::nullopt);
}

}  // namespace
}  // namespace armarium::base
