#include "image/colour_profile.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <vector>

#include <lcms2.h>

#include "image/matrix_transform.h"

namespace armarium::image {
namespace {

struct CloseProfile {
  void operator()(void* profile) const noexcept { cmsCloseProfile(profile); }
};
struct DeleteTransform {
  void operator()(void* transform) const noexcept { cmsDeleteTransform(transform); }
};
using Profile = std::unique_ptr<void, CloseProfile>;
using Transform = std::unique_ptr<void, DeleteTransform>;

// A context of our own without a log handler: a broken profile is no news for standard error.
cmsContext context() {
  static const std::unique_ptr<_cmsContext_struct, void (*)(cmsContext)> kContext = [] {
    cmsContext made = cmsCreateContext(nullptr, nullptr);
    cmsSetLogErrorHandlerTHR(made, [](cmsContext, cmsUInt32Number, const char*) {});
    return std::unique_ptr<_cmsContext_struct, void (*)(cmsContext)>(made, cmsDeleteContext);
  }();
  return kContext.get();
}

cmsUInt32Number lcms_type(const PixelFormat& format) noexcept {
  static constexpr cmsUInt32Number kSpaces[] = {PT_GRAY, PT_RGB, PT_CMYK, PT_Lab};
  const std::uint32_t colours = format.channels() - (format.alpha ? 1 : 0);
  return COLORSPACE_SH(kSpaces[static_cast<std::size_t>(format.model)]) | EXTRA_SH(format.alpha ? 1U : 0U) |
         CHANNELS_SH(colours) | BYTES_SH(format.bits / 8U) | FLAVOR_SH(format.inverted ? 1U : 0U);
}

cmsColorSpaceSignature signature_of(ColourModel model) noexcept {
  static constexpr cmsColorSpaceSignature kSignatures[] = {cmsSigGrayData, cmsSigRgbData, cmsSigCmykData,
                                                           cmsSigLabData};
  return kSignatures[static_cast<std::size_t>(model)];
}

Profile display_profile(ColourModel model) {
  if (model != ColourModel::grey) return Profile(cmsCreate_sRGBProfileTHR(context()));
  // The curve of sRGB (IEC 61966-2-1), so that a grey picture equals its copy with three equal channels.
  static constexpr cmsFloat64Number kCurve[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  const std::unique_ptr<cmsToneCurve, void (*)(cmsToneCurve*)> curve(cmsBuildParametricToneCurve(context(), 4, kCurve),
                                                                     cmsFreeToneCurve);
  return Profile(cmsCreateGrayProfileTHR(context(), cmsD50_xyY(), curve.get()));
}

Transform make_transform(const Profile& from, const PixelFormat& format) {
  const PixelFormat display = display_format(format);
  const Profile to = display_profile(display.model);
  if (!to) return nullptr;
  cmsUInt32Number flags =
      cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE;  // no cache: one transform serves all threads
  if (format.alpha) flags |= cmsFLAGS_COPY_ALPHA;
  if (display.model == ColourModel::grey)
    flags |= cmsFLAGS_NOOPTIMIZE;  // its table for one channel is coarse in the shadows
  return Transform(cmsCreateTransformTHR(context(), from.get(), lcms_type(format), to.get(), lcms_type(display),
                                         INTENT_RELATIVE_COLORIMETRIC, flags));
}

class LcmsTransform final : public ColourTransform {
 public:
  LcmsTransform(Transform transform, bool identity, bool by_profile)
      : transform_(std::move(transform)), identity_(identity), by_profile_(by_profile) {}
  bool by_profile() const noexcept override { return by_profile_; }
  bool identity() const noexcept override { return identity_; }
  void apply(const std::uint8_t* in, std::uint8_t* out, std::uint32_t pixels) const noexcept override {
    cmsDoTransform(transform_.get(), in, out, pixels);
  }

 private:
  Transform transform_;
  bool identity_;
  bool by_profile_;
};

// sRGB comes in a hundred profiles; whether a transform does anything is found by trying a lattice of colours.
bool does_nothing(const Transform& transform, std::uint32_t channels) {
  constexpr int kSteps = 9;
  std::vector<std::uint8_t> in;
  const int total = channels == 1 ? kSteps : kSteps * kSteps * kSteps;
  for (int i = 0; i < total; ++i) {
    for (int rest = i, c = 0; c < static_cast<int>(channels); ++c, rest /= kSteps) {
      in.push_back(static_cast<std::uint8_t>(std::min(255, (rest % kSteps) * 32)));
    }
  }
  std::vector<std::uint8_t> out(in.size());
  cmsDoTransform(transform.get(), in.data(), out.data(), static_cast<cmsUInt32Number>(total));
  return std::equal(in.begin(), in.end(), out.begin(), [](int a, int b) { return std::abs(a - b) <= 1; });
}

bool is_plain(const PixelFormat& format) noexcept {
  return format.bits == 8 && (format.model == ColourModel::grey || format.model == ColourModel::rgb);
}

bool is_picture_profile(const Profile& profile, ColourModel model) noexcept {
  const cmsProfileClassSignature kind = cmsGetDeviceClass(profile.get());
  return cmsGetColorSpace(profile.get()) == signature_of(model) &&
         (kind == cmsSigInputClass || kind == cmsSigDisplayClass || kind == cmsSigOutputClass ||
          kind == cmsSigColorSpaceClass);
}

// The curves and the matrix of a profile that has nothing else.
std::shared_ptr<const ColourTransform> by_matrix(const Profile& profile) {
  if (!cmsIsMatrixShaper(profile.get()) || cmsIsCLUT(profile.get(), INTENT_RELATIVE_COLORIMETRIC, LCMS_USED_AS_INPUT))
    return nullptr;
  static constexpr cmsTagSignature kCurves[] = {cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};
  static constexpr cmsTagSignature kColorants[] = {cmsSigRedColorantTag, cmsSigGreenColorantTag, cmsSigBlueColorantTag};
  std::array<std::array<float, 256>, 3> light{};
  std::array<double, 9> colorants{};
  for (std::size_t c = 0; c < 3; ++c) {
    const auto* curve = static_cast<const cmsToneCurve*>(cmsReadTag(profile.get(), kCurves[c]));
    const auto* colour = static_cast<const cmsCIEXYZ*>(cmsReadTag(profile.get(), kColorants[c]));
    if (curve == nullptr || colour == nullptr) return nullptr;
    for (std::size_t i = 0; i < 256; ++i)
      light.at(c).at(i) = cmsEvalToneCurveFloat(curve, static_cast<cmsFloat32Number>(i) / 255.0F);
    colorants.at(c) = colour->X;
    colorants.at(3 + c) = colour->Y;
    colorants.at(6 + c) = colour->Z;
  }
  return matrix_transform(matrix_colour(light, colorants));
}

// Whether our loops do what lcms2 does, to within a level, on a lattice of colours.
bool agree(const ColourTransform& ours, const Transform& theirs) {
  std::vector<std::uint8_t> in;
  for (int i = 0; i < 17 * 17 * 17; ++i) {
    for (int rest = i, c = 0; c < 3; ++c, rest /= 17)
      in.push_back(static_cast<std::uint8_t>(std::min(255, rest % 17 * 16)));
  }
  std::vector<std::uint8_t> first(in.size());
  std::vector<std::uint8_t> second(in.size());
  const auto pixels = static_cast<std::uint32_t>(in.size() / 3);
  ours.apply(in.data(), first.data(), pixels);
  cmsDoTransform(theirs.get(), in.data(), second.data(), pixels);
  return std::equal(first.begin(), first.end(), second.begin(), [](int a, int b) { return std::abs(a - b) <= 1; });
}

}  // namespace

std::shared_ptr<const ColourTransform> profile_transform(const PixelFormat& format, base::ByteView icc) {
  if (icc.empty() || icc.size() > std::numeric_limits<cmsUInt32Number>::max()) return nullptr;
  const Profile profile(cmsOpenProfileFromMemTHR(context(), icc.data(), static_cast<cmsUInt32Number>(icc.size())));
  if (!profile || !is_picture_profile(profile, format.model)) return nullptr;
  bool identity = false;
  Transform transform;
  if (is_plain(format)) {
    PixelFormat opaque = format;
    opaque.alpha = false;
    Transform probe = make_transform(profile, opaque);
    identity = probe && does_nothing(probe, opaque.channels());
    if (format == opaque) transform = std::move(probe);
  }
  if (!transform) transform = make_transform(profile, format);
  if (!transform) return nullptr;
  if (format == kRgb8 && !identity) {
    if (auto fast = by_matrix(profile); fast && agree(*fast, transform)) return fast;
  }
  return std::make_shared<LcmsTransform>(std::move(transform), identity, true);
}

std::shared_ptr<const ColourTransform> lab_transform(const PixelFormat& format) {
  const Profile profile(cmsCreateLab4ProfileTHR(context(), nullptr));
  Transform transform = profile ? make_transform(profile, format) : nullptr;
  if (!transform) return nullptr;
  return std::make_shared<LcmsTransform>(std::move(transform), false, false);
}

}  // namespace armarium::image
