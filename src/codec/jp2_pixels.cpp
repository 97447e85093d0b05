// From components to channels: sign, palette, subsampling (samples are repeated), depth, sYCC, opacity.

#include <algorithm>
#include <cmath>

#include "codec/jp2_planes.h"

namespace armarium::codec::jp2 {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using image::ColourModel;
using image::PixelFormat;
using image::Pixels;

bool is_sycc(const Header& header) {
  if (header.space == Space::sycc) return true;
  // Colour differences that are coarser than the first component can be nothing else, whatever the header says or does not say.
  const auto& components = header.stream.components;
  return (header.space == Space::unknown || header.space == Space::srgb) && components.size() >= 3 && !header.palette &&
         header.channels.size() == 3 && components[1].dx > components[0].dx && components[2].dx > components[0].dx;
}

std::uint32_t bits_of(const Header& header, const Channel& channel) {
  return channel.column ? header.palette->bits[*channel.column] : header.stream.components[channel.component].bits;
}

ColourModel model_of(const Header& header) {
  switch (header.channels.size()) {
    case 1: return ColourModel::grey;
    case 4: return ColourModel::cmyk;
    default: break;
  }
  const bool lab_profile = header.space == Space::profile && base::as_text(*header.icc).substr(16, 4) == "Lab ";
  return header.space == Space::lab || lab_profile ? ColourModel::lab : ColourModel::rgb;
}

// One channel of the result: which plane, which sample for each column, and what each sample value becomes.
struct Source {
  const Plane* plane = nullptr;
  std::vector<std::uint32_t> columns;  // sample of each pixel of a row; empty: the same step as the page
  std::uint32_t first_column = 0;
  std::int64_t offset = 0;           // added to a sample so that the least is 0
  std::uint32_t shift = 0;           // samples of more than 16 bits lose the lowest
  std::vector<std::uint16_t> table;  // by sample
};

// CIELab as lcms and ICC.1 encode it: L 0 to 100 over the whole range, a and b with 0 at 128/255 of it (15444-2, M.11.7.4.1).
double lab_value(const Header& header, std::size_t channel, std::uint32_t bits, double sample) {
  const double top = std::pow(2.0, bits) - 1;
  std::array<double, 3> range{100, 170, 200};
  std::array<double, 3> zero{0, std::pow(2.0, bits - 1),
                             std::pow(2.0, bits - 2) + std::pow(2.0, static_cast<double>(bits) - 3)};
  if (header.lab.range[0] > 0 && header.lab.range[1] > 0 && header.lab.range[2] > 0) {
    range = header.lab.range;
    zero = header.lab.offset;
  }
  const double value = (sample - zero[channel]) * range[channel] / top;
  return channel == 0 ? value / 100 : (value + 128) / 255;
}

void fill_table(const Header& header, const Channel& channel, std::size_t index, bool is_alpha, std::uint32_t top,
                Source& source) {
  const Component& component = header.stream.components[channel.component];
  source.offset = component.is_signed ? std::int64_t{1} << (component.bits - 1U) : 0;
  source.shift = component.bits > 16 ? component.bits - 16U : 0;
  const std::uint32_t entries = std::uint32_t{1} << (component.bits - source.shift);
  const std::uint32_t bits = bits_of(header, channel);
  const double full = channel.column ? std::pow(2.0, bits) - 1 : entries - 1.0;
  source.table.resize(entries);
  for (std::uint32_t i = 0; i < entries; ++i) {
    double value = i;
    if (channel.column) {
      const Palette& palette = *header.palette;
      value = palette.values[std::size_t{std::min(i, palette.entries - 1)} * palette.bits.size() + *channel.column];
    }
    double share = value / full;
    if (header.space == Space::lab && !is_alpha && index < 3)
      share = lab_value(header, index, bits, value * (std::pow(2.0, bits) - 1) / full);
    source.table[i] = static_cast<std::uint16_t>(std::lround(std::clamp(share, 0.0, 1.0) * top));
  }
}

// The sample of a component that covers an absolute pixel, relative to the plane and held inside it.
std::uint32_t covering(std::uint64_t pixel, std::uint32_t page_step, std::uint32_t component_step,
                       std::uint32_t plane_start, std::uint32_t plane_length) {
  const std::uint64_t sample = pixel * page_step / component_step;
  const std::uint64_t relative = sample > plane_start ? sample - plane_start : 0;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(relative, plane_length - 1));
}

class Assembler {
 public:
  Assembler(const Header& header, const Planes& planes, std::uint32_t reduce, image::Rect area)
      : header_(header),
        planes_(planes),
        area_(area),
        grid_(level_grid(header.stream, reduce)),
        step_(page_step(header.stream)) {}

  Result<Pixels> run(std::uint64_t max_bytes) {
    auto pixels = Pixels::allocate(area_.size(), pixel_format(header_), max_bytes);
    if (!pixels) return pixels;
    top_ = pixels->format().bits == 8 ? 255 : 65535;
    std::vector<Channel> channels = header_.channels;
    if (header_.alpha) channels.push_back(*header_.alpha);
    for (std::size_t i = 0; i < channels.size(); ++i)
      add_source(channels[i], i, header_.alpha && i + 1 == channels.size());
    for (std::uint32_t y = 0; y < area_.height; ++y) {
      if (pixels->format().bits == 8)
        fill_row(y, pixels->row(y));
      else
        fill_row(y, reinterpret_cast<std::uint16_t*>(pixels->row(y)));
    }
    return pixels;
  }

 private:
  void add_source(const Channel& channel, std::size_t index, bool is_alpha) {
    Source source;
    source.plane = &planes_.components[channel.component];
    const Component& component = header_.stream.components[channel.component];
    source.first_column =
        covering(std::uint64_t{grid_.x} + area_.x, step_.dx, component.dx, source.plane->x0, source.plane->width);
    const bool same =
        component.dx == step_.dx && source.first_column + std::uint64_t{area_.width} <= source.plane->width;
    for (std::uint32_t x = 0; !same && x < area_.width; ++x) {
      source.columns.push_back(covering(std::uint64_t{grid_.x} + area_.x + x, step_.dx, component.dx, source.plane->x0,
                                        source.plane->width));
    }
    fill_table(header_, channel, index, is_alpha, top_, source);
    sources_.push_back(std::move(source));
    components_.push_back(&component);
  }

  template <class Sample>
  void fill_row(std::uint32_t y, Sample* out) {
    const std::size_t count = sources_.size();
    for (std::size_t c = 0; c < count; ++c) {
      const Source& source = sources_[c];
      const Plane& plane = *source.plane;
      const std::uint32_t row =
          covering(std::uint64_t{grid_.y} + area_.y + y, step_.dy, components_[c]->dy, plane.y0, plane.height);
      const std::int32_t* samples = plane.samples + std::size_t{row} * plane.width;
      const auto last = static_cast<std::int64_t>(source.table.size()) - 1;
      auto convert = [&](std::int32_t sample) {
        const std::int64_t index = (std::int64_t{sample} + source.offset) >> source.shift;
        return static_cast<Sample>(source.table[static_cast<std::size_t>(std::clamp<std::int64_t>(index, 0, last))]);
      };
      Sample* to = out + c;
      if (source.columns.empty()) {
        for (std::uint32_t x = 0; x < area_.width; ++x, to += count) *to = convert(samples[source.first_column + x]);
      } else {
        for (std::uint32_t x = 0; x < area_.width; ++x, to += count) *to = convert(samples[source.columns[x]]);
      }
    }
    if (is_sycc(header_)) from_sycc(out, count);
    if (header_.alpha && header_.premultiplied) divide_by_alpha(out, count);
  }

  // IEC 61966-2-1, annex F.
  template <class Sample>
  void from_sycc(Sample* row, std::size_t count) const {
    const auto top = static_cast<float>(top_);
    const float middle = (top + 1) / 2;
    auto store = [&](float value) { return static_cast<Sample>(std::lround(std::clamp(value, 0.0F, top))); };
    for (std::uint32_t x = 0; x < area_.width; ++x, row += count) {
      const auto y = static_cast<float>(row[0]);
      const float cb = static_cast<float>(row[1]) - middle;
      const float cr = static_cast<float>(row[2]) - middle;
      row[0] = store(y + 1.402F * cr);
      row[1] = store(y - 0.344136F * cb - 0.714136F * cr);
      row[2] = store(y + 1.772F * cb);
    }
  }

  template <class Sample>
  void divide_by_alpha(Sample* row, std::size_t count) const {
    for (std::uint32_t x = 0; x < area_.width; ++x, row += count) {
      const std::uint64_t alpha = row[count - 1];
      if (alpha == 0) continue;
      for (std::size_t c = 0; c + 1 < count; ++c) {
        row[c] = static_cast<Sample>(std::min<std::uint64_t>(top_, (row[c] * std::uint64_t{top_} + alpha / 2) / alpha));
      }
    }
  }

  const Header& header_;
  const Planes& planes_;
  image::Rect area_;
  image::Rect grid_;
  Step step_;
  std::uint32_t top_ = 255;
  std::vector<Source> sources_;
  std::vector<const Component*> components_;
};

}  // namespace

PixelFormat pixel_format(const Header& header) noexcept {
  PixelFormat format;
  format.model = model_of(header);
  format.alpha = header.alpha.has_value();
  std::uint32_t bits = 1;
  for (const Channel& channel : header.channels) bits = std::max(bits, bits_of(header, channel));
  format.bits = bits > 8 ? 16 : 8;
  return format;
}

Result<Pixels> to_pixels(const Header& header, const Planes& planes, std::uint32_t reduce, image::Rect area,
                         std::uint64_t max_bytes) {
  for (const Plane& plane : planes.components) {
    if (plane.width == 0 || plane.height == 0) return fail(ErrorCode::corrupt, "The JPEG 2000 picture is damaged.");
  }
  return Assembler(header, planes, reduce, area).run(max_bytes);
}

}  // namespace armarium::codec::jp2
