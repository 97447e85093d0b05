#include "http/router.h"

#include <gtest/gtest.h>

namespace armarium::http {
namespace {

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    add("GET", "/", "home");
    add("GET", "/iiif/image/3/{id}", "image-base");
    add("GET", "/iiif/image/3/{id}/info.json", "info");
    add("GET", "/iiif/image/3/{id}/{region}/{size}/{rotation}/{file}", "image");
    add("GET", "/iiif/{id}/manifest", "manifest");
    add("GET", "/iiif/collection", "top");
    add("GET,POST", "/iiif/annotations/{container}/", "container");
    add("DELETE", "/iiif/annotations/{other}/", "container-delete");
    add("GET", "/media/{id}/{name*}", "media");
    add("GET,POST", "/{path*}", "site");
  }
  void add(const std::string& methods, const std::string& pattern, const std::string& name) {
    router_.add(methods, pattern, name, [](const ExchangePtr&, const Parameters&) {});
  }
  std::string name(std::string_view path, std::string_view method = "GET") const {
    return std::string(router_.match(method, path).name);
  }
  Router router_;
};

TEST_F(RouterTest, FindsTheMostSpecificRoute) {
  EXPECT_EQ(name("/"), "home");
  EXPECT_EQ(name("/iiif/image/3/x"), "image-base");
  EXPECT_EQ(name("/iiif/image/3/x/info.json"), "info");
  EXPECT_EQ(name("/iiif/image/3/x/full/max/0/default.jpg"), "image");
  EXPECT_EQ(name("/iiif/collection"), "top");
  EXPECT_EQ(name("/iiif/image/manifest"), "manifest");
  EXPECT_EQ(name("/iiif/image/3//info.json"), "site") << "a name is never empty";
  EXPECT_EQ(name("/iiif/image/3/x/"), "site") << "a slash at the end is another address";
  EXPECT_EQ(name("/style.css"), "site");
}

TEST_F(RouterTest, DecodesOnceAfterSplitting) {
  const auto match = router_.match("GET", "/iiif/image/3/a%2Fb%253C%20/info.json");
  ASSERT_NE(match.handler, nullptr);
  EXPECT_EQ(match.parameters.get("id"), "a/b%3C ");
  EXPECT_EQ(match.parameters.get("nothing"), "");
  EXPECT_EQ(name("/iiif/im%61ge/3/x/info.json"), "info");
}

TEST_F(RouterTest, SaysWhenASegmentDoesNotDecode) {
  const auto match = router_.match("GET", "/iiif/image/3/50%/info.json");
  EXPECT_EQ(match.name, "info");
  EXPECT_TRUE(match.bad_encoding);
  EXPECT_TRUE(router_.match("GET", "/iiif/image/3/a%00b/info.json").bad_encoding);
}

TEST_F(RouterTest, TheRestStaysRaw) {
  EXPECT_EQ(router_.match("GET", "/media/x/a%2Fb/c.bin").parameters.get("name"), "a%2Fb/c.bin");
  EXPECT_EQ(router_.match("GET", "/media/x/").parameters.get("name"), "");
  EXPECT_EQ(name("/media/x"), "site");
}

TEST_F(RouterTest, KnowsMethods) {
  EXPECT_NE(router_.match("HEAD", "/iiif/collection").handler, nullptr);
  const auto wrong = router_.match("PUT", "/iiif/annotations/c/");
  EXPECT_EQ(wrong.handler, nullptr);
  EXPECT_EQ(wrong.allow, "GET, HEAD, POST, DELETE, OPTIONS");
  EXPECT_EQ(router_.match("POST", "/iiif/collection").handler, nullptr)
      << "the catch-all does not answer for a known address";
  const auto removed = router_.match("DELETE", "/iiif/annotations/c/");
  ASSERT_NE(removed.handler, nullptr);
  EXPECT_EQ(removed.parameters.get("other"), "c");
  EXPECT_EQ(removed.name, "container-delete");
}

TEST(Router, NothingMatchesNothing) {
  const Router router;
  const auto match = router.match("GET", "/x");
  EXPECT_EQ(match.handler, nullptr);
  EXPECT_EQ(match.name, "none");
  EXPECT_TRUE(match.allow.empty());
}

}  // namespace
}  // namespace armarium::http
