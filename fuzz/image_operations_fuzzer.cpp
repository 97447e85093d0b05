// Resampling, turning and colour on small pictures of any shape and profile: nothing is read or written out of bounds.

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "image/operations.h"

namespace {

using namespace armarium;

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::uint32_t byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  base::ByteView rest() const { return {data_, size_}; }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const base::CancelToken never;
  const image::PixelFormat format{static_cast<image::ColourModel>(input.byte() % 4),
                                  static_cast<std::uint8_t>(input.byte() % 2 == 0 ? 8 : 16), input.byte() % 2 == 0,
                                  input.byte() % 2 == 0};
  auto pixels = image::Pixels::allocate({input.byte() + 1, input.byte() + 1}, format);
  if (!pixels) return 0;
  for (std::uint8_t& sample : pixels->bytes()) sample = static_cast<std::uint8_t>(input.byte());
  const image::RectF window{input.byte() - 20.0, input.byte() / 3.0 - 20, input.byte() / 2.0, input.byte() * 1.7};
  const image::Size target{input.byte() + 1, input.byte() + 1};
  const double degrees = input.byte() * 1.40625;
  auto shown = image::to_display(std::move(*pixels), input.rest(), never);
  if (!shown) return 0;
  auto scaled = image::resample(*shown, window, target, never);
  if (!scaled) return 0;
  auto turned = image::rotate(*scaled, degrees, input.byte() % 2 == 0, 255, never);
  if (!turned || turned->size() != image::rotated_size(scaled->size(), degrees)) std::abort();
  auto two = image::to_bitonal(*turned);
  if (!two || two->size() != turned->size()) std::abort();
  return 0;
}
