// Every file of the shared test data of a format that is read in process: nothing crashes, nothing goes over its limits, what is sound opens.

#include <gtest/gtest.h>

#include "codec/testing.h"

namespace armarium::codec {
namespace {

Limits small_limits() {
  Limits limits;
  limits.max_decode_bytes = std::uint64_t{512} << 20;
  return limits;
}

// Opens, reads a thumbnail and a region in the middle of each page (of the first ten). False with a reason when something failed.
::testing::AssertionResult walk(const base::ByteSource& file) {
  auto picture = Picture::open(file, small_limits());
  if (!picture) return ::testing::AssertionFailure() << picture.error().message << " " << picture.error().detail;
  for (std::uint32_t page = 0; page < std::min<std::uint32_t>(10, (*picture)->page_count()); ++page) {
    const image::Size size = (*picture)->size(page);
    const image::Rect middle{size.width / 3, size.height / 3, std::min(200U, size.width - size.width / 3),
                             std::min(200U, size.height - size.height / 3)};
    const image::Size thumbnail{std::min(100U, size.width), std::min(100U, size.height)};
    for (const Request& request :
         {Request{page, image::Rect::of(size), thumbnail}, Request{page, middle, middle.size()}}) {
      auto plan = (*picture)->plan(request);
      if (!plan) return ::testing::AssertionFailure() << "plan: " << plan.error().message << " " << plan.error().detail;
      auto pixels = (*picture)->read(*plan, file, {});
      if (!pixels)
        return ::testing::AssertionFailure() << "read: " << pixels.error().message << " " << pixels.error().detail;
      const bool swapped = (*picture)->page(page).orientation >= 5;
      const image::Size area = plan->area.size();
      if (pixels->size() != (swapped ? image::Size{area.height, area.width} : area))
        return ::testing::AssertionFailure() << "wrong size";
      if (pixels->format() != (*picture)->page(page).pixels) return ::testing::AssertionFailure() << "wrong format";
    }
  }
  return ::testing::AssertionSuccess();
}

bool ours(const base::Bytes& bytes) {
  const Format format = sniff(base::ByteView(bytes).first(std::min(bytes.size(), kSniffBytes)));
  if (decoder_for(format) == nullptr) return false;
  return format == Format::jpeg || format == Format::png || format == Format::tiff || format == Format::webp ||
         format == Format::gif;
}

TEST(RealFiles, SoundOnesOpen) {
  const std::vector<std::string> files = testing::data_files("images");
  if (files.empty()) GTEST_SKIP() << "no shared test data";
  for (const std::string& path : files) {
    const base::Bytes bytes = testing::data_file(path);
    if (!ours(bytes) || path.find("/limits/") != std::string::npos) continue;
    EXPECT_TRUE(walk(base::MemorySource(bytes))) << path;
  }
}

TEST(RealFiles, DamagedOnesCostOnlyThemselves) {
  const std::vector<std::string> files = testing::data_files("malformed");
  if (files.empty()) GTEST_SKIP() << "no shared test data";
  int opened = 0;
  int refused = 0;
  for (const std::string& path : files) {
    const base::Bytes bytes = testing::data_file(path);
    if (!ours(bytes)) continue;
    (walk(base::MemorySource(bytes)) ? opened : refused)++;
  }
  EXPECT_GT(opened + refused, 0);
  RecordProperty("opened", opened);
  RecordProperty("refused", refused);
}

}  // namespace
}  // namespace armarium::codec
