#pragma once
// A source in memory for the tests of this folder, which counts what is asked of it. Thread-safe but for put().

#include <atomic>
#include <map>
#include <string>

#include "source/source.h"

namespace armarium::pipeline::testing {

class TestSource final : public source::Source {
 public:
  void put(const std::string& path, base::Bytes bytes) {
    const std::string version = std::to_string(++last_version_);
    files_[path] = std::make_shared<File>(std::move(bytes), version, reads_);
  }
  void remove(const std::string& path) { files_.erase(path); }

  base::Result<std::shared_ptr<const base::ByteSource>> open(std::string_view path) const override {
    ++opens;
    const auto found = files_.find(std::string(path));
    if (found == files_.end()) return base::fail(base::ErrorCode::not_found, "There is no such file.");
    return found->second;
  }
  base::Result<base::Version> version(std::string_view path) const override {
    ++looks;
    const auto found = files_.find(std::string(path));
    if (found == files_.end()) return base::fail(base::ErrorCode::not_found, "There is no such file.");
    return found->second->version();
  }
  std::uint64_t bytes_read() const { return reads_; }

  mutable std::atomic<int> opens = 0;
  mutable std::atomic<int> looks = 0;

 private:
  class File final : public base::ByteSource {
   public:
    File(base::Bytes bytes, std::string version, std::atomic<std::uint64_t>& reads)
        : memory_(std::move(bytes)), version_{std::move(version)}, reads_(reads) {}
    std::uint64_t size() const override { return memory_.size(); }
    const base::Version& version() const override { return version_; }
    base::Result<> read(std::uint64_t offset, std::span<std::uint8_t> out) const override {
      reads_ += out.size();
      return memory_.read(offset, out);
    }

   private:
    base::MemorySource memory_;
    base::Version version_;
    std::atomic<std::uint64_t>& reads_;
  };

  std::map<std::string, std::shared_ptr<File>> files_;
  int last_version_ = 0;
  mutable std::atomic<std::uint64_t> reads_ = 0;
};

}  // namespace armarium::pipeline::testing
