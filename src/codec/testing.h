#pragma once
// For the unit tests of this folder only: pictures that are made up, a source that counts what is read of it, shorthands that fail the
// test instead of returning errors, and the files of the shared test data when they are there.

#include <atomic>
#include <string>

#include "codec/encoder.h"
#include "codec/picture.h"
#include "image/planes.h"

namespace armarium::codec::testing {

// A smooth picture in which every pixel differs from its distant neighbours: a slip of position shows.
image::Pixels gradient(image::Size size, image::PixelFormat format);
// Largest and mean difference of two pictures of the same size and format.
struct Difference {
  int largest = 0;
  double mean = 0;
};
Difference difference(const image::Pixels& a, const image::Pixels& b);
// The same, of `part` and the area of `whole` that it shows.
Difference difference(const image::Pixels& whole, image::Rect area, const image::Pixels& part);

// Planes as RGB, chroma brought to full size by the resampler.
image::Pixels shown(const image::Planes& planes);

base::Bytes encoded(Format format, const image::Pixels& pixels, const EncodeOptions& options = {});

std::shared_ptr<const Picture> opened(const base::ByteSource& file, const Limits& limits = {});
// The pixels that a request yields, area and all.
struct Reading {
  Plan plan;
  image::Pixels pixels;
};
Reading read(const Picture& picture, const base::ByteSource& file, const Request& request);
Reading read_all(const Picture& picture, const base::ByteSource& file, std::uint32_t page = 0);

// Counts the bytes that are read, to see that a tile does not read its whole file.
class CountingSource final : public base::ByteSource {
 public:
  explicit CountingSource(base::Bytes bytes) : inner_(std::move(bytes)) {}
  std::uint64_t size() const override { return inner_.size(); }
  const base::Version& version() const override { return inner_.version(); }
  base::Result<> read(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    count_ += out.size();
    return inner_.read(offset, out);
  }
  std::uint64_t count() const { return count_; }
  void reset() { count_ = 0; }

 private:
  base::MemorySource inner_;
  mutable std::atomic<std::uint64_t> count_ = 0;
};

// Files below the shared test data (ARMARIUM_TEST_DATA, else ../shared/data beside the repository), sorted; empty when there is none.
std::vector<std::string> data_files(const std::string& folder);
base::Bytes data_file(const std::string& path);

}  // namespace armarium::codec::testing
