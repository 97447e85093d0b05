// SVG by librsvg: each level is drawn at its own scale. Read as a stream without a name, so that the drawing refers to no other file.

#include <cmath>

#include "decode/reader.h"
#include "decode/vips_image.h"

namespace armarium::decode {
namespace {

using base::Bytes;
using base::ErrorCode;
using base::fail;
using base::Result;
using codec::worker::IndexAnswer;
using codec::worker::Job;
using codec::worker::PageAnswer;

constexpr std::uint32_t kLeastLevelSide = 128;

struct SourceCloser {
  void operator()(VipsSource* source) const { g_object_unref(source); }
};

Result<Image> open_scaled(int descriptor, std::uint32_t factor) {
  if (lseek(descriptor, 0, SEEK_SET) != 0) return fail(ErrorCode::corrupt, "The file is damaged.");
  const std::unique_ptr<VipsSource, SourceCloser> source(vips_source_new_from_descriptor(descriptor));
  if (!source) return checked(nullptr);
  VipsImage* image = nullptr;
  const int status = vips_svgload_source(source.get(), &image, "scale", 1.0 / factor, nullptr);
  return checked(status, image);
}

image::Size size_of(VipsImage* image) {
  return {static_cast<std::uint32_t>(vips_image_get_width(image)),
          static_cast<std::uint32_t>(vips_image_get_height(image))};
}

class SvgReader final : public Reader {
 public:
  SvgReader(int descriptor, Image full) : descriptor_(descriptor), current_(std::move(full)) {}

  Result<IndexAnswer> index(const Job& limits) override {
    IndexAnswer answer;
    PageAnswer page;
    page.size = size_of(current_.get());
    page.pixels = image::kRgba8;
    if (page.size.area() > limits.max_pixels) return fail(ErrorCode::resource_limit, "The picture is too large.");
    page.levels.push_back({page.size, {}, true});
    for (std::uint32_t level = 1; std::min(page.size.width, page.size.height) >> level >= kLeastLevelSide; ++level) {
      auto smaller = open_scaled(descriptor_, std::uint32_t{1} << level);
      if (!smaller) return fail(std::move(smaller.error()));
      page.levels.push_back({size_of(smaller->get()), {}, true});
    }
    answer.pages.push_back(std::move(page));
    return answer;
  }

  Result<Bytes> read(const Job& job) override {
    if (job.level != level_) {
      auto opened = open_scaled(descriptor_, std::uint32_t{1} << std::min(job.level, 24U));
      if (!opened) return fail(std::move(opened.error()));
      current_ = std::move(*opened);
      level_ = job.level;
    }
    if (vips_image_get_bands(current_.get()) != 4) return fail(ErrorCode::corrupt, "The file is damaged.");
    auto part = extract(current_.get(), job.area);
    if (!part) return fail(std::move(part.error()));
    return samples_of(part->get(), job.room);
  }

 private:
  int descriptor_;
  Image current_;
  std::uint32_t level_ = 0;
};

}  // namespace

Result<std::unique_ptr<Reader>> open_svg(const Input& input) {
  auto full = open_scaled(input.descriptor, 1);
  if (!full) return fail(std::move(full.error()));
  return std::make_unique<SvgReader>(input.descriptor, std::move(*full));
}

}  // namespace armarium::decode
