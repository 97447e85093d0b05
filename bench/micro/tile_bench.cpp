// One tile of a file from first to last, answers not kept: tile_bench with ARMARIUM_BENCH_FILE naming a picture.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

#include "iiif/image_info.h"
#include "pipeline/pipeline.h"
#include "source/file_system.h"

namespace armarium::pipeline {
namespace {

// The tiles of the level that `range` names (a scale factor), one after the other.
void tiles_of_level(benchmark::State& state) {
  const char* name = std::getenv("ARMARIUM_BENCH_FILE");
  if (name == nullptr) return state.SkipWithError("set ARMARIUM_BENCH_FILE");
  const std::filesystem::path path(name);
  auto files = source::FileSystem::open_root(path.parent_path());
  if (!files) return state.SkipWithError("no such folder");
  Options options;
  options.response_cache_bytes = 0;
  Pipeline pipeline(**files, options);
  const Target target{path.filename().string(), 0, ""};
  auto picture = pipeline.open(target);
  if (!picture) return state.SkipWithError(picture.error().message.c_str());

  const image::Size full = (*picture)->size(0);
  const auto factor = static_cast<std::uint32_t>(state.range(0));
  const std::uint32_t step = 512 * factor;
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  for (auto _ : state) {
    iiif::ResolvedRequest request;
    request.region = {x, y, std::min(step, full.width - x), std::min(step, full.height - y)};
    request.size = image::level_size(request.region.size(), factor);
    request.format = "jpg";
    auto rendered = pipeline.render(target, request, "public", {});
    if (!rendered) return state.SkipWithError(rendered.error().message.c_str());
    x += step;
    if (x >= full.width) {
      x = 0;
      y = y + step < full.height ? y + step : 0;
    }
  }
}
BENCHMARK(tiles_of_level)->RangeMultiplier(2)->Range(1, 16)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace armarium::pipeline
