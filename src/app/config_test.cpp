#include "app/config.h"

#include <fstream>

#include <gtest/gtest.h>

namespace armarium::app {
namespace {

base::Result<Config> load(const SettingValues& line, const std::map<std::string, std::string>& environment = {},
                          const std::string& toml = {}) {
  std::filesystem::path file;
  if (!toml.empty()) {
    file = std::filesystem::temp_directory_path() / "armarium_config_test.toml";
    std::ofstream(file) << toml;
  }
  std::vector<std::string> names;
  names.reserve(environment.size());
  for (const auto& [name, value] : environment) names.push_back(name);
  return load_config(
      line,
      [&](const char* name) {
        const auto found = environment.find(name);
        return found == environment.end() ? nullptr : found->second.c_str();
      },
      names, file);
}

TEST(Config, CommandLineWinsOverEnvironmentOverFile) {
  const std::string file = "quality = 50\nio-threads = 3\nlisten = \"127.0.0.1:1\"\n";
  auto config =
      load({{"quality", {"70"}}}, {{"ARMARIUM_QUALITY", "60"}, {"ARMARIUM_IO_THREADS", "4"}, {"PATH", "/bin"}}, file);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->quality, 70);
  EXPECT_EQ(config->io_threads, 4U);
  EXPECT_EQ(config->listen_port, 1);
}

TEST(Config, AnUnknownKeyNamesTheNearest) {
  auto config = load({}, {}, "public-ulr = \"http://x\"\n");
  ASSERT_FALSE(config);
  EXPECT_NE(config.error().message.find("\"public-url\""), std::string::npos);
  EXPECT_FALSE(load({}, {{"ARMARIUM_LISTN", "x"}}));
}

TEST(Config, ReadsAddresses) {
  EXPECT_EQ(load({{"listen", {"[::1]:0"}}})->listen_address, "::1");
  EXPECT_FALSE(load({{"listen", {"127.0.0.1"}}}));
  EXPECT_FALSE(load({{"listen", {"127.0.0.1:70000"}}}));
  EXPECT_EQ(load({{"public-url", {"https://iiif.example.org/x/"}}})->public_url, "https://iiif.example.org/x");
  EXPECT_FALSE(load({{"public-url", {"iiif.example.org"}}}));
}

TEST(Config, ReservedSettingsSaySo) {
  EXPECT_TRUE(load({{"write-back", {"true"}}})->write_back);
  EXPECT_FALSE(load({{"tls-cert", {"a.pem"}}}));
}

TEST(Config, ADatabaseIsPostgresqlAndItsPasswordIsNotRepeated) {
  EXPECT_EQ(load({{"database", {"postgresql://me:s3cret@h/d"}}})->database, "postgresql://me:s3cret@h/d");
  for (const char* wrong : {"mysql://me:s3cret@h/d", "postgresql://me:s3cret/@h/d", "s3cret"}) {
    auto config = load({{"database", {wrong}}});
    ASSERT_FALSE(config) << wrong;
    EXPECT_EQ(config.error().message.find("s3cret"), std::string::npos) << config.error().message;
    EXPECT_NE(config.error().message.find("database"), std::string::npos);
  }
}

}  // namespace
}  // namespace armarium::app
