// JP2 files that are put together box by box around a code stream of ours.

#include <gtest/gtest.h>

#include "codec/jp2_header.h"
#include "codec/testing.h"

namespace armarium::codec {
namespace {

using base::Bytes;
using base::ErrorCode;

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Bytes number(std::uint64_t value, std::size_t count) {
  Bytes bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>(value >> (8 * (count - 1 - i)));
  return bytes;
}

Bytes text(std::string_view text) { return {text.begin(), text.end()}; }

Bytes box(std::string_view type, const Bytes& content) {
  return joined({number(content.size() + 8, 4), text(type), content});
}

const Bytes kSignature = {0, 0, 0, 12, 'j', 'P', ' ', ' ', 13, 10, 0x87, 10};

Bytes enumerated(std::uint32_t space) { return box("colr", joined({{1, 0, 0}, number(space, 4)})); }

image::Pixels flat(image::PixelFormat format, const std::vector<std::uint8_t>& pixel) {
  auto pixels = image::Pixels::allocate({32, 32}, format);
  for (std::size_t i = 0; i < pixels->bytes().size(); ++i) pixels->bytes()[i] = pixel[i % pixel.size()];
  return std::move(*pixels);
}

// The code stream of a picture, lossless.
Bytes code_stream(const image::Pixels& pixels) {
  const Bytes file = testing::encoded(Format::jp2, pixels, {100, false, {}});
  const auto header = jp2::read_header(base::MemorySource(file), {});
  const auto start = static_cast<std::ptrdiff_t>(header->stream.offset);
  return {file.begin() + start, file.end()};
}

base::MemorySource file_of(const Bytes& header, const Bytes& stream, const Bytes& after = {}) {
  return base::MemorySource(joined({kSignature, box("jp2h", header), box("jp2c", stream), after}));
}

std::vector<int> first_pixel(const base::ByteSource& file) {
  const auto picture = testing::opened(file);
  const auto all = testing::read_all(*picture, file);
  std::vector<int> pixel;
  for (std::uint32_t c = 0; c < all.pixels.format().channels(); ++c) pixel.push_back(all.pixels.row(0)[c]);
  return pixel;
}

TEST(Jp2Boxes, APaletteGivesItsColours) {
  const Bytes palette = box("pclr", joined({number(3, 2), {3, 7, 7, 7}, {1, 2, 3}, {40, 50, 60}, {7, 8, 9}}));
  const Bytes mapping = box("cmap", {0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 2});
  const Bytes header = joined({enumerated(16), palette, mapping});
  EXPECT_EQ(first_pixel(file_of(header, code_stream(flat(image::kGrey8, {1})))), (std::vector<int>{40, 50, 60}));
  // An index past the end is held at the last entry.
  EXPECT_EQ(first_pixel(file_of(header, code_stream(flat(image::kGrey8, {200})))), (std::vector<int>{7, 8, 9}));
}

TEST(Jp2Boxes, ChannelsAreOrderedByTheirDefinition) {
  const Bytes stream = code_stream(flat(image::kRgba8, {10, 20, 30, 40}));
  const Bytes definition = box(
      "cdef", joined({number(4, 2), {0, 0, 0, 1, 0, 0}, {0, 1, 0, 0, 0, 3}, {0, 2, 0, 0, 0, 2}, {0, 3, 0, 0, 0, 1}}));
  EXPECT_EQ(first_pixel(file_of(joined({enumerated(16), definition}), stream)), (std::vector<int>{40, 30, 20, 10}));
}

TEST(Jp2Boxes, PremultipliedColoursAreDivided) {
  const Bytes stream = code_stream(flat(image::kRgba8, {50, 100, 0, 100}));
  const Bytes definition = box(
      "cdef", joined({number(4, 2), {0, 0, 0, 0, 0, 1}, {0, 1, 0, 0, 0, 2}, {0, 2, 0, 0, 0, 3}, {0, 3, 0, 2, 0, 0}}));
  EXPECT_EQ(first_pixel(file_of(joined({enumerated(16), definition}), stream)), (std::vector<int>{128, 255, 0, 100}));
}

TEST(Jp2Boxes, SyccBecomesRgb) {
  EXPECT_EQ(first_pixel(file_of(enumerated(18), code_stream(flat(image::kRgb8, {100, 128, 128})))),
            (std::vector<int>{100, 100, 100}));
  EXPECT_EQ(first_pixel(file_of(enumerated(18), code_stream(flat(image::kRgb8, {76, 85, 255})))),
            (std::vector<int>{254, 0, 0}));
}

TEST(Jp2Boxes, FewerChannelsThanTheColourSpaceWantsAreGrey) {
  EXPECT_EQ(first_pixel(file_of(enumerated(12), code_stream(flat(image::kGrey8, {77})))), (std::vector<int>{77}));
}

TEST(Jp2Boxes, TheProfileIsKept) {
  Bytes profile(132);
  const Bytes space = text("RGB ");
  std::copy(space.begin(), space.end(), profile.begin() + 16);
  const Bytes colour = box("colr", joined({{2, 0, 0}, profile}));
  const auto file = file_of(colour, code_stream(flat(image::kRgb8, {1, 2, 3})));
  EXPECT_EQ(*testing::opened(file)->page(0).icc, profile);
}

TEST(Jp2Boxes, MetadataMayFollowTheCodeStream) {
  const Bytes id = {0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8, 0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC};
  const Bytes packet = text("<x:xmpmeta/>");
  const auto file = file_of(enumerated(17), code_stream(flat(image::kGrey8, {5})), box("uuid", joined({id, packet})));
  EXPECT_EQ(testing::opened(file)->index().metadata.xmp, packet);
}

TEST(Jp2Boxes, NestingIsLimited) {
  Bytes inner = enumerated(16);
  for (int i = 0; i < 100; ++i) inner = box("jp2h", inner);
  const auto header = jp2::read_header(base::MemorySource(joined({kSignature, inner})), {});
  ASSERT_FALSE(header);
  EXPECT_EQ(header.error().code, ErrorCode::resource_limit);
}

TEST(Jp2Boxes, DamagedBoxesAreErrors) {
  const Bytes stream = box("jp2c", code_stream(flat(image::kGrey8, {5})));
  for (const Bytes& before : {
           joined({number(3, 4), text("jp2h")}),                        // shorter than its own head
           box("jp2h", box("pclr", joined({number(1024, 2), {255}}))),  // a palette that is not there
           box("jp2h", box("pclr", joined({number(0, 2), {1, 7}}))),    // an empty one
           joined({box("jp2h", joined({box("pclr", joined({number(1, 2), {1, 7, 9}})),
                                       box("cmap", {0, 9, 1, 0})}))}),  // a component that is not there
       }) {
    const auto header = jp2::read_header(base::MemorySource(joined({kSignature, before, stream})), {});
    ASSERT_FALSE(header);
    EXPECT_EQ(header.error().code, ErrorCode::corrupt);
  }
}

}  // namespace
}  // namespace armarium::codec
