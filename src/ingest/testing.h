#pragma once
// Folders and tiny pictures for tests.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace armarium::ingest::testing {

// A folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  // Creates the folders on the way.
  void write(std::string_view name, std::string_view content) const;
  void picture(std::string_view name, std::uint32_t width = 4, std::uint32_t height = 3) const;
  void remove(std::string_view name) const;
  void rename(std::string_view from, std::string_view to) const;

 private:
  std::filesystem::path path_;
};

// A grey PNG, correct to its last byte.
std::string tiny_png(std::uint32_t width, std::uint32_t height);

}  // namespace armarium::ingest::testing
