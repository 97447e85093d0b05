#include "annotation/states.h"

#include <stdlib.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "store/sqlite/sqlite_store.h"

namespace armarium::annotation {
namespace {

TEST(States, MoveWithTheServer) {
  std::string folder = (std::filesystem::temp_directory_path() / "armarium-states-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  {
    auto store = store::open_sqlite(std::filesystem::path(folder) / "store.sqlite");
    ASSERT_TRUE(store);
    States states(**store);
    const auto targets = iiif::content_state::read_plain(
        R"([{"id":"https://one/iiif/canvas/a#xywh=1,2,3,4","type":"Canvas","partOf":"https://one/iiif/a/manifest"},)"
        R"({"id":"https://elsewhere/m","type":"Manifest"}])");
    ASSERT_TRUE(targets);
    const auto id = states.keep(*targets, "ada", "https://one");
    ASSERT_TRUE(id);
    EXPECT_EQ(*states.keep(*targets, "ada", "https://one"), *id);
    EXPECT_NE(*states.keep(*targets, "bob", "https://one"), *id);
    EXPECT_EQ(states.find(*id, "https://one")->targets, *targets);
    const auto moved = states.find(*id, "https://two/library");
    EXPECT_EQ(moved->targets[0].id, "https://two/library/iiif/canvas/a");
    EXPECT_EQ(moved->targets[0].manifest, "https://two/library/iiif/a/manifest");
    EXPECT_EQ(moved->targets[1].id, "https://elsewhere/m");
    EXPECT_EQ(moved->who, "ada");
    ASSERT_TRUE(states.remove(*id));
    EXPECT_EQ(states.find(*id, "https://one").error().code, base::ErrorCode::not_found);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace armarium::annotation
