#pragma once
// The decoders and encoders that are compiled in, one function for each; only registry.cpp and the tests call them. Each object lives as long as
// the program and has no state. A format is added by its files, one declaration here and one row in registry.cpp.

#include "codec/decoder.h"
#include "codec/encoder.h"

namespace armarium::codec {

const Decoder& jpeg_decoder();
const Decoder& png_decoder();
const Decoder& jp2_decoder();
const Decoder& tiff_decoder();
const Decoder& webp_decoder();
const Decoder& gif_decoder();

const Encoder& jpeg_encoder();
const Encoder& png_encoder();
const Encoder& tiff_encoder();
const Encoder& webp_encoder();
const Encoder& gif_encoder();
const Encoder& pdf_encoder();
const Encoder& jp2_encoder();

}  // namespace armarium::codec
