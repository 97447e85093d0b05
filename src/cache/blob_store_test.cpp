#include "cache/blob_store.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace armarium::cache {
namespace {

namespace fs = std::filesystem;

class BlobStoreTest : public ::testing::Test {
 protected:
  BlobStoreTest() {
    char name[] = "/tmp/armarium-blobs-XXXXXX";
    folder_ = fs::path(::mkdtemp(name));
  }
  ~BlobStoreTest() override { fs::remove_all(folder_); }
  std::unique_ptr<BlobStore> open(std::uint64_t max_bytes = 1000) const {
    return std::move(*BlobStore::open(folder_ / "blobs", max_bytes));
  }
  static void put(BlobStore& store, const std::string& key, std::string_view text) {
    auto writer = store.write(key);
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*writer)->append(base::as_bytes(text)));
    ASSERT_TRUE((*writer)->commit());
  }
  std::string text_of(const std::string& key) const {
    std::ifstream in(folder_ / "blobs" / BlobStore::path_of(key), std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }
  std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) count += entry.is_regular_file() ? 1 : 0;
    return count;
  }
  fs::path folder_;
};

TEST_F(BlobStoreTest, KeepsWhatIsCommittedAndNothingElse) {
  {
    const auto store = open();
    put(*store, "abcdef", "content");
    auto writer = store->write("abcxyz");
    ASSERT_TRUE((*writer)->append(base::as_bytes("half")));
    ASSERT_TRUE((*writer)->patch(1, base::as_bytes("A")));
    EXPECT_FALSE(store->has("abcxyz"));
    writer->reset();
    EXPECT_EQ(files(), 1U);
  }
  std::ofstream(folder_ / "blobs" / "ab" / "killed.7.new") << "left over";
  const auto store = open();
  EXPECT_EQ(files(), 1U);
  EXPECT_TRUE(store->has("abcdef"));
  EXPECT_EQ(text_of("abcdef"), "content");
  EXPECT_EQ(store->bytes(), 7U);
}

TEST_F(BlobStoreTest, TheLeastUsedGoesFirst) {
  const auto store = open(100);
  put(*store, "aaa1", std::string(40, 'a'));
  put(*store, "bbb2", std::string(40, 'b'));
  EXPECT_TRUE(store->has("aaa1"));
  put(*store, "ccc3", std::string(40, 'c'));
  EXPECT_FALSE(store->has("bbb2"));
  EXPECT_TRUE(store->has("aaa1"));
  EXPECT_TRUE(store->has("ccc3"));
  EXPECT_EQ(store->count(), 2U);
  EXPECT_EQ(files(), 2U);
  auto large = store->write("ddd4");
  EXPECT_TRUE((*large)->append(base::as_bytes(std::string(50, 'd'))));
  EXPECT_EQ((*large)->append(base::as_bytes("d")).error().code, base::ErrorCode::resource_limit);
  large->reset();
  EXPECT_EQ(store->count(), 2U) << "one that is too large pushes nothing out";
  EXPECT_EQ(files(), 2U);
}

TEST_F(BlobStoreTest, TheOrderOfUseOutlivesTheProcess) {
  {
    const auto store = open(100);
    put(*store, "aaa1", std::string(40, 'a'));
    put(*store, "bbb2", std::string(40, 'b'));
  }
  const timespec old[2] = {{1'000'000, 0}, {0, UTIME_OMIT}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (folder_ / "blobs/aa/a1").c_str(), old, 0), 0);
  const timespec older[2] = {{900'000, 0}, {0, UTIME_OMIT}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (folder_ / "blobs/bb/b2").c_str(), older, 0), 0);
  {
    const auto store = open(100);
    EXPECT_TRUE(store->has("bbb2"));  // now the last used
  }
  const auto store = open(50);
  EXPECT_TRUE(store->has("bbb2"));
  EXPECT_FALSE(store->has("aaa1"));
}

TEST_F(BlobStoreTest, ReplacingAKeyCountsOnce) {
  const auto store = open();
  put(*store, "aaa1", std::string(40, 'a'));
  put(*store, "aaa1", std::string(30, 'b'));
  EXPECT_EQ(store->bytes(), 30U);
  EXPECT_EQ(text_of("aaa1"), std::string(30, 'b'));
  store->remove("aaa1");
  EXPECT_EQ(store->bytes(), 0U);
  EXPECT_EQ(files(), 0U);
}

}  // namespace
}  // namespace armarium::cache
