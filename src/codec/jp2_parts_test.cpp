#include "codec/jp2_parts.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "codec/jp2_sample.h"
#include "codec/testing.h"

namespace armarium::codec::jp2 {
namespace {

using testing::Sample;

CodeStream stream_of(const base::ByteSource& file) {
  auto stream = read_code_stream(file, 0, file.size(), {});
  EXPECT_TRUE(stream) << (stream ? "" : stream.error().detail);
  return stream ? std::move(*stream) : CodeStream();
}

// The largest difference of any sample of `part` to the same one of `whole`; 1000 when `part` lies outside or lacks some of `rect`.
int difference(const Plane& whole, const Plane& part, const image::Rect& rect) {
  int largest = 0;
  if (part.x0 > rect.x || part.y0 > rect.y || part.x0 + part.width < rect.right() ||
      part.y0 + part.height < rect.bottom()) {
    return 1000;
  }
  for (std::uint32_t y = rect.y; y < rect.bottom(); ++y) {
    for (std::uint32_t x = rect.x; x < rect.right(); ++x) {
      const int a = whole.samples[std::size_t{y - whole.y0} * whole.width + (x - whole.x0)];
      const int b = part.samples[std::size_t{y - part.y0} * part.width + (x - part.x0)];
      largest = std::max(largest, std::abs(a - b));
    }
  }
  return largest;
}

std::vector<image::Rect> areas_of(image::Rect level) {
  const std::uint32_t w = level.width;
  const std::uint32_t h = level.height;
  auto rect = [](std::uint32_t x, std::uint32_t y, std::uint32_t width, std::uint32_t height) {
    return image::Rect{x, y, std::max(1U, width), std::max(1U, height)};
  };
  return {rect(0, 0, w, h),         rect(0, 0, w / 4, h / 4),      rect(w / 2, h / 3, w / 5, h / 4),
          rect(w - 1, h - 1, 1, 1), rect(w / 3, 0, 1, h),          rect(w * 3 / 4, h / 2, w - w * 3 / 4, h - h / 2),
          rect(w / 7, h / 5, 3, 2), rect(0, h - (h + 1) / 2, w, 1)};
}

void expect_parts_equal_the_whole(const Sample& sample) {
  const base::MemorySource file(testing::write_sample(sample));
  ASSERT_GT(file.size(), 0U) << sample.name;
  const CodeStream stream = stream_of(file);
  PacketIndex index(stream);
  ASSERT_TRUE(index.usable()) << sample.name;
  const int tolerance = sample.reversible ? 0 : 1;
  for (std::uint32_t reduce = 0; reduce <= stream.levels; ++reduce) {
    const image::Rect level = level_grid(stream, reduce);
    const auto whole =
        decode_openjpeg(file, stream, reduce, part_area(stream, reduce, image::Rect::of(level.size())), false, {});
    ASSERT_TRUE(whole || reduce > 0) << sample.name;
    if (!whole) continue;  // tiles without samples
    for (const image::Rect& asked : areas_of(level)) {
      const GridArea area = part_area(stream, reduce, asked);
      for (const bool again : {false, true}) {
        PartsPlan plan = plan_parts(index, reduce, area);
        if (!plan.possible && reduce > 0) break;  // a coarse component has no sample in some tile
        ASSERT_TRUE(plan.possible) << sample.name;
        ASSERT_TRUE(plan.complete || !again) << sample.name;
        base::Result<Planes> part;
        if (plan.complete) {
          const auto fetched = base::fetch(file, plan.ranges);
          ASSERT_TRUE(fetched);
          part = decode_parts(index, *fetched, false, reduce, area, {});
        } else {
          part = decode_parts(index, file, true, reduce, area, {});
        }
        ASSERT_TRUE(part) << sample.name << " reduce " << reduce << ": " << part.error().detail;
        for (std::size_t c = 0; c < stream.components.size(); ++c) {
          const image::Rect rect = component_rect(stream.components[c], area, reduce);
          if (rect.size().empty()) continue;
          EXPECT_LE(difference(whole->components[c], part->components[c], rect), tolerance)
              << sample.name << " reduce " << reduce << " component " << c << " at " << asked.x << ',' << asked.y << ' '
              << asked.width << 'x' << asked.height;
        }
      }
    }
  }
}

Sample named(const char* name) {
  Sample sample;
  sample.name = name;
  return sample;
}

TEST(Jp2Parts, EveryProgressionTiledAndNot) {
  for (int progression = 0; progression < 5; ++progression) {
    for (const bool tiled : {false, true}) {
      for (const bool precincts : {false, true}) {
        Sample sample = named("progression ");
        sample.name += std::to_string(progression) + (tiled ? " tiled" : "") + (precincts ? " precincts" : "");
        sample.progression = progression;
        if (tiled) sample.tile_width = sample.tile_height = 96;
        if (precincts) sample.precincts = {64, 64, 32, 32, 32};
        sample.rates = {40, 20, 0};
        expect_parts_equal_the_whole(sample);
      }
    }
  }
}

TEST(Jp2Parts, IrreversibleWithinOne) {
  for (const bool tiled : {false, true}) {
    Sample sample = named("9-7");
    sample.reversible = false;
    sample.rates = {30, 8};
    sample.x1 = 517;
    sample.y1 = 391;
    if (tiled) sample.tile_width = sample.tile_height = 128;
    expect_parts_equal_the_whole(sample);
  }
}

TEST(Jp2Parts, OddSizesAndOffsets) {
  Sample sample = named("offsets");
  sample.x0 = 37;
  sample.y0 = 51;
  sample.x1 = 333;
  sample.y1 = 290;
  sample.precincts = {64, 64, 64, 32, 32};
  expect_parts_equal_the_whole(sample);
  sample.name = "offsets, tiled";
  sample.tile_x0 = 11;
  sample.tile_y0 = 7;
  sample.tile_width = 101;
  sample.tile_height = 77;
  expect_parts_equal_the_whole(sample);
  sample.precincts.clear();
  sample.progression = 3;
  expect_parts_equal_the_whole(sample);
}

TEST(Jp2Parts, CoarserComponents) {
  for (int progression = 0; progression < 5; ++progression) {
    for (const std::uint32_t tile : {0U, 80U}) {
      Sample sample = named("4:2:0");
      sample.progression = progression;
      sample.colour_transform = false;
      sample.steps = {{1, 1}, {2, 2}, {2, 2}};
      sample.x1 = 255;
      sample.y1 = 143;
      sample.x0 = 3;
      sample.tile_width = sample.tile_height = tile;
      if (progression % 2 == 0) sample.precincts = {32, 32};
      expect_parts_equal_the_whole(sample);
    }
  }
}

TEST(Jp2Parts, BlockStylesMarkersAndTileParts) {
  for (const int style : {1, 2, 4, 8, 32, 1 | 4 | 8, 63}) {
    Sample sample = named("style ");
    sample.name += std::to_string(style);
    sample.block_style = style;
    sample.rates = {20, 5, 0};
    expect_parts_equal_the_whole(sample);
  }
  for (const char parts : {'R', 'L', 'C'}) {
    Sample sample = named("tile-parts");
    sample.tile_parts = parts;
    sample.packet_markers = true;
    sample.rates = {20, 0};
    sample.tile_width = sample.tile_height = 128;
    sample.progression = parts == 'L' ? 0 : parts == 'R' ? 2 : 4;
    expect_parts_equal_the_whole(sample);
  }
}

TEST(Jp2Parts, ManyLevelsManyBitsOneComponent) {
  Sample sample = named("grey");
  sample.steps = {{1, 1}};
  sample.bits = 16;
  sample.resolutions = 6;
  sample.block = 4;
  sample.x1 = 401;
  sample.y1 = 97;
  expect_parts_equal_the_whole(sample);
  sample.resolutions = 1;
  expect_parts_equal_the_whole(sample);
}

// Large enough to be cut in all directions: nothing is read but what the area needs.
TEST(Jp2Parts, ReadsAndHoldsOnlyWhatTheAreaNeeds) {
  Sample sample = named("large");
  sample.x1 = 1600;
  sample.y1 = 1200;
  sample.block = 16;
  for (const bool precincts : {false, true}) {
    if (precincts) sample.precincts = {128, 128, 64, 64};
    const base::Bytes bytes = testing::write_sample(sample);
    codec::testing::CountingSource file(bytes);
    const CodeStream stream = stream_of(file);
    PacketIndex index(stream);
    const GridArea area = part_area(stream, 0, {700, 500, 64, 64});
    ASSERT_TRUE(decode_parts(index, file, true, 0, area, {}));
    const PartsPlan plan = plan_parts(index, 0, area);
    EXPECT_TRUE(plan.complete);
    EXPECT_LT(plan.bytes, file.size() / 12);
    EXPECT_LT(plan.memory, memory_of(stream, 0, area) / 10);
    file.reset();
    ASSERT_TRUE(decode_parts(index, file, true, 0, area, {}));
    EXPECT_LT(file.count(), file.size() / 10);
  }
}

TEST(Jp2Parts, LevelsNameThePiecesInWhichTheyAreDecodedBest) {
  Sample sample = named("pieces");
  sample.x1 = 2100;
  sample.y1 = 40;
  auto tiles = [&] {
    const base::MemorySource file(testing::write_sample(sample));
    std::vector<image::Size> sizes;
    const auto picture = codec::testing::opened(file);
    for (const Level& level : picture->page(0).levels) sizes.push_back(level.tile);
    return sizes;
  };
  const image::Size none;
  const image::Size piece{512, 512};
  for (const std::uint32_t side : {0U, 128U, 1024U}) {
    sample.tile_width = sample.tile_height = side;
    EXPECT_EQ(tiles(), (std::vector<image::Size>{piece, piece, none, none})) << "tiles of " << side;
  }
}

TEST(Jp2Parts, AnIndexMakesRoomWhereMemoryIsShort) {
  IndexBudget first;
  IndexBudget second;
  EXPECT_FALSE(first.take(IndexBudget::kPerPicture + 1));
  ASSERT_TRUE(first.take(IndexBudget::kPerPicture));
  ASSERT_TRUE(
      second.take(IndexBudget::kPool - IndexBudget::kPerPicture + 2 * IndexBudget::kShare));  // the pool is empty
  Sample sample = named("many tiles");
  sample.tile_width = sample.tile_height = 12;
  sample.resolutions = 2;
  const base::MemorySource file(testing::write_sample(sample));
  const CodeStream stream = stream_of(file);
  PacketIndex index(stream);
  const GridArea area = part_area(stream, 0, {0, 0, 300, 200});
  ASSERT_TRUE(decode_parts(index, file, true, 0, area, {}));
  const auto kept = [&] {
    std::uint32_t count = 0;
    for (std::uint32_t tile = 0; tile < stream.tiles_across() * stream.tiles_down(); ++tile)
      count += index.find(tile) ? 1 : 0;
    return count;
  };
  EXPECT_GT(kept(), 10U);
  EXPECT_LT(kept(), stream.tiles_across() * stream.tiles_down());
  first.give(IndexBudget::kPerPicture);
  ASSERT_TRUE(decode_parts(index, file, true, 0, area, {}));
  EXPECT_EQ(kept(), stream.tiles_across() * stream.tiles_down());
}

TEST(Jp2Parts, PacketAndTileLengthsAreUsedAndChecked) {
  Sample sample = named("lengths");
  sample.x1 = 600;
  sample.y1 = 500;
  sample.precincts = {64, 64, 32, 32};
  sample.rates = {20, 0};
  sample.lengths = true;
  for (const std::uint32_t tile : {0U, 250U}) {
    sample.tile_width = sample.tile_height = tile;
    expect_parts_equal_the_whole(sample);
    const base::Bytes bytes = testing::write_sample(sample);
    codec::testing::CountingSource file(bytes);
    const CodeStream stream = stream_of(file);
    file.reset();
    ASSERT_TRUE(find_tile_parts(file, stream));
    EXPECT_EQ(file.count(), 2U);  // EOC
    PacketIndex index(stream);
    file.reset();
    ASSERT_TRUE(decode_parts(index, file, true, 0, part_area(stream, 0, {300, 300, 8, 8}), {}));
    EXPECT_LT(file.count(), file.size() / 4);

    // Two packets exchange their lengths.
    base::Bytes lying = bytes;
    for (std::size_t i = 0; i + 40 < lying.size(); ++i) {
      if (lying[i] != 0xFF || lying[i + 1] != 0x58) continue;
      for (std::size_t k = i + 20; k < i + 36; ++k) {
        if (lying[k] < 0x80 && lying[k + 1] < 0x80 && lying[k] != lying[k + 1]) std::swap(lying[k], lying[k + 1]);
      }
    }
    ASSERT_NE(lying, bytes);
    const base::MemorySource false_lengths(lying);
    PacketIndex other(stream);
    const auto part = decode_parts(other, false_lengths, true, 0, part_area(stream, 0, {0, 0, 600, 500}), {});
    ASSERT_FALSE(part);
    EXPECT_EQ(part.error().code, base::ErrorCode::corrupt);
  }
}

// What OpenJPEG takes for high throughput is taken for it here, whatever else the header says: it is decoded in armarium-decode.
// OpenJPEG's assertions could end this process; src/decode/worker_test.cpp reads such files where that costs one worker.
TEST(Jp2Parts, HighThroughputIsKnownByItsCodeBlocksAndNotDecodedHere) {
  base::Bytes bytes = testing::write_sample(named("style"));
  const std::array<std::uint8_t, 2> marker{0xFF, 0x52};
  const auto cod = std::search(bytes.begin(), bytes.end(), marker.begin(), marker.end());
  ASSERT_NE(cod, bytes.end());
  EXPECT_FALSE(stream_of(base::MemorySource(bytes)).high_throughput);
  EXPECT_TRUE(Picture::open(base::MemorySource(bytes), {}));
  cod[12] |= 0x40;
  EXPECT_TRUE(stream_of(base::MemorySource(bytes)).high_throughput);
  const auto picture = Picture::open(base::MemorySource(bytes), {});
  ASSERT_FALSE(picture);
  EXPECT_EQ(picture.error().code, base::ErrorCode::unsupported);
}

TEST(Jp2Parts, DamageIsAnError) {
  Sample sample = named("damaged");
  sample.precincts = {64, 64, 32, 32, 32};
  sample.packet_markers = true;
  const base::Bytes good = testing::write_sample(sample);
  const base::MemorySource sound(good);
  const CodeStream stream = stream_of(sound);
  const GridArea area = part_area(stream, 0, {0, 0, 300, 200});
  std::uint32_t random = 1;
  int refused = 0;
  for (int round = 0; round < 90; ++round) {
    base::Bytes bytes = good;
    for (int i = 0; i < 3; ++i) {
      random = random * 1664525 + 1013904223;
      const std::size_t first = stream.first_tile_part;
      bytes[first + (random >> 8U) % (bytes.size() - first)] ^= static_cast<std::uint8_t>(random | 1U);
    }
    if (round % 3 == 0) bytes.resize(bytes.size() - bytes.size() / 3);
    const base::MemorySource file(std::move(bytes));
    CodeStream claimed = stream;
    claimed.length = file.size();
    PacketIndex index(claimed);
    const auto part = decode_parts(index, file, true, 0, area, {});
    if (!part) {
      EXPECT_FALSE(part.error().message.empty());
      ++refused;
    }
  }
  EXPECT_GT(refused, 30);
}

}  // namespace
}  // namespace armarium::codec::jp2
