// Compares the NEON loops of the resampler with the plain ones; built for aarch64 and run by qemu-aarch64 (test_neon.py), where no test library is at hand.

#include <cstdio>
#include <random>
#include <vector>

#include "image/resample_kernels.h"

using namespace armarium::image;

int main() {
  const ResampleKernels* neon = neon_kernels();
  if (neon == nullptr) return 2;
  std::mt19937 random(11);
  long compared = 0;
  for (int round = 0; round < 400; ++round) {
    const std::uint32_t source = 1 + random() % 300;
    const std::uint32_t target = 1 + random() % 200;
    const double start = static_cast<double>(random() % 1000) / 1000;
    const ResampleFilter filter(start, source * 0.9, source, target, round % 3 == 0 ? Kernel::box : Kernel::lanczos3);
    const std::size_t samples = 1 + random() % 70;
    std::vector<std::uint8_t> bytes(samples * (source + 3));
    for (std::uint8_t& sample : bytes)
      sample = static_cast<std::uint8_t>(round % 2 == 0 ? random() % 2 * 255 : random() % 256);
    const ResampleFilter::Taps taps = filter.at(target / 2);
    std::vector<const std::uint8_t*> rows;
    for (std::uint32_t k = 0; k < taps.count; ++k) rows.push_back(bytes.data() + (taps.first + k) * samples);
    std::vector<std::int16_t> one(samples), two(samples);
    plain_kernels().rows(rows.data(), taps.weights, taps.count, samples, one.data());
    neon->rows(rows.data(), taps.weights, taps.count, samples, two.data());
    std::vector<std::int16_t> row(filter.end() - filter.begin() + filter.stride());
    for (std::int16_t& sample : row) sample = static_cast<std::int16_t>(random() % 256 * 64);
    std::vector<std::uint8_t> first(target), second(target);
    plain_kernels().columns(row.data(), filter, first.data());
    neon->columns(row.data(), filter, second.data());
    // Channels apart and together again.
    const std::size_t count = samples / 3;
    std::vector<std::int16_t> apart(2 * 3 * count);
    plain_kernels().split(one.data(), count, apart.data(), apart.data() + count, apart.data() + 2 * count);
    std::int16_t* other = apart.data() + 3 * count;
    neon->split(one.data(), count, other, other + count, other + 2 * count);
    std::vector<std::uint8_t> joined(2 * 3 * count);
    plain_kernels().join(bytes.data(), bytes.data() + count, bytes.data() + 2 * count, count, joined.data());
    neon->join(bytes.data(), bytes.data() + count, bytes.data() + 2 * count, count, joined.data() + 3 * count);
    bool same = true;
    for (std::size_t i = 0; i < 3 * count; ++i)
      same = same && apart[i] == apart[3 * count + i] && joined[i] == joined[3 * count + i];
    if (!same || one != two || first != second) {
      std::printf("round %d: %u to %u differs\n", round, source, target);
      return 1;
    }
    compared += static_cast<long>(samples + target);
  }
  std::printf("%ld samples are the same\n", compared);
}
