#pragma once
// Pyramids made of sources that are slow by nature (plain JPEG and PNG, striped TIFF, JPEG 2000), kept on disk within a budget and served in their place. One thread of low priority makes them, one after
// the other, from bands of rows, so that memory does not grow with the picture. A derivative belongs to one version of one page and is never purged: it is found by what it was made from, and the least used
// goes first. Thread-safe; `find` and `covers` never block.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "cache/blob_store.h"
#include "pipeline/derivative_maker.h"
#include "pipeline/opened_pictures.h"
#include "source/file_system.h"

namespace armarium::pipeline {

struct DerivativeOptions {
  std::filesystem::path folder;  // empty: none are made
  std::uint64_t max_bytes = 0;
  DerivativeRecipe recipe{};
};

class Derivatives {
 public:
  // io when the folder cannot be used.
  // `sources` are where the originals are opened; they must outlive this.
  static base::Result<std::unique_ptr<Derivatives>> open(const DerivativeOptions& options, const codec::Limits& limits,
                                                         OpenedPictures& sources);
  ~Derivatives();
  Derivatives(const Derivatives&) = delete;
  Derivatives& operator=(const Derivatives&) = delete;

  // Which derivative stands for a page; also a part of ETags.
  std::string key_of(const std::string& path, std::uint32_t page, const std::string& version) const;
  bool covers(const std::string& key);
  // The opened derivative, from memory; null when it has to be opened first.
  OpenedPicturePtr find(const std::string& key);
  // Null when there is none, or it cannot be read (then it is forgotten).
  OpenedPicturePtr get(const std::string& key, const base::CancelToken& cancel);

  // Has it made when there is time, where the picture gains by it; at once forgotten where it is there, queued, or failed before.
  void want(const std::string& path, std::uint32_t page, const OpenedPicture& source);
  // Removes it, and has none made that is on its way.
  void forget(const std::string& path, std::uint32_t page, const std::string& version);
  // Whether a derivative would make this page faster.
  static bool gains(const codec::Picture& picture, std::uint32_t page);

  struct Status {
    std::size_t count = 0;
    std::uint64_t bytes = 0;
    std::size_t waiting = 0;
  };
  Status status() const;

 private:
  // Holds no file: thousands may wait.
  struct Job {
    std::string key;
    std::string path;
    std::uint32_t page = 0;
    std::string version;
  };
  Derivatives(std::unique_ptr<cache::BlobStore> blobs, std::unique_ptr<source::FileSystem> files,
              const codec::Limits& limits, DerivativeRecipe recipe, OpenedPictures& sources);
  void run();
  base::Result<> make(const Job& job);

  const DerivativeRecipe recipe_;
  std::unique_ptr<cache::BlobStore> blobs_;
  std::unique_ptr<source::FileSystem> files_;
  OpenedPictures& sources_;
  OpenedPictures pictures_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  std::set<std::string, std::less<>> known_;      // queued, under way, or failed
  std::set<std::string, std::less<>> forgotten_;  // not to be kept when they are done
  base::CancelToken ending_;
  std::thread thread_;
};

// In a folder that no server holds: whatever was made of a page.
void remove_derivative(const std::filesystem::path& folder, const std::string& path, std::uint32_t page,
                       const std::string& version);

}  // namespace armarium::pipeline
