#include "iiif/image_request.h"

#include <gtest/gtest.h>

namespace armarium::iiif {
namespace {

using base::ErrorCode;
using image::Rect;
using image::Size;

constexpr Size kF1{1000, 1000};
constexpr Size kF2{6000, 4000};
constexpr Size kF3{1001, 2003};
constexpr Size kF4{300, 200};
constexpr Size kF14{20000, 50};

ImageCapabilities picture(Size full) {
  ImageCapabilities capabilities;
  capabilities.full = full;
  capabilities.limits = default_limits(full, 400'000'000);
  return capabilities;
}

ImageCapabilities limited(Size full, std::optional<std::uint32_t> width, std::optional<std::uint32_t> height,
                          std::optional<std::uint64_t> area = std::nullopt) {
  ImageCapabilities capabilities;
  capabilities.full = full;
  capabilities.limits = {width, height, area};
  return capabilities;
}

struct Asked {
  std::string region = "full";
  std::string size = "max";
  std::string rotation = "0";
  std::string quality_format = "default.jpg";
};

base::Result<ResolvedRequest> ask(const Asked& asked, const ImageCapabilities& capabilities,
                                  ImageVersion version = ImageVersion::v3) {
  auto request = ImageRequest::parse(version, asked.region, asked.size, asked.rotation, asked.quality_format);
  if (!request) return base::fail(request.error());
  return resolve(*request, capabilities);
}

Rect region_of(const std::string& region, Size full) {
  auto resolved = ask({.region = region}, picture(full));
  EXPECT_TRUE(resolved) << region;
  return resolved ? resolved->region : Rect{};
}

Size size_of(const std::string& size, const ImageCapabilities& capabilities, ImageVersion version = ImageVersion::v3,
             const std::string& region = "full") {
  auto resolved = ask({.region = region, .size = size}, capabilities, version);
  EXPECT_TRUE(resolved) << region << '/' << size << ": " << (resolved ? "" : resolved.error().message);
  return resolved ? resolved->size : Size{};
}

ErrorCode refusal(const Asked& asked, const ImageCapabilities& capabilities, ImageVersion version = ImageVersion::v3) {
  auto resolved = ask(asked, capabilities, version);
  EXPECT_FALSE(resolved) << asked.region << '/' << asked.size << '/' << asked.rotation << '/' << asked.quality_format;
  return resolved ? ErrorCode::internal : resolved.error().code;
}

std::string canonical(const Asked& asked, const ImageCapabilities& capabilities,
                      ImageVersion version = ImageVersion::v3) {
  auto resolved = ask(asked, capabilities, version);
  EXPECT_TRUE(resolved);
  return resolved ? canonical_path(version, *resolved, capabilities) : "";
}

TEST(ImageRegion, FormsOfTheSpecification) {
  EXPECT_EQ(region_of("full", kF1), (Rect{0, 0, 1000, 1000}));                     // IMG3-020
  EXPECT_EQ(region_of("square", kF2), (Rect{1000, 0, 4000, 4000}));                // IMG3-021
  EXPECT_EQ(region_of("200,300,100,100", kF1), (Rect{200, 300, 100, 100}));        // IMG3-022
  EXPECT_EQ(region_of("pct:50,50,25,25", kF2), (Rect{3000, 2000, 1500, 1000}));    // IMG3-023
  EXPECT_EQ(region_of("pct:41.6,7.5,40,70", kF2), (Rect{2496, 300, 2400, 2800}));  // IMG3-024
  EXPECT_EQ(region_of("pct:.5,0,99.5,100", kF2), (Rect{30, 0, 5970, 4000}));       // IMG3-107
}

TEST(ImageRegion, OverhangIsCropped) {
  EXPECT_EQ(region_of("5900,3900,200,200", kF2), (Rect{5900, 3900, 100, 100}));    // IMG3-025
  EXPECT_EQ(region_of("pct:90,90,50,50", kF2), (Rect{5400, 3600, 600, 400}));      // IMG3-026
  EXPECT_EQ(region_of("0,0,99999999999999999999,1", kF2), (Rect{0, 0, 6000, 1}));  // IMG3-031
  EXPECT_EQ(region_of("0,0,18446744073709551615,18446744073709551615", kF2), (Rect{0, 0, 6000, 4000}));
}

TEST(ImageRegion, MeaninglessAndMalformed) {
  for (const char* region : {"0,0,0,10",
                             "0,0,10,0",
                             "pct:0,0,0,10",  // IMG3-027
                             "6000,0,1,1",
                             "0,4000,1,1",
                             "pct:100,0,1,1",
                             "99999999999999999999,0,1,1",  // IMG3-028
                             "-1,0,5,5",
                             "1.5,0,5,5",
                             "+1,0,5,5",  // IMG3-029
                             "1,2,3",
                             "1,2,3,4,5",
                             "a,b,c,d",
                             "1, 2,3,4",
                             "",
                             "pct:1,2,3",
                             "pct:",
                             ",,,",
                             "1,2,3,",  // IMG3-030
                             "pct:+1,0,5,5",
                             "pct:1e1,0,5,5",
                             "pct:0x10,0,5,5",
                             "pct:1..2,0,5,5",
                             "pct:.,0,5,5",
                             "pct:nan,0,5,5",
                             "Full",
                             "FULL",
                             "Square",
                             "full "}) {  // IMG3-017
    EXPECT_EQ(refusal({.region = region}, picture(kF2)), ErrorCode::invalid_argument) << region;
  }
}

TEST(ImageSize, MaxIsTheRegionWithinLimits) {
  EXPECT_EQ(size_of("max", picture(kF4)), kF4);                         // IMG3-040
  EXPECT_EQ(size_of("max", limited(kF2, 600, 400)), (Size{600, 400}));  // IMG3-041
  EXPECT_EQ(size_of("max", limited(kF2, {}, {}, 100000)), (Size{387, 258}));
  EXPECT_EQ(size_of("max", picture(kF4), ImageVersion::v3, "0,0,1,1"), (Size{1, 1}));  // IMG3-033
  EXPECT_EQ(refusal({.size = "full"}, picture(kF1)), ErrorCode::invalid_argument);     // IMG3-042
}

TEST(ImageSize, OneSideTheOtherFollows) {
  EXPECT_EQ(size_of("600,", picture(kF2)), (Size{600, 400}));                                   // IMG3-043
  EXPECT_EQ(size_of(",400", picture(kF2)), (Size{600, 400}));                                   // IMG3-045
  EXPECT_EQ(size_of("300,", picture(kF2), ImageVersion::v3, "0,0,600,400"), (Size{300, 200}));  // IMG3-065
  EXPECT_EQ(size_of("100,", picture(kF14)), (Size{100, 1}));                                    // IMG3-064
  for (std::uint32_t width = 1; width <= 1001; ++width) {                                       // IMG3-063
    const Size size = size_of(std::to_string(width) + ",", picture(kF3));
    EXPECT_EQ(size.width, width);
    const double exact = width * 2003.0 / 1001.0;
    EXPECT_LE(std::abs(size.height - exact), 0.5) << width;
  }
}

TEST(ImageSize, PercentAndBothSides) {
  EXPECT_EQ(size_of("pct:12.5", picture(kF2)), (Size{750, 500}));  // IMG3-047
  EXPECT_EQ(size_of("pct:100", picture(kF4)), kF4);
  EXPECT_EQ(size_of("pct:0.5", picture(kF14)), (Size{100, 1}));
  EXPECT_EQ(size_of("500,500", picture(kF2)), (Size{500, 500}));  // IMG3-049
  EXPECT_EQ(size_of("300,200", picture(kF4)), kF4);               // IMG3-069
}

TEST(ImageSize, Confined) {
  EXPECT_EQ(size_of("!225,100", picture(kF2)), (Size{150, 100}));  // IMG3-051
  EXPECT_EQ(size_of("!2000,3000", picture(kF4)), kF4);             // IMG3-052
  EXPECT_EQ(size_of("!5,99999999999999999999", picture(kF4)), (Size{5, 3}));
  EXPECT_EQ(size_of("!5000,5000", limited(kF2, 600, 400)), (Size{600, 400}));
}

TEST(ImageSize, LargerThanTheRegionWithoutCaret) {
  for (const char* size : {"301,", ",201", "pct:100.1", "pct:120", "300,201", "301,10",
                           "99999999999999999999,"}) {  // IMG3-044 046 048 050
    EXPECT_EQ(refusal({.size = size}, picture(kF4)), ErrorCode::invalid_argument) << size;
  }
  EXPECT_EQ(refusal({.region = "0,0,100,100", .size = "101,"}, picture(kF2)), ErrorCode::invalid_argument);  // IMG3-065
}

TEST(ImageSize, Caret) {
  const auto limits = limited(kF4, 600, 600);
  EXPECT_EQ(size_of("^max", limits), (Size{600, 400}));   // IMG3-053
  EXPECT_EQ(size_of("^600,", limits), (Size{600, 400}));  // IMG3-054
  EXPECT_EQ(size_of("^,400", limits), (Size{600, 400}));
  EXPECT_EQ(size_of("^pct:200", limits), (Size{600, 400}));
  EXPECT_EQ(size_of("^500,500", limits), (Size{500, 500}));
  EXPECT_EQ(size_of("^!600,600", limits), (Size{600, 400}));  // IMG3-055
  EXPECT_EQ(size_of("^!9000,9000", limits), (Size{600, 400}));
  EXPECT_EQ(size_of("^!100,100", limits), (Size{100, 67}));
  EXPECT_EQ(size_of("^max", limited(kF4, {}, {}, 240000)), (Size{600, 400}));
  EXPECT_EQ(size_of("^pct:200", picture(kF1)), (Size{2000, 2000}));  // the official validator's size_up
}

TEST(ImageSize, CaretWhereEnlargingIsOff) {
  ImageCapabilities off = limited(kF4, 600, 600);
  off.upscaling = false;
  for (const char* size : {"^pct:120", "^600,", "^max", "^!600,600", "^300,201"}) {  // IMG3-057
    EXPECT_EQ(refusal({.size = size}, off), ErrorCode::unsupported) << size;
  }
  off.full = kF2;
  EXPECT_EQ(size_of("^600,", off), (Size{600, 400}));  // IMG3-056
  EXPECT_EQ(size_of("^max", off), (Size{600, 400}));
}

TEST(ImageSize, Malformed) {
  for (const char* size : {"^",       "^abc",    "^0,",   "^pct:", ",^240", "^^max",   "^!",   "!^5,5",  // IMG3-058
                           "0,",      ",0",      "0,0",   "!0,10", "pct:0", "pct:0.1",                   // IMG3-061
                           "1.5,",    "-5,",     "+5,",   ",",     "!5,",   "!,5",     "5",    "pct:+5",
                           "pct:1e1", "pct:NaN", "5,5,5",  // IMG3-062
                           "",        "MAX",     "Max",   "pct:",  "pct",   "!max",    "max ", "pct:inf"}) {
    EXPECT_EQ(refusal({.size = size}, picture(kF4)), ErrorCode::invalid_argument) << size;
  }
}

TEST(ImageSize, Limits) {
  EXPECT_EQ(refusal({.size = "601,"}, limited(kF2, 600, 400)), ErrorCode::over_limit);  // IMG3-059
  EXPECT_EQ(refusal({.size = "600,"}, limited(kF2, {}, {}, 100000)), ErrorCode::over_limit);
  EXPECT_EQ(refusal({.size = "^601,"}, limited(kF4, 600, 600)), ErrorCode::over_limit);
  EXPECT_EQ(refusal({.size = "^pct:1000"}, limited(kF4, 600, 600)), ErrorCode::over_limit);
  EXPECT_EQ(refusal({.size = ",601"}, limited({400, 4000}, 600, {})), ErrorCode::over_limit);  // IMG3-060
  EXPECT_EQ(size_of("max", limited({400, 4000}, 600, {})), (Size{60, 600}));
  auto turned = ask({.rotation = "45", .quality_format = "default.png"}, limited(kF2, 600, 400));  // IMG3-068
  ASSERT_TRUE(turned);
  EXPECT_EQ(turned->size, (Size{600, 400}));
}

TEST(ImageRotation, Forms) {
  auto rotation = [](const char* text) { return ask({.rotation = text}, picture(kF4)); };
  EXPECT_EQ(rotation("90")->rotation, 90);
  EXPECT_EQ(rotation("90.0")->rotation, 90);  // IMG3-088
  EXPECT_EQ(rotation("90.")->rotation, 90);
  EXPECT_EQ(rotation("22.5")->rotation, 22.5);  // IMG3-083
  EXPECT_EQ(rotation("360")->rotation, 0);      // IMG3-085
  EXPECT_EQ(rotation("359.99999999")->rotation, 0);
  EXPECT_TRUE(rotation("!90")->mirror);  // IMG3-082
  for (const char* text :
       {"361", "-90", "720", "360.1",                                                       // IMG3-086
        "abc", "!", "90!", "!!90", "+90", "1e2", "90,0", "", ".", "0x5a", "inf", " 90"}) {  // IMG3-087
    EXPECT_EQ(refusal({.rotation = text}, picture(kF4)), ErrorCode::invalid_argument) << text;
  }
}

TEST(ImageQualityFormat, Forms) {
  auto quality = [](const char* text, bool colour) {
    ImageCapabilities capabilities = picture(kF4);
    capabilities.has_colour = colour;
    return ask({.quality_format = text}, capabilities)->quality;
  };
  EXPECT_EQ(quality("default.jpg", true), Quality::default_);
  EXPECT_EQ(quality("color.png", true), Quality::default_);   // IMG3-114
  EXPECT_EQ(quality("color.png", false), Quality::default_);  // IMG3-091
  EXPECT_EQ(quality("gray.png", true), Quality::gray);
  EXPECT_EQ(quality("gray.png", false), Quality::default_);
  EXPECT_EQ(quality("bitonal.tif", false), Quality::bitonal);
  for (const char* text :
       {"native.jpg", "grey.jpg", "Color.jpg", "default", "default.", "default.xyz", "default.jpeg",  // IMG3-094 103
        ".jpg", "default.JPG", "Default.jpg", "default.jpg.png", ""}) {
    EXPECT_EQ(refusal({.quality_format = text}, picture(kF4)), ErrorCode::invalid_argument) << text;
  }
}

TEST(ImageCanonical, Version3) {
  EXPECT_EQ(canonical({"pct:0,0,100,100", "!300,200", "0.0", "default.jpg"}, picture(kF4)),
            "full/max/0/default.jpg");  // IMG3-110
  EXPECT_EQ(canonical({.region = "pct:50,50,25,25"}, picture(kF2)),
            "3000,2000,1500,1000/max/0/default.jpg");  // IMG3-111
  EXPECT_EQ(canonical({.region = "square"}, picture(kF2)), "1000,0,4000,4000/max/0/default.jpg");
  EXPECT_EQ(canonical({.region = "square"}, picture(kF1)), "full/max/0/default.jpg");
  for (const char* size : {"600,", ",400", "pct:10", "600,400", "!600,600", "^600,"}) {  // IMG3-112
    EXPECT_EQ(canonical({.size = size}, picture(kF2)), "full/600,400/0/default.jpg") << size;
  }
  const auto limits = limited(kF4, 600, 600);
  EXPECT_EQ(canonical({.size = "^600,"}, limits), "full/%5Emax/0/default.jpg");
  EXPECT_EQ(canonical({.size = "^500,500"}, limits), "full/%5E500,500/0/default.jpg");
  EXPECT_EQ(canonical({.size = "600,400"}, limited(kF2, 600, 400)), "full/max/0/default.jpg");
  EXPECT_EQ(canonical({.rotation = "!90.0"}, picture(kF4)), "full/max/!90/default.jpg");  // IMG3-113
  EXPECT_EQ(canonical({.rotation = "0.50"}, picture(kF4)), "full/max/0.5/default.jpg");
  EXPECT_EQ(canonical({.rotation = "!360"}, picture(kF4)), "full/max/!0/default.jpg");
  EXPECT_EQ(canonical({.quality_format = "color.png"}, picture(kF4)), "full/max/0/default.png");
}

TEST(ImageCanonical, IsAFixedPoint) {  // IMG3-115
  for (const Size full : {kF1, kF2, kF3, kF4, kF14, Size{1, 1}}) {
    for (const auto& limits :
         {SizeLimits{}, default_limits(full, 400'000'000), SizeLimits{600, 400, {}}, SizeLimits{{}, {}, 100000}}) {
      ImageCapabilities capabilities = picture(full);
      capabilities.limits = limits;
      for (const char* size : {"max", "^max", "!70,30", "^!500,300", "pct:33.3", "^pct:110", "1,", ",1", "1,1"}) {
        for (const char* region : {"full", "square", "pct:10,10,33.3,77"}) {
          const Asked asked{region, size, "!12.50", "gray.png"};
          auto first = ask(asked, capabilities);
          if (!first) continue;
          std::string path = canonical_path(ImageVersion::v3, *first, capabilities);
          const std::string spelled = path;
          if (const auto caret = path.find("%5E"); caret != std::string::npos) path.replace(caret, 3, "^");
          std::vector<std::string> parts;
          for (std::size_t at = 0; at != std::string::npos;) {
            const std::size_t slash = path.find('/', at);
            parts.push_back(path.substr(at, slash == std::string::npos ? slash : slash - at));
            at = slash == std::string::npos ? slash : slash + 1;
          }
          ASSERT_EQ(parts.size(), 4u);
          auto second = ask({parts[0], parts[1], parts[2], parts[3]}, capabilities);
          ASSERT_TRUE(second) << path;
          EXPECT_EQ(*first, *second) << path;
          EXPECT_EQ(canonical_path(ImageVersion::v3, *second, capabilities), spelled);
        }
      }
    }
  }
}

TEST(ImageVersion2, Sizes) {
  constexpr auto v2 = ImageVersion::v2;
  EXPECT_EQ(size_of("full", picture(kF4), v2), kF4);               // IMG2-005
  EXPECT_EQ(size_of("max", picture(kF4), v2), kF4);                // IMG2-006
  EXPECT_EQ(size_of("600,", picture(kF4), v2), (Size{600, 400}));  // IMG2-008
  EXPECT_EQ(size_of("!600,600", picture(kF4), v2), (Size{600, 400}));
  EXPECT_EQ(size_of("pct:50", picture(kF4), v2), (Size{150, 100}));  // IMG2-009
  EXPECT_EQ(size_of("max", limited(kF2, 600, {}), v2), (Size{600, 400}));
  EXPECT_EQ(refusal({.size = "full"}, limited(kF2, 600, {}), v2), ErrorCode::over_limit);
  for (const char* size : {"^max", "^600,", "^!5,5"}) {  // IMG2-007
    EXPECT_EQ(refusal({.size = size}, picture(kF4), v2), ErrorCode::invalid_argument) << size;
  }
  ImageCapabilities off = picture(kF4);
  off.upscaling = false;
  EXPECT_EQ(refusal({.size = "600,"}, off, v2), ErrorCode::invalid_argument);
  EXPECT_EQ(size_of("!600,600", off, v2), kF4);
}

TEST(ImageVersion2, Canonical) {
  constexpr auto v2 = ImageVersion::v2;
  EXPECT_EQ(canonical({.size = "max"}, picture(kF4), v2), "full/full/0/default.jpg");  // IMG2-015
  EXPECT_EQ(canonical({.size = "600,400"}, picture(kF2), v2), "full/600,/0/default.jpg");
  EXPECT_EQ(canonical({.size = ",400"}, picture(kF2), v2), "full/600,/0/default.jpg");
  EXPECT_EQ(canonical({.size = "500,500"}, picture(kF2), v2), "full/500,500/0/default.jpg");
  EXPECT_EQ(canonical({.region = "square"}, picture(kF1), v2), "full/full/0/default.jpg");   // IMG2-016
  EXPECT_EQ(canonical({.rotation = "0.50"}, picture(kF4), v2), "full/full/.5/default.jpg");  // IMG2-017
  EXPECT_EQ(canonical({.rotation = "!22.50"}, picture(kF4), v2), "full/full/!22.5/default.jpg");
}

TEST(ImageLimits, DefaultsAllowTheWholePicture) {
  for (const Size full : {kF1, kF2, kF3, kF14, Size{1, 1}, Size{65500, 6000}}) {
    const SizeLimits limits = default_limits(full, 400'000'000);
    EXPECT_TRUE(limits.max_width.has_value());  // IMG3-133
    EXPECT_TRUE(limits.allows(full)) << full.width << 'x' << full.height;
  }
  const SizeLimits huge = default_limits({200000, 100000}, 400'000'000);
  const Size shrunk = huge.shrink({200000, 100000});
  EXPECT_LE(shrunk.width, 65500u);
  EXPECT_LE(shrunk.area(), 400'000'000u);
  EXPECT_TRUE(huge.allows(shrunk));
}

TEST(ImageLimits, AreaKeepsAtLeastOnePixelASide) {
  const SizeLimits limits{{}, {}, 100};
  EXPECT_EQ(limits.shrink({9999, 1}), (Size{100, 1}));
  EXPECT_EQ(limits.shrink({1, 9999}), (Size{1, 100}));
  EXPECT_TRUE(limits.allows(limits.shrink({4'000'000'000, 3})));
}

}  // namespace
}  // namespace armarium::iiif
