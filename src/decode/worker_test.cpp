// Starts the real armarium-decode.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include <gtest/gtest.h>

#include "codec/picture.h"
#include "codec/worker.h"
#include "codec/worker_process.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using image::Rect;
using image::Size;
using std::chrono::milliseconds;

WorkerOptions options(milliseconds timeout = milliseconds(20'000)) {
  WorkerOptions options;
  options.program = ARMARIUM_DECODE_PROGRAM;
  options.job_timeout = timeout;
  return options;
}

// A file on disk by its descriptor, as the server gives it.
class FileSource final : public base::ByteSource {
 public:
  explicit FileSource(const std::string& path) : file_(open(path.c_str(), O_RDONLY | O_CLOEXEC)), version_{path} {
    struct stat status {};
    fstat(file_.get(), &status);
    size_ = static_cast<std::uint64_t>(status.st_size);
  }
  std::uint64_t size() const override { return size_; }
  const base::Version& version() const override { return version_; }
  base::Result<> read(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    return worker::read_all(file_.get(), offset, out);
  }
  std::optional<int> descriptor() const override { return file_.get(); }

 private:
  worker::Descriptor file_;
  base::Version version_;
  std::uint64_t size_ = 0;
};

std::vector<std::string> files_below(const std::string& folder) {
  const char* root = std::getenv("ARMARIUM_TEST_DATA");
  const std::filesystem::path path = std::filesystem::path(root != nullptr ? root : "../shared/data") / folder;
  std::vector<std::string> files;
  std::error_code error;
  for (auto at = std::filesystem::recursive_directory_iterator(path, error);
       !error && at != std::filesystem::recursive_directory_iterator(); at.increment(error)) {
    if (at->is_regular_file()) files.push_back(at->path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class WorkerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto registered = register_worker(options());
    ASSERT_TRUE(registered) << registered.error().detail;
  }
  void TearDown() override { unregister_worker(); }

  // A thumbnail and a region in the middle of the first and the last page.
  static base::Result<> walk(const base::ByteSource& file) {
    Limits limits;
    limits.max_decode_bytes = std::uint64_t{1} << 30;
    auto picture = Picture::open(file, limits);
    if (!picture) return base::fail(picture.error());
    for (const std::uint32_t page : {0U, (*picture)->page_count() - 1}) {
      const Size size = (*picture)->size(page);
      const Rect middle{size.width / 3, size.height / 3, std::min(200U, size.width - size.width / 3),
                        std::min(200U, size.height - size.height / 3)};
      for (const Request& request :
           {Request{page, Rect::of(size), {std::min(90U, size.width), std::min(90U, size.height)}},
            Request{page, middle, middle.size()}}) {
        auto plan = (*picture)->plan(request);
        if (!plan) return base::fail(plan.error());
        auto pixels = (*picture)->read(*plan, file, {});
        if (!pixels) return base::fail(pixels.error());
      }
    }
    return {};
  }
};

TEST(Worker, AMissingProgramIsSaid) {
  WorkerOptions missing;
  missing.program = "/nonexistent/armarium-decode";
  EXPECT_EQ(register_worker(missing).error().code, ErrorCode::not_found);
  EXPECT_EQ(worker_decoder(Format::avif), nullptr);
}

TEST(Worker, TheSandboxRefusesWhatItMust) {
  EXPECT_EQ(std::system((std::string(ARMARIUM_DECODE_PROGRAM) + " --self-test >/dev/null").c_str()), 0);
}

// What this machine's libraries cannot read either: said clearly, not a failure.
bool beyond_the_libraries(const std::string& path) {
  for (const char* name : {"pyramid_pymd.avif"}) {
    if (path.ends_with(name)) return true;
  }
  return false;
}

TEST_F(WorkerTest, SoundFilesOpen) {
  std::vector<std::string> files;
  for (const char* folder : {"images/avif", "images/avif_edge", "images/heif", "images/jxl", "pdf"}) {
    for (const std::string& path : files_below(folder)) files.push_back(path);
  }
  if (files.empty()) GTEST_SKIP() << "no shared test data";
  for (const std::string& path : files) {
    const auto walked = walk(FileSource(path));
    if (!walked && beyond_the_libraries(path)) {
      EXPECT_EQ(walked.error().message, "The file is damaged: heif: Invalid input: No 'meta' box (2.104).") << path;
    } else {
      EXPECT_TRUE(walked) << path << ": " << walked.error().message << " " << walked.error().detail;
    }
  }
}

TEST_F(WorkerTest, DamagedFilesCostOnlyThemselves) {
  std::vector<std::string> files;
  for (const char* folder : {"malformed/heif", "malformed/pdf", "malformed/misnamed"}) {
    for (const std::string& path : files_below(folder)) files.push_back(path);
  }
  if (files.empty()) GTEST_SKIP() << "no shared test data";
  for (const std::string& path : files) {
    const auto walked = walk(FileSource(path));
    EXPECT_TRUE(walked || walked.error().code != ErrorCode::internal) << path << ": " << walked.error().detail;
  }
}

// The whole and a region are the same pixels, on every level.
void expect_regions_agree(const base::ByteSource& file, int tolerance = 2) {
  const auto picture = Picture::open(file, {});
  ASSERT_TRUE(picture) << picture.error().detail;
  const Size size = (*picture)->size(0);
  const auto levels = (*picture)->levels(0);
  for (std::size_t level = 0; level < levels.size(); ++level) {
    const auto all = (*picture)->plan({0, Rect::of(size), levels[level].size});
    const std::uint32_t factor = 1U << level;
    const Rect region{size.width / 2 / factor * factor, size.height / 3 / factor * factor, factor * 16, factor * 16};
    if (!Rect::of(size).contains(region)) break;
    const auto part = (*picture)->plan({0, region, {16, 16}});
    ASSERT_TRUE(all && part);
    ASSERT_EQ(all->level, level);
    ASSERT_EQ(part->level, level);
    const auto whole = (*picture)->read(*all, file, {});
    const auto piece = (*picture)->read(*part, file, {});
    ASSERT_TRUE(whole) << whole.error().detail;
    ASSERT_TRUE(piece) << piece.error().detail;
    ASSERT_EQ(whole->size(), levels[level].size);
    int largest = 0;
    for (std::uint32_t y = 0; y < piece->height(); ++y) {
      const std::uint8_t* expected = whole->row(part->area.y + y) + part->area.x * whole->format().bytes_per_pixel();
      for (std::size_t i = 0; i < piece->stride(); ++i)
        largest = std::max(largest, std::abs(int{piece->row(y)[i]} - int{expected[i]}));
    }
    EXPECT_LE(largest, tolerance) << "level " << level;
  }
}

TEST_F(WorkerTest, RegionsAgreeWithTheWhole) {
  for (const char* path : {"examples/collection/photographs/fox.avif", "examples/collection/photographs/tuebingen.heic",
                           "examples/collection/formats/daisies.jxl", "examples/collection/photographs/husky.jph",
                           "examples/collection/print/national-tribune-1898/page-1.pdf"}) {
    SCOPED_TRACE(path);
    expect_regions_agree(FileSource(path));
  }
}

TEST_F(WorkerTest, RegionsOfHighThroughputAgreeWithTheWhole) {
  const auto files = files_below("images/htj2k");
  if (files.empty()) GTEST_SKIP() << "no shared test data";
  for (const std::string& path : files) {
    SCOPED_TRACE(path);
    expect_regions_agree(FileSource(path), 1);
  }
}

TEST_F(WorkerTest, ATruncatedJpeg2000GivesWhatIsThere) {
  std::ifstream in("examples/collection/print/berlinische-monatsschrift-1784/p484.jp2", std::ios::binary);
  base::Bytes bytes(std::istreambuf_iterator<char>(in), {});
  ASSERT_GT(bytes.size(), 1000U);
  const auto found = [](const base::MemorySource& file) {
    const auto picture = Picture::open(file, {}).value();
    const auto plan = picture->plan({0, Rect::of(picture->size(0)), picture->size(0)}).value();
    EXPECT_EQ(picture->index().found.load(), nullptr);
    const auto pixels = picture->read(plan, file, {});
    EXPECT_TRUE(pixels) << pixels.error().detail;
    const char* text = picture->index().found.load();
    return std::string(text != nullptr ? text : "");
  };
  EXPECT_EQ(found(base::MemorySource(bytes)), "");
  bytes.resize(bytes.size() * 3 / 4);
  EXPECT_EQ(found(base::MemorySource(bytes)), "The picture is damaged; what can be read of it is shown.");
}

// High throughput goes to armarium-decode at once: there strict comes before lenient.
TEST_F(WorkerTest, DamagedHighThroughputIsNamed) {
  std::ifstream in("examples/collection/photographs/husky.jph", std::ios::binary);
  base::Bytes bytes(std::istreambuf_iterator<char>(in), {});
  ASSERT_GT(bytes.size(), 1000U);
  for (const bool whole : {true, false}) {
    if (!whole) bytes.resize(bytes.size() * 3 / 4);
    const base::MemorySource file(bytes);
    const auto picture = Picture::open(file, {});
    ASSERT_TRUE(picture) << picture.error().detail;
    const auto plan = (*picture)->plan({0, Rect::of((*picture)->size(0)), (*picture)->size(0)});
    const auto pixels = (*picture)->read(*plan, file, {});
    ASSERT_TRUE(pixels) << pixels.error().detail;
    EXPECT_EQ((*picture)->index().found.load() == nullptr, whole);
  }
}

// OpenJPEG 2.5.0 reads neither several layers nor mixed blocks of high throughput; the rest of part 15 that is here it reads.
TEST_F(WorkerTest, HighThroughputIsReadOrRefusedByItsFeature) {
  const auto files = files_below("images/htj2k_conformance");
  if (files.empty()) GTEST_SKIP() << "no shared test data";
  std::map<std::string, int> outcomes;
  for (const std::string& path : files) {
    const FileSource file(path);
    const auto walked = walk(file);
    ++outcomes[walked ? "shown" : walked.error().message];
    EXPECT_TRUE(walked || walked.error().code == ErrorCode::unsupported) << path << ": " << walked.error().detail;
    EXPECT_EQ(walked.has_value(), Picture::open(file, {}).has_value()) << path << " is refused before it is promised";
  }
  EXPECT_EQ(outcomes["shown"], 4);
  EXPECT_EQ(outcomes["High-throughput JPEG 2000 with several quality layers is not supported."], 9);
  EXPECT_EQ(outcomes["JPEG 2000 that mixes high-throughput and ordinary code blocks is not supported."], 2);
}

TEST_F(WorkerTest, TilesBeforeTheDamageAreShown) {
  const auto files = files_below("malformed/jp2_jpylyzer");
  const auto found = std::find_if(files.begin(), files.end(),
                                  [](const std::string& path) { return path.ends_with("balloon_trunc3.jp2"); });
  if (found == files.end()) GTEST_SKIP() << "no shared test data";
  const auto walked = walk(FileSource(*found));
  EXPECT_TRUE(walked) << walked.error().detail;
}

TEST_F(WorkerTest, ADrawingIsDrawnAtEachSize) {
  constexpr std::string_view kSvg =
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><rect x="320" width="320" height="480" fill="#ff0000"/></svg>)";
  const base::MemorySource file(base::Bytes(kSvg.begin(), kSvg.end()));
  const auto picture = Picture::open(file, {});
  ASSERT_TRUE(picture) << picture.error().detail;
  EXPECT_EQ((*picture)->size(0), (Size{640, 480}));
  for (const Size wanted : {Size{640, 480}, Size{320, 240}}) {
    const auto plan = (*picture)->plan({0, Rect::of({640, 480}), wanted});
    ASSERT_TRUE(plan);
    const auto pixels = (*picture)->read(*plan, file, {});
    ASSERT_TRUE(pixels) << pixels.error().detail;
    ASSERT_EQ(pixels->size(), wanted);
    const std::uint8_t* right = pixels->row(10) + (wanted.width - 10) * 4;
    EXPECT_EQ((std::vector<int>{right[0], right[1], right[2], right[3]}), (std::vector<int>{255, 0, 0, 255}));
    EXPECT_EQ(pixels->row(10)[10 * 4 + 3], 0);
  }
}

TEST_F(WorkerTest, ADrawingReadsNoOtherFile) {
  // The included picture is one that surely exists; nothing of it may show.
  const std::string picture_path = std::filesystem::absolute("examples/collection/photographs/room.png").string();
  const std::string svg =
      R"(<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="64" height="64"><image width="64" height="64" xlink:href="file://)" +
      picture_path + R"("/></svg>)";
  const base::MemorySource file(base::Bytes(svg.begin(), svg.end()));
  const auto picture = Picture::open(file, {});
  ASSERT_TRUE(picture) << picture.error().detail;
  const auto plan = (*picture)->plan({0, Rect::of({64, 64}), {64, 64}});
  ASSERT_TRUE(plan);
  const auto pixels = (*picture)->read(*plan, file, {});
  ASSERT_TRUE(pixels);
  for (const std::uint8_t sample : pixels->bytes()) ASSERT_EQ(sample, 0);
}

// The pixels of all of a small file.
std::vector<int> samples_of(const base::Bytes& bytes) {
  const base::MemorySource file(bytes);
  const auto picture = Picture::open(file, {});
  if (!picture) {
    ADD_FAILURE() << picture.error().message << picture.error().detail;
    return {-1};
  }
  const Size size = (*picture)->size(0);
  const auto plan = (*picture)->plan({0, Rect::of(size), size});
  const auto pixels = (*picture)->read(*plan, file, {});
  if (!pixels) {
    ADD_FAILURE() << pixels.error().message << pixels.error().detail;
    return {-2};
  }
  std::vector<int> samples;
  const std::size_t width = pixels->format().bits / 8U;
  for (std::size_t i = 0; i < pixels->bytes().size(); i += width) {
    std::uint16_t wide = pixels->bytes()[i];
    if (width == 2) std::memcpy(&wide, &pixels->bytes()[i], 2);
    samples.push_back(wide);
  }
  return samples;
}

TEST_F(WorkerTest, RareFormats) {
  const std::string_view pnm = "P6\n2 1\n255\n\x01\x02\x03\x04\x05\x06";
  EXPECT_EQ(samples_of({pnm.begin(), pnm.end()}), (std::vector<int>{1, 2, 3, 4, 5, 6}));
  // Forty rows of two pixels of 24 bits, blue first, each row filled to 8 bytes.
  base::Bytes bmp = {'B', 'M', 0x76, 1, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 40, 0, 0, 0, 1, 0, 24};
  bmp.resize(54);
  for (int row = 0; row < 40; ++row) bmp.insert(bmp.end(), {3, 2, 1, 6, 5, 4, 0, 0});
  const auto samples = samples_of(bmp);
  ASSERT_EQ(samples.size(), 240U);
  EXPECT_EQ(std::vector<int>(samples.begin(), samples.begin() + 6), (std::vector<int>{1, 2, 3, 4, 5, 6}));
}

TEST_F(WorkerTest, MeasurementsAreStretchedOverTheWholeRange) {
  std::string fits;
  for (std::string card :
       {"SIMPLE  =                    T", "BITPIX  =                  -32", "NAXIS   =                    2",
        "NAXIS1  =                    3", "NAXIS2  =                    1", "END"}) {
    card.resize(80, ' ');
    fits += card;
  }
  fits.resize(2880, ' ');
  for (const float value : {-1.0F, 0.0F, 1.0F}) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, 4);
    for (int shift = 24; shift >= 0; shift -= 8) fits += static_cast<char>(bits >> shift & 0xFFU);
  }
  fits.resize(5760, '\0');
  const auto samples = samples_of({fits.begin(), fits.end()});
  ASSERT_EQ(samples.size(), 3U);
  EXPECT_EQ(samples[0], 0);
  EXPECT_NEAR(samples[1], 32767, 1);
  EXPECT_EQ(samples[2], 65535);
}

TEST_F(WorkerTest, WhatALibraryDoesNotReadIsSaid) {
  base::Bytes dicom(200, 0);
  std::memcpy(&dicom[128], "DICM", 4);
  const auto picture = Picture::open(base::MemorySource(dicom), {});
  ASSERT_FALSE(picture);
  EXPECT_EQ(picture.error().code, ErrorCode::unsupported);
  EXPECT_EQ(picture.error().message,
            "Nothing here can read this kind of file: a DICOM file that ImageMagick does not read.");
}

TEST_F(WorkerTest, NoPictureIsUnsupported) {
  for (const std::string_view text :
       {"a,b,c\n1,2,3\n", "Just words.", "push graphic-context\nimage over 0,0 0,0 '/etc/passwd'\n"}) {
    const auto picture = Picture::open(base::MemorySource(base::Bytes(text.begin(), text.end())), {});
    ASSERT_FALSE(picture) << text;
    EXPECT_EQ(picture.error().code, ErrorCode::unsupported) << text;
  }
}

TEST_F(WorkerTest, ManyThreadsShareTheProcesses) {
  unregister_worker();
  WorkerOptions two = options();
  two.count = 2;
  ASSERT_TRUE(register_worker(two));
  const FileSource file("examples/collection/photographs/fox.avif");
  const auto picture = Picture::open(file, {});
  ASSERT_TRUE(picture) << picture.error().detail;
  const auto plan = (*picture)->plan({0, {100, 100, 64, 64}, {64, 64}});
  ASSERT_TRUE(plan);
  const auto expected = (*picture)->read(*plan, file, {});
  ASSERT_TRUE(expected);
  std::atomic<int> same = 0;
  std::vector<std::thread> threads;
  threads.reserve(6);
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 5; ++round) {
        const auto pixels = (*picture)->read(*plan, file, {});
        if (pixels && std::equal(pixels->bytes().begin(), pixels->bytes().end(), expected->bytes().begin())) ++same;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(same, 30);
}

TEST_F(WorkerTest, Encodes) {
  for (const Format format : {Format::avif, Format::jxl}) {
    auto pixels = image::Pixels::allocate({301, 203}, image::kRgb8);
    ASSERT_TRUE(pixels);
    for (std::uint32_t y = 0; y < 203; ++y) {
      for (std::uint32_t x = 0; x < 301; ++x) {
        pixels->row(y)[x * 3] = static_cast<std::uint8_t>(x / 2);
        pixels->row(y)[x * 3 + 1] = static_cast<std::uint8_t>(y);
        pixels->row(y)[x * 3 + 2] = 128;
      }
    }
    const auto bytes = encoder_for(format)->encode(*pixels, {}, {});
    ASSERT_TRUE(bytes) << bytes.error().detail;
    const base::MemorySource file(*bytes);
    const auto picture = Picture::open(file, {});
    ASSERT_TRUE(picture) << picture.error().detail;
    EXPECT_EQ((*picture)->format(), format);
    EXPECT_EQ((*picture)->size(0), pixels->size());
    const auto plan = (*picture)->plan({0, Rect::of({301, 203}), {301, 203}});
    ASSERT_TRUE(plan);
    const auto again = (*picture)->read(*plan, file, {});
    ASSERT_TRUE(again) << again.error().detail;
    std::uint64_t difference = 0;
    for (std::size_t i = 0; i < again->bytes().size(); ++i)
      difference += static_cast<std::uint64_t>(std::abs(again->bytes()[i] - pixels->bytes()[i]));
    EXPECT_LT(difference, again->bytes().size() * 3);
  }
}

}  // namespace
}  // namespace armarium::codec
