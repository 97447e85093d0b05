#include "source/file_system.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>

#include <gtest/gtest.h>

#include "source/beneath.h"

namespace armarium::source {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

class FileSystemTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "armarium-source-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    fs::create_directories(folder_ / "root" / "deep");
    write("root/a.txt", "hello");
    write("root/deep/b.txt", "deep");
    write("outside.txt", "secret");
    fs::create_symlink("deep/b.txt", folder_ / "root" / "inside");
    fs::create_symlink(folder_ / "root" / "a.txt", folder_ / "root" / "absolute");
    fs::create_symlink("../outside.txt", folder_ / "root" / "leaves");
    fs::create_symlink(folder_ / "outside.txt", folder_ / "root" / "leaves-absolute");
    ::mkfifo((folder_ / "root" / "pipe").c_str(), 0600);
    auto opened = FileSystem::open_root(folder_ / "root");
    ASSERT_TRUE(opened);
    files_ = std::move(*opened);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string read(std::string_view path) {
    auto file = files_->open(path);
    if (!file) return base::name_of(file.error().code);
    std::string text((*file)->size(), ' ');
    auto done = (*file)->read(0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    return done ? text : base::name_of(done.error().code);
  }

  fs::path folder_;
  std::unique_ptr<FileSystem> files_;
};

TEST_F(FileSystemTest, ReadsFilesAndLinksInside) {
  EXPECT_EQ(read("a.txt"), "hello");
  EXPECT_EQ(read("deep/b.txt"), "deep");
  EXPECT_EQ(read("deep/../a.txt"), "hello");
  EXPECT_EQ(read("inside"), "deep");
  EXPECT_EQ(read("absolute"), "hello");
}

TEST_F(FileSystemTest, NothingLeavesTheRoot) {
  for (const char* path : {"../outside.txt", "deep/../../outside.txt", "leaves", "leaves-absolute", "/etc/passwd"}) {
    EXPECT_EQ(read(path), "forbidden") << path;
    EXPECT_FALSE(files_->version(path)) << path;
    EXPECT_FALSE(open_and_check(files_->root_descriptor(), path, O_RDONLY)) << path;
  }
}

TEST_F(FileSystemTest, OnlyRegularFilesThatAreThere) {
  for (const std::string_view path :
       {std::string_view("none"), std::string_view("a.txt/x"), std::string_view("deep"), std::string_view("pipe"),
        std::string_view(""), std::string_view("a.txt\0x", 7)}) {
    EXPECT_EQ(read(path), "not_found") << path;
  }
  EXPECT_FALSE(FileSystem::open_root(folder_ / "none"));
}

TEST_F(FileSystemTest, WorksWithoutOpenat2) {
  auto file = open_and_check(files_->root_descriptor(), "inside", O_RDONLY);
  ASSERT_TRUE(file);
  char text[4];
  EXPECT_EQ(::read(file->get(), text, 4), 4);
  EXPECT_EQ(std::string(text, 4), "deep");
}

TEST_F(FileSystemTest, VersionFollowsTheFile) {
  const auto first = files_->version("a.txt");
  ASSERT_TRUE(first);
  EXPECT_EQ((*files_->open("a.txt"))->version(), *first);
  EXPECT_EQ(*files_->version("a.txt"), *first);
  write("root/a.txt", "hello again");
  EXPECT_NE(files_->version("a.txt")->token, first->token);
  // An open file goes on being the old one when another takes its name.
  auto old = files_->open("a.txt");
  ASSERT_TRUE(old);
  write("root/new.txt", "other");
  fs::rename(folder_ / "root/new.txt", folder_ / "root/a.txt");
  EXPECT_NE(*files_->version("a.txt"), (*old)->version());
}

TEST_F(FileSystemTest, ATruncatedFileIsAnError) {
  auto file = files_->open("a.txt");
  ASSERT_TRUE(file);
  base::Bytes bytes(6);
  EXPECT_EQ((*file)->read(0, bytes).error().code, ErrorCode::corrupt);
  fs::resize_file(folder_ / "root/a.txt", 2);
  bytes.resize(5);
  EXPECT_EQ((*file)->read(0, bytes).error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace armarium::source
