#include "decode/reader.h"

namespace armarium::decode {
namespace {

using base::Result;
using codec::Format;
using codec::worker::Loader;

Result<std::unique_ptr<Reader>> open_with(const Input& input, Loader loader) {
  switch (loader) {
    case Loader::pdf: return open_pdf(input);
    case Loader::svg: return open_svg(input);
    case Loader::slide: return open_slide(input);
    case Loader::jp2: return open_jp2(input);
    case Loader::jxl: return open_jxl(input);
    default: return open_raster(input);
  }
}

}  // namespace

Result<std::unique_ptr<Reader>> open_reader(const Input& input, codec::worker::Loader& loader) {
  if (loader != Loader::choose) return open_with(input, loader);
  Loader chosen = Loader::raster;
  if (input.format == Format::pdf) chosen = Loader::pdf;
  if (input.format == Format::jxl) chosen = Loader::jxl;
  if (input.format == Format::svg) chosen = Loader::svg;
  if (input.format == Format::other || input.format == Format::unknown) {
    if (auto slide = open_slide(input)) {
      loader = Loader::slide;
      return slide;
    }
  }
  auto reader = open_with(input, chosen);
  if (reader) loader = chosen;
  return reader;
}

}  // namespace armarium::decode
