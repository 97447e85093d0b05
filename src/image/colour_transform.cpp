#include "image/colour_transform.h"

#include <cstring>
#include <list>
#include <mutex>
#include <string>

#include <fmt/format.h>

#include "base/hash.h"
#include "image/colour_profile.h"

namespace armarium::image {
namespace {

constexpr std::size_t kKeptTransforms = 64;

// Samples of either depth as 8 bits.
class Reader {
 public:
  explicit Reader(std::uint8_t bits) : bits_(bits) {}
  std::uint8_t at(const std::uint8_t* samples, std::size_t index) const noexcept {
    if (bits_ == 8) return samples[index];
    std::uint16_t wide = 0;
    std::memcpy(&wide, samples + 2 * index, sizeof wide);
    return static_cast<std::uint8_t>((wide * 255U + 32767U) / 65535U);
  }

 private:
  std::uint8_t bits_;
};

// Grey and RGB without a usable profile: the samples are taken for display samples, 16 bits become 8.
class AssumedDisplay final : public ColourTransform {
 public:
  explicit AssumedDisplay(const PixelFormat& format) : format_(format) {}
  bool identity() const noexcept override { return format_.bits == 8; }
  void apply(const std::uint8_t* in, std::uint8_t* out, std::uint32_t pixels) const noexcept override {
    const Reader reader(format_.bits);
    const std::size_t samples = std::size_t{pixels} * format_.channels();
    for (std::size_t i = 0; i < samples; ++i) out[i] = reader.at(in, i);
  }

 private:
  PixelFormat format_;
};

// CMYK without a profile: each ink takes its part of the light, black of all.
class AssumedCmyk final : public ColourTransform {
 public:
  explicit AssumedCmyk(const PixelFormat& format) : format_(format) {}
  bool identity() const noexcept override { return false; }
  void apply(const std::uint8_t* in, std::uint8_t* out, std::uint32_t pixels) const noexcept override {
    const Reader reader(format_.bits);
    const std::uint32_t channels = format_.channels();
    const std::uint8_t turn = format_.inverted ? 0 : 255;  // ink to light
    for (std::uint32_t i = 0; i < pixels; ++i, in += format_.bytes_per_pixel()) {
      const std::uint32_t black = reader.at(in, 3) ^ turn;
      for (std::size_t c = 0; c < 3; ++c) {
        const std::uint32_t ink = reader.at(in, c) ^ turn;
        *out++ = static_cast<std::uint8_t>((ink * black + 127U) / 255U);
      }
      if (format_.alpha) *out++ = reader.at(in, channels - 1);
    }
  }

 private:
  PixelFormat format_;
};

std::shared_ptr<const ColourTransform> make(const PixelFormat& format, base::ByteView icc) {
  if (auto transform = profile_transform(format, icc)) return transform;
  if (format.model == ColourModel::lab) {
    if (auto transform = lab_transform(format)) return transform;
  }
  if (format.model == ColourModel::cmyk) return std::make_shared<AssumedCmyk>(format);
  return std::make_shared<AssumedDisplay>(format);
}

// The last transforms by their key, newest first.
class Kept {
 public:
  std::shared_ptr<const ColourTransform> find(const std::string& key) {
    const std::lock_guard lock(mutex_);
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
      if (entry->first != key) continue;
      entries_.splice(entries_.begin(), entries_, entry);
      return entry->second;
    }
    return nullptr;
  }
  void put(std::string key, std::shared_ptr<const ColourTransform> transform) {
    const std::lock_guard lock(mutex_);
    entries_.emplace_front(std::move(key), std::move(transform));
    if (entries_.size() > kKeptTransforms) entries_.pop_back();
  }

 private:
  std::mutex mutex_;
  std::list<std::pair<std::string, std::shared_ptr<const ColourTransform>>> entries_;
};

}  // namespace

PixelFormat display_format(const PixelFormat& format) noexcept {
  return {format.model == ColourModel::grey ? ColourModel::grey : ColourModel::rgb, 8, format.alpha, false};
}

std::shared_ptr<const ColourTransform> transform_for(const PixelFormat& format, base::ByteView icc) {
  static Kept kept;
  std::string key = fmt::format("{}.{}.{}.{}.{}", static_cast<int>(format.model), format.bits, format.alpha,
                                format.inverted, icc.empty() ? std::string() : base::hash_hex(icc));
  if (auto found = kept.find(key)) return found;
  auto made = make(format, icc);
  kept.put(std::move(key), made);
  return made;
}

}  // namespace armarium::image
