// What one tile costs after decoding: scaling at the ratios that occur, turning, colour.

#include <benchmark/benchmark.h>

#include "image/operations.h"
#include "image/planes.h"

namespace armarium::image {
namespace {

const base::CancelToken kNever;

Pixels picture(Size size, PixelFormat format) {
  auto pixels = Pixels::allocate(size, format);
  std::uint32_t state = 1;
  for (std::uint8_t& sample : pixels->bytes())
    sample = static_cast<std::uint8_t>((state = state * 1664525U + 1013904223U) >> 24);
  return std::move(*pixels);
}

// A 512 x 512 tile of RGB from a source that is larger by this many percent.
void resample_tile(benchmark::State& state) {
  const double scale = static_cast<double>(state.range(0)) / 100.0;
  const double side = 512 * scale;
  const auto source_side = static_cast<std::uint32_t>(side) + 16;
  const Pixels source = picture({source_side, source_side}, kRgb8);
  for (auto _ : state) benchmark::DoNotOptimize(resample(source, {8, 8, side, side}, {512, 512}, kNever));
}
BENCHMARK(resample_tile)->Arg(50)->Arg(100)->Arg(101)->Arg(133)->Arg(200)->Arg(800)->Unit(benchmark::kMillisecond);

// Whole pictures of RGB, as they are compared with other libraries: bench/RESULTS.md.
void resample_whole(benchmark::State& state) {
  const Pixels source =
      picture({static_cast<std::uint32_t>(state.range(0)), static_cast<std::uint32_t>(state.range(1))}, kRgb8);
  const Size target{static_cast<std::uint32_t>(state.range(2)), static_cast<std::uint32_t>(state.range(3))};
  const RectF window{0, 0, static_cast<double>(source.width()), static_cast<double>(source.height())};
  for (auto _ : state) benchmark::DoNotOptimize(resample(source, window, target, kNever));
}
BENCHMARK(resample_whole)
    ->Args({512, 512, 256, 256})
    ->Args({1500, 1000, 800, 533})
    ->Args({2048, 2048, 256, 256})
    ->Unit(benchmark::kMillisecond);

// The same as half-chroma planes.
void resample_planes_whole(benchmark::State& state) {
  const Pixels pixels =
      picture({static_cast<std::uint32_t>(state.range(0)), static_cast<std::uint32_t>(state.range(1))}, kRgb8);
  const Planes source = *to_planes(pixels, kHalfChroma);
  const Size target{static_cast<std::uint32_t>(state.range(2)), static_cast<std::uint32_t>(state.range(3))};
  const RectF window{0, 0, static_cast<double>(pixels.width()), static_cast<double>(pixels.height())};
  for (auto _ : state)
    benchmark::DoNotOptimize(resample_planes(PlaneMosaics::of(source), window, target, kHalfChroma, kNever));
}
BENCHMARK(resample_planes_whole)
    ->Args({512, 512, 256, 256})
    ->Args({1500, 1000, 800, 533})
    ->Args({2048, 2048, 256, 256})
    ->Unit(benchmark::kMillisecond);

void resample_with_alpha(benchmark::State& state) {
  const Pixels source = picture({1040, 1040}, kRgba8);
  for (auto _ : state) benchmark::DoNotOptimize(resample(source, {8, 8, 1024, 1024}, {512, 512}, kNever));
}
BENCHMARK(resample_with_alpha)->Unit(benchmark::kMillisecond);

void rotate_tile(benchmark::State& state) {
  const Pixels source = picture({512, 512}, kRgb8);
  for (auto _ : state)
    benchmark::DoNotOptimize(rotate(source, static_cast<double>(state.range(0)), false, 255, kNever));
}
BENCHMARK(rotate_tile)->Arg(90)->Arg(22)->Unit(benchmark::kMillisecond);

void display_sixteen_bits(benchmark::State& state) {
  const Pixels source = picture({512, 512}, {ColourModel::rgb, 16, false, false});
  for (auto _ : state) benchmark::DoNotOptimize(to_display(source.copy(), {}, kNever));
}
BENCHMARK(display_sixteen_bits)->Unit(benchmark::kMillisecond);

void display_lab(benchmark::State& state) {
  const Pixels source = picture({512, 512}, {ColourModel::lab, 8, false, false});
  for (auto _ : state) benchmark::DoNotOptimize(to_display(source.copy(), {}, kNever));
}
BENCHMARK(display_lab)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace armarium::image
