// Areas of 512 x 512 pixels of a JPEG 2000 file (ARMARIUM_BENCH_FILE), scattered over it, decoded from the packets that they need and, for comparison, by the library
// from the whole code stream. The argument is the number of halvings.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

#include "codec/jp2_parts.h"
#include "source/file_system.h"

namespace armarium::codec::jp2 {
namespace {

constexpr std::uint32_t kSide = 512;

// Counts what is read.
class Counted final : public base::ByteSource {
 public:
  explicit Counted(std::shared_ptr<const base::ByteSource> file) : file_(std::move(file)) {}
  std::uint64_t size() const override { return file_->size(); }
  const base::Version& version() const override { return file_->version(); }
  std::optional<int> descriptor() const override { return file_->descriptor(); }
  base::Result<> read(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    bytes += out.size();
    return file_->read(offset, out);
  }
  mutable std::uint64_t bytes = 0;

 private:
  std::shared_ptr<const base::ByteSource> file_;
};

void scattered(benchmark::State& state, bool in_parts) {
  const char* name = std::getenv("ARMARIUM_BENCH_FILE");
  if (name == nullptr) return state.SkipWithError("set ARMARIUM_BENCH_FILE");
  const std::filesystem::path path(name);
  auto root = source::FileSystem::open_root(path.parent_path());
  if (!root) return state.SkipWithError("no such folder");
  auto opened = (*root)->open(path.filename().string());
  if (!opened) return state.SkipWithError("no such file");
  const Counted file(*opened);
  const auto header = read_header(file, {});
  if (!header) return state.SkipWithError("no JPEG 2000");
  const CodeStream& stream = header->stream;
  const auto reduce = static_cast<std::uint32_t>(state.range(0));
  if (reduce > stream.levels) return state.SkipWithError("fewer levels");
  const image::Size level = level_grid(stream, reduce).size();
  const std::uint32_t across = (level.width + kSide - 1) / kSide;
  const std::uint32_t count = across * ((level.height + kSide - 1) / kSide);
  PacketIndex index(stream);
  std::uint32_t at = 0;
  auto decode = [&]() -> base::Result<Planes> {
    at = static_cast<std::uint32_t>((std::uint64_t{at} + count * 5 / 8 + 1) % count);
    const std::uint32_t x = at % across * kSide;
    const std::uint32_t y = at / across * kSide;
    const image::Rect asked{x, y, std::min(kSide, level.width - x), std::min(kSide, level.height - y)};
    if (!in_parts) return decode_openjpeg(file, stream, reduce, grid_area(stream, reduce, asked), false, {});
    const GridArea area = part_area(stream, reduce, asked);
    PartsPlan plan = plan_parts(index, reduce, area);
    if (!plan.complete) return decode_parts(index, file, true, reduce, area, {});
    const auto fetched = base::fetch(file, std::move(plan.ranges));
    if (!fetched) return base::fail(fetched.error());
    return decode_parts(index, *fetched, false, reduce, area, {});
  };
  if (!decode())
    return state.SkipWithError("the first area cannot be decoded");  // makes the index where there is one tile
  file.bytes = 0;
  for (auto _ : state) {
    auto planes = decode();
    if (!planes) return state.SkipWithError(planes.error().detail.c_str());
    benchmark::DoNotOptimize(planes->components.data());
  }
  state.counters["KB"] = benchmark::Counter(static_cast<double>(file.bytes) / 1024, benchmark::Counter::kAvgIterations);
}
BENCHMARK_CAPTURE(scattered, parts, true)->Arg(0)->Arg(3)->Arg(5)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(scattered, whole, false)->Arg(0)->Arg(3)->Arg(5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace armarium::codec::jp2
