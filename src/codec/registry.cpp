#include "codec/registry.h"

#include "codec/worker.h"

namespace armarium::codec {
namespace {

struct Row {
  Format format;
  const Decoder& (*decoder)();  // null: none
  const Encoder& (*encoder)();  // null: none
};

// One row for each format that this program reads or writes itself.
constexpr Row kRows[] = {
    {Format::jpeg, jpeg_decoder, jpeg_encoder}, {Format::png, png_decoder, png_encoder},
    {Format::jp2, jp2_decoder, jp2_encoder},    {Format::tiff, tiff_decoder, tiff_encoder},
    {Format::webp, webp_decoder, webp_encoder}, {Format::gif, gif_decoder, gif_encoder},
    {Format::pdf, nullptr, pdf_encoder},
};

const Row* find(Format format) noexcept {
  for (const Row& row : kRows) {
    if (row.format == format) return &row;
  }
  return nullptr;
}

}  // namespace

const Decoder* decoder_for(Format format) noexcept {
  const Row* row = find(format);
  return row != nullptr && row->decoder != nullptr ? &row->decoder() : worker_decoder(format);
}

const Encoder* encoder_for(Format format) noexcept {
  const Row* row = find(format);
  return row != nullptr && row->encoder != nullptr ? &row->encoder() : worker_encoder(format);
}

}  // namespace armarium::codec
