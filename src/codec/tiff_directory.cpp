// One directory of a TIFF file (TIFF 6.0, section 8 and following; BigTIFF as libtiff has it).

#include "codec/tiff_directory.h"

#include <algorithm>

#include <tiffio.h>

#include <fmt/format.h>

#include "codec/tiff_direct.h"
#include "codec/tiff_io.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

// A progressive tile of more pixels would have libjpeg hold coefficients that no plan counts.
constexpr std::uint64_t kLargestPlanesTile = std::uint64_t{4} << 20;

template <class T>
T field(TIFF* tif, std::uint32_t tag, T fallback) {
  T value = fallback;
  return TIFFGetField(tif, tag, &value) == 1 ? value : fallback;
}

template <class T>
T defaulted(TIFF* tif, std::uint32_t tag, T fallback) {
  T value = fallback;
  return TIFFGetFieldDefaulted(tif, tag, &value) == 1 ? value : fallback;
}

tl::unexpected<base::Error> damaged(const TiffFile& file, std::string_view what) {
  return fail(ErrorCode::corrupt, "The TIFF file is damaged.", fmt::format("{} {}", what, file.message()));
}

class Reader {
 public:
  Reader(TiffFile& file, const Limits& limits) : file_(file), tif_(file.handle()), limits_(limits) {}

  Result<TiffDirectory> run(std::uint64_t offset, std::uint64_t file_size) {
    directory_.offset = offset;
    if (auto read = shape(); !read) return fail(std::move(read.error()));
    samples();
    if (directory_.path != TiffPath::unsupported) colour();
    if (directory_.path != TiffPath::unsupported) pixels();
    if (auto read = tables(file_size); !read) return fail(std::move(read.error()));
    extras();
    return std::move(directory_);
  }

 private:
  void unsupported() { directory_.path = TiffPath::unsupported; }

  Result<> shape() {
    TiffDirectory& d = directory_;
    d.size = {field<std::uint32_t>(tif_, TIFFTAG_IMAGEWIDTH, 0), field<std::uint32_t>(tif_, TIFFTAG_IMAGELENGTH, 0)};
    if (d.size.empty() || d.size.width > INT32_MAX || d.size.height > INT32_MAX) return damaged(file_, "no size");
    if (d.size.area() > limits_.max_pixels)
      return fail(ErrorCode::resource_limit, "The picture has more pixels than the server allows.");
    d.tiled = TIFFIsTiled(tif_) != 0;
    if (d.tiled) {
      d.block = {field<std::uint32_t>(tif_, TIFFTAG_TILEWIDTH, 0), field<std::uint32_t>(tif_, TIFFTAG_TILELENGTH, 0)};
    } else {
      d.block = {d.size.width,
                 std::min(defaulted<std::uint32_t>(tif_, TIFFTAG_ROWSPERSTRIP, UINT32_MAX), d.size.height)};
    }
    if (d.block.empty() || d.block.width > INT32_MAX || d.block.height > INT32_MAX)
      return damaged(file_, "no block size");
    d.subfile = field<std::uint32_t>(tif_, TIFFTAG_SUBFILETYPE, 0);
    std::uint16_t number = 0;
    std::uint16_t total = 0;
    d.numbered = TIFFGetField(tif_, TIFFTAG_PAGENUMBER, &number, &total) == 1;
    const auto orientation = field<std::uint16_t>(tif_, TIFFTAG_ORIENTATION, 1);
    d.orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
    return {};
  }

  void samples() {
    TiffDirectory& d = directory_;
    d.compression = defaulted<std::uint16_t>(tif_, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    d.bits = defaulted<std::uint16_t>(tif_, TIFFTAG_BITSPERSAMPLE, 1);
    d.samples = defaulted<std::uint16_t>(tif_, TIFFTAG_SAMPLESPERPIXEL, 1);
    d.separate = defaulted<std::uint16_t>(tif_, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE &&
                 d.samples > 1;
    d.byte_swapped = TIFFIsByteSwapped(tif_) != 0;
    d.bits_reversed = defaulted<std::uint16_t>(tif_, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB) == FILLORDER_LSB2MSB;
    const auto format = defaulted<std::uint16_t>(tif_, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
    d.kind = format == SAMPLEFORMAT_INT      ? TiffSamples::sint
             : format == SAMPLEFORMAT_IEEEFP ? TiffSamples::ieee
                                             : TiffSamples::uint;
    const bool whole = d.kind != TiffSamples::ieee && (d.bits >= 1 && (d.bits <= 16 || d.bits == 24 || d.bits == 32));
    const bool real = d.kind == TiffSamples::ieee && (d.bits == 16 || d.bits == 32 || d.bits == 64);
    if (format >= SAMPLEFORMAT_COMPLEXINT || (!whole && !real) || d.samples == 0 ||
        TIFFIsCODECConfigured(d.compression) == 0)
      unsupported();
    if (d.kind == TiffSamples::ieee) {
      d.low = field<double>(tif_, TIFFTAG_SMINSAMPLEVALUE, 0);
      d.high = field<double>(tif_, TIFFTAG_SMAXSAMPLEVALUE, 1);
      if (!(d.high > d.low)) {
        d.low = 0;
        d.high = 1;
      }
    }
    if (d.compression == COMPRESSION_NONE && !d.tiled)
      d.path = d.path == TiffPath::unsupported ? d.path : TiffPath::raw_rows;
    if (d.compression == COMPRESSION_OJPEG) d.path = TiffPath::rgba;
  }

  void colour() {
    TiffDirectory& d = directory_;
    std::uint16_t photometric = 0;
    if (TIFFGetField(tif_, TIFFTAG_PHOTOMETRIC, &photometric) != 1) {
      photometric = d.samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
    }
    switch (photometric) {
      case PHOTOMETRIC_MINISWHITE: d.colour = TiffColour::white_is_zero; break;
      case PHOTOMETRIC_MINISBLACK:
      case PHOTOMETRIC_MASK: d.colour = TiffColour::black_is_zero; break;
      case PHOTOMETRIC_RGB: d.colour = d.samples >= 3 ? TiffColour::rgb : TiffColour::black_is_zero; break;
      case PHOTOMETRIC_PALETTE: palette(); break;
      case PHOTOMETRIC_SEPARATED: separated(); break;
      case PHOTOMETRIC_YCBCR: ycbcr(); break;
      case PHOTOMETRIC_CIELAB: d.colour = d.samples >= 3 ? TiffColour::cielab : TiffColour::black_is_zero; break;
      case PHOTOMETRIC_ICCLAB: d.colour = d.samples >= 3 ? TiffColour::icclab : TiffColour::black_is_zero; break;
      case PHOTOMETRIC_ITULAB:
      case PHOTOMETRIC_LOGL:
      case PHOTOMETRIC_LOGLUV: d.path = TiffPath::rgba; break;
      default: unsupported();
    }
  }

  void palette() {
    TiffDirectory& d = directory_;
    std::uint16_t* red = nullptr;
    std::uint16_t* green = nullptr;
    std::uint16_t* blue = nullptr;
    if (d.bits > 16 || d.kind == TiffSamples::ieee || TIFFGetField(tif_, TIFFTAG_COLORMAP, &red, &green, &blue) != 1)
      return unsupported();
    d.colour = TiffColour::palette;
    const std::size_t count = std::size_t{1} << d.bits;
    for (const std::uint16_t* channel : {red, green, blue}) d.palette.insert(d.palette.end(), channel, channel + count);
    // Some writers store 8-bit values (as libtiff's own tools check, too).
    if (std::all_of(d.palette.begin(), d.palette.end(), [](std::uint16_t value) { return value < 256; })) {
      for (std::uint16_t& value : d.palette) value = static_cast<std::uint16_t>(value * 257);
    }
  }

  void separated() {
    if (directory_.samples < 4 || defaulted<std::uint16_t>(tif_, TIFFTAG_INKSET, INKSET_CMYK) != INKSET_CMYK)
      return unsupported();
    directory_.colour = TiffColour::cmyk;
  }

  void ycbcr() {
    TiffDirectory& d = directory_;
    if (d.compression == COMPRESSION_JPEG) {
      d.colour = TiffColour::rgb;  // libjpeg converts
      if (d.separate || d.samples != 3) return unsupported();
      return jpeg_planes();
    }
    if (d.path == TiffPath::rgba) return;
    d.colour = TiffColour::ycbcr;
    TIFFGetFieldDefaulted(tif_, TIFFTAG_YCBCRSUBSAMPLING, &d.chroma_x, &d.chroma_y);
    const auto valid = [](std::uint16_t factor) { return factor == 1 || factor == 2 || factor == 4; };
    if (!valid(d.chroma_x) || !valid(d.chroma_y) || d.bits != 8 || d.samples != 3 || d.kind != TiffSamples::uint)
      return unsupported();
    d.path = d.separate ? TiffPath::rgba : TiffPath::blocks;
    if (d.path == TiffPath::blocks) ycbcr_constants();
  }

  void jpeg_planes() {
    TiffDirectory& d = directory_;
    std::uint16_t x = 0;
    std::uint16_t y = 0;
    TIFFGetFieldDefaulted(tif_, TIFFTAG_YCBCRSUBSAMPLING, &x, &y);
    const auto even = [](std::uint16_t factor) { return factor == 1 || factor == 2 || factor == 4; };
    std::uint32_t length = 0;
    void* data = nullptr;
    const bool tables = TIFFGetField(tif_, TIFFTAG_JPEGTABLES, &length, &data) == 1 && data != nullptr;
    if (!d.tiled || d.block.area() > kLargestPlanesTile || d.bits != 8 || !even(x) || !even(y) ||
        length > limits_.max_metadata)
      return;
    d.jpeg_chroma = {static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(y)};
    if (!tables) return;
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    d.jpeg_tables.assign(bytes, bytes + length);
  }

  void ycbcr_constants() {
    float* luma = nullptr;
    float* reference = nullptr;
    if (TIFFGetFieldDefaulted(tif_, TIFFTAG_YCBCRCOEFFICIENTS, &luma) == 1 && luma != nullptr)
      std::copy_n(luma, 3, directory_.luma.begin());
    if (TIFFGetFieldDefaulted(tif_, TIFFTAG_REFERENCEBLACKWHITE, &reference) == 1 && reference != nullptr) {
      std::copy_n(reference, 6, directory_.reference.begin());
    }
    if (!(directory_.luma[1] > 0)) unsupported();
  }

  void pixels() {
    TiffDirectory& d = directory_;
    image::PixelFormat format;
    format.bits = d.bits <= 8 && d.kind != TiffSamples::ieee ? 8 : 16;
    std::uint16_t colours = 3;
    switch (d.colour) {
      case TiffColour::white_is_zero:
      case TiffColour::black_is_zero:
        format.model = image::ColourModel::grey;
        colours = 1;
        break;
      case TiffColour::palette:
        format.bits = 8;
        colours = 1;
        break;
      case TiffColour::cmyk:
        format.model = image::ColourModel::cmyk;
        colours = 4;
        break;
      case TiffColour::cielab:
      case TiffColour::icclab: format.model = image::ColourModel::lab; break;
      default: break;
    }
    // Lab samples are bit patterns of their own, whatever the sample format says.
    if (format.model == image::ColourModel::lab && d.kind == TiffSamples::sint) d.kind = TiffSamples::uint;
    std::uint16_t count = 0;
    std::uint16_t* types = nullptr;
    TIFFGetFieldDefaulted(tif_, TIFFTAG_EXTRASAMPLES, &count, &types);
    for (std::uint16_t i = 0; i < count && types != nullptr && colours + i < d.samples; ++i) {
      if (types[i] != EXTRASAMPLE_ASSOCALPHA && types[i] != EXTRASAMPLE_UNASSALPHA) continue;
      d.alpha = types[i] == EXTRASAMPLE_ASSOCALPHA ? TiffAlpha::associated : TiffAlpha::unassociated;
      d.alpha_sample = static_cast<std::uint16_t>(colours + i);
      format.alpha = true;
      break;
    }
    if (d.compression == COMPRESSION_JPEG && d.bits != 8) unsupported();
    if (d.path == TiffPath::rgba) format = {image::ColourModel::rgb, 8, d.alpha != TiffAlpha::none, false};
    d.pixels = format;
  }

  Result<> tables(std::uint64_t file_size) {
    TiffDirectory& d = directory_;
    const std::uint64_t planes = d.separate ? d.samples : 1;
    const std::uint64_t count = std::uint64_t{d.blocks_across()} * d.blocks_down() * planes;
    if (count > limits_.max_tiles)
      return fail(ErrorCode::resource_limit, "The picture has more tiles than the server allows.");
    if (d.path == TiffPath::unsupported || d.path == TiffPath::rgba) return {};
    const std::uint32_t stored = d.tiled ? TIFFNumberOfTiles(tif_) : TIFFNumberOfStrips(tif_);
    if (stored != count) return damaged(file_, "number of blocks");
    d.offsets.resize(count);
    d.counts.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      d.offsets[i] = TIFFGetStrileOffset(tif_, i);
      d.counts[i] = TIFFGetStrileByteCount(tif_, i);
      // A single block without a length reaches to the end of the file at most.
      if (d.counts[i] == 0 && count == 1 && d.offsets[i] < file_size) d.counts[i] = file_size - d.offsets[i];
    }
    return {};
  }

  void extras() {
    TiffDirectory& d = directory_;
    std::uint16_t count = 0;
    std::uint64_t* children = nullptr;
    if (TIFFGetField(tif_, TIFFTAG_SUBIFD, &count, &children) == 1 && children != nullptr)
      d.children.assign(children, children + count);
    std::uint32_t length = 0;
    void* data = nullptr;
    if (TIFFGetField(tif_, TIFFTAG_ICCPROFILE, &length, &data) == 1 && data != nullptr &&
        length <= limits_.max_metadata) {
      const auto* bytes = static_cast<const std::uint8_t*>(data);
      d.icc = base::share(base::Bytes(bytes, bytes + length));
    } else {
      d.icc = base::share({});
    }
    d.linear = d.kind == TiffSamples::ieee && d.colour == TiffColour::rgb && d.icc->empty();
    char* text = nullptr;
    if (TIFFGetField(tif_, TIFFTAG_IMAGEDESCRIPTION, &text) == 1 && text != nullptr)
      d.description = std::string(text).substr(0, 64);
    d.stored_head = read_tiff_stored_head(file_, d);
    // A tag that the compression does not know has another signature.
    const bool deflated = d.compression == COMPRESSION_ADOBE_DEFLATE || d.compression == COMPRESSION_DEFLATE;
    const auto predictor =
        deflated ? field<std::uint16_t>(tif_, TIFFTAG_PREDICTOR, PREDICTOR_NONE) : std::uint16_t{PREDICTOR_NONE};
    d.differences = predictor == PREDICTOR_HORIZONTAL;
    d.direct = is_direct_tiff(d, predictor);
  }

  TiffFile& file_;
  TIFF* tif_;
  const Limits& limits_;
  TiffDirectory directory_;
};

}  // namespace

Result<TiffDirectory> read_tiff_directory(TiffFile& file, std::uint64_t offset, std::uint64_t file_size,
                                          const Limits& limits) {
  return Reader(file, limits).run(offset, file_size);
}

}  // namespace armarium::codec
