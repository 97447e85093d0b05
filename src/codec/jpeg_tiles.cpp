// libjpeg reads coefficients into arrays of the whole picture, three bytes for each pixel. Its memory manager is a table of functions, though: here it gets arrays that are one row of tiles
// high and are handed on when the entropy decoder goes past them.

#include "codec/jpeg_tiles.h"

#include <algorithm>
#include <array>
#include <vector>

#include "codec/jpeg_output.h"
#include "codec/jpeg_session.h"

namespace armarium::codec {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr int kMostComponents = 3;
constexpr std::uint32_t kBlock = DCTSIZE;

// The blocks of one component in a row of tiles, whole tiles wide.
struct Band {
  JDIMENSION columns = 0;       // blocks, up to the edge of the last tile
  JDIMENSION rows = 0;          // blocks, of a tile
  JDIMENSION tile_columns = 0;  // blocks, of a tile
  JDIMENSION filled = 0;        // columns that the file has
  std::vector<JCOEF> coefficients;
  std::vector<JBLOCKROW> lines;  // of `coefficients`
  std::vector<JBLOCKROW> view;   // the lines that were asked for, of one tile
  JDIMENSION picture_rows = 0;   // of the whole component
};

struct Cut {
  base::ByteView file;
  std::uint32_t tile = 0;
  const JpegTiles::Taker* take = nullptr;
  std::array<Band, kMostComponents> bands;
  int components = 0;
  JDIMENSION number = 0;  // of the row of tiles that is in `bands`
  Result<> done;          // what went wrong outside libjpeg
  bool finished = false;
};

struct CutSession : JpegSession {
  Cut* cut = nullptr;
};
struct TileSession : JpegSession {
  Cut* cut = nullptr;
  std::uint32_t column = 0;
  JpegOutput out;
  bool finished = false;
};

// libjpeg knows its arrays by a pointer to a type of its own; a component's band stands for it.
jvirt_barray_ptr as_array(Band& band) { return reinterpret_cast<jvirt_barray_ptr>(&band); }
Band& as_band(jvirt_barray_ptr array) { return *reinterpret_cast<Band*>(array); }

extern "C" JBLOCKARRAY tile_rows(j_common_ptr cinfo, jvirt_barray_ptr array, JDIMENSION start, JDIMENSION count,
                                 boolean) {
  auto& session = *static_cast<TileSession*>(static_cast<JpegSession*>(cinfo->client_data));
  Band& band = as_band(array);
  if (start + count > band.rows) (*cinfo->err->error_exit)(cinfo);
  for (JDIMENSION i = 0; i < count; ++i)
    band.view[i] = band.lines[start + i] + std::size_t{session.column} * band.tile_columns;
  return band.view.data();
}

// No object with a destructor lives in this function: libjpeg leaves it by longjmp.
void write_tile(j_decompress_ptr from, j_compress_ptr to, TileSession* session) {
  if (setjmp(session->jump) != 0) return;
  jpeg_create_compress(to);
  session->out.attach_to(to);
  jpeg_copy_critical_parameters(from, to);
  to->image_width = session->cut->tile;
  to->image_height = session->cut->tile;
  to->write_JFIF_header = FALSE;
  to->write_Adobe_marker = FALSE;
  to->optimize_coding = TRUE;
  to->mem->access_virt_barray = tile_rows;
  jvirt_barray_ptr arrays[kMostComponents];
  for (int i = 0; i < session->cut->components; ++i)
    arrays[i] = as_array(session->cut->bands[static_cast<std::size_t>(i)]);
  jpeg_write_coefficients(to, arrays);
  jpeg_finish_compress(to);
  session->finished = true;
}

Result<> give_tile(j_decompress_ptr from, Cut& cut, std::uint32_t column) {
  TileSession session;
  session.cut = &cut;
  session.column = column;
  jpeg_compress_struct to{};
  attach(reinterpret_cast<j_common_ptr>(&to), session);
  write_tile(from, &to, &session);
  jpeg_destroy_compress(&to);
  if (!session.finished) return fail(ErrorCode::corrupt, "The JPEG file is damaged.", session.message);
  return (*cut.take)(session.out.take());
}

// Beyond what the file has, the colour of the nearest block goes on: flat, so that it costs nothing.
void repeat_edges(Band& band, JDIMENSION rows) {
  const auto flat = [](const JBLOCK& from, JBLOCK& to) { to[0] = from[0]; };
  for (JDIMENSION y = 0; y < rows; ++y) {
    for (JDIMENSION x = band.filled; x < band.columns; ++x) flat(band.lines[y][x - 1], band.lines[y][x]);
  }
  for (JDIMENSION y = rows; y < band.rows; ++y) {
    for (JDIMENSION x = 0; x < band.columns; ++x) flat(band.lines[y - 1][x], band.lines[y][x]);
  }
}

// The row of tiles that is complete.
Result<> give_band(j_decompress_ptr from, Cut& cut) {
  for (int i = 0; i < cut.components; ++i) {
    Band& band = cut.bands[static_cast<std::size_t>(i)];
    repeat_edges(band, std::min(band.rows, band.picture_rows - cut.number * band.rows));
  }
  const std::uint32_t across = (from->image_width - 1) / cut.tile + 1;
  for (std::uint32_t column = 0; column < across; ++column) {
    if (auto given = give_tile(from, cut, column); !given) return given;
  }
  for (Band& band : cut.bands) std::fill(band.coefficients.begin(), band.coefficients.end(), JCOEF{0});
  return {};
}

extern "C" JBLOCKARRAY band_rows(j_common_ptr cinfo, jvirt_barray_ptr array, JDIMENSION start, JDIMENSION count,
                                 boolean) {
  Cut& cut = *static_cast<CutSession*>(static_cast<JpegSession*>(cinfo->client_data))->cut;
  Band& band = as_band(array);
  if (start / band.rows != cut.number) {
    cut.done = give_band(reinterpret_cast<j_decompress_ptr>(cinfo), cut);
    cut.number = start / band.rows;
  }
  if (!cut.done || start % band.rows + count > band.rows) (*cinfo->err->error_exit)(cinfo);
  return band.lines.data() + start % band.rows;
}

// libjpeg asks for the array of each component in turn.
extern "C" jvirt_barray_ptr next_band(j_common_ptr cinfo, int, boolean, JDIMENSION columns, JDIMENSION rows,
                                      JDIMENSION) {
  Cut& cut = *static_cast<CutSession*>(static_cast<JpegSession*>(cinfo->client_data))->cut;
  if (cut.components == kMostComponents) (*cinfo->err->error_exit)(cinfo);
  const auto* from = reinterpret_cast<j_decompress_ptr>(cinfo);
  const jpeg_component_info& part = from->comp_info[cut.components];
  Band& band = cut.bands[static_cast<std::size_t>(cut.components++)];
  band.tile_columns = cut.tile / (kBlock * static_cast<JDIMENSION>(from->max_h_samp_factor)) *
                      static_cast<JDIMENSION>(part.h_samp_factor);
  band.rows = cut.tile / (kBlock * static_cast<JDIMENSION>(from->max_v_samp_factor)) *
              static_cast<JDIMENSION>(part.v_samp_factor);
  band.columns = ((from->image_width - 1) / cut.tile + 1) * band.tile_columns;
  band.filled = columns;
  band.picture_rows = rows;
  band.coefficients.resize(std::size_t{band.columns} * band.rows * DCTSIZE2);
  band.view.resize(band.rows);
  band.lines.reserve(band.rows);
  for (JDIMENSION y = 0; y < band.rows; ++y) {
    band.lines.push_back(
        reinterpret_cast<JBLOCKROW>(band.coefficients.data() + std::size_t{y} * band.columns * DCTSIZE2));
  }
  return as_array(band);
}

bool can_be_cut(j_decompress_ptr cinfo, std::uint32_t tile) {
  const bool grey = cinfo->num_components == 1 && cinfo->jpeg_color_space == JCS_GRAYSCALE;
  const bool colour = cinfo->num_components == 3 && cinfo->jpeg_color_space == JCS_YCbCr;
  if ((!grey && !colour) || cinfo->data_precision != 8 || cinfo->progressive_mode ||
      cinfo->comps_in_scan != cinfo->num_components || jpeg_has_multiple_scans(cinfo)) {
    return false;
  }
  for (int i = 0; i < cinfo->num_components; ++i) {
    const jpeg_component_info& part = cinfo->comp_info[i];
    const int most = i == 0 ? (grey ? 1 : 2) : 1;
    if (part.h_samp_factor > most || part.v_samp_factor > most) return false;
  }
  return tile != 0 && tile % (2 * kBlock) == 0;
}

// No object with a destructor lives in the next two functions: libjpeg leaves them by longjmp.
void read_header(j_decompress_ptr cinfo, JpegSession* session, base::ByteView file, std::uint32_t tile, bool* can) {
  if (setjmp(session->jump) != 0) return;
  jpeg_create_decompress(cinfo);
  jpeg_mem_src(cinfo, file.data(), file.size());
  jpeg_read_header(cinfo, TRUE);
  *can = can_be_cut(cinfo, tile);
}

void read_bands(j_decompress_ptr cinfo, CutSession* session, const base::CancelToken* cancel) {
  if (setjmp(session->jump) != 0) return;
  jpeg_create_decompress(cinfo);
  watch(reinterpret_cast<j_common_ptr>(cinfo), *cancel);
  jpeg_mem_src(cinfo, session->cut->file.data(), session->cut->file.size());
  jpeg_read_header(cinfo, TRUE);
  cinfo->mem->request_virt_barray = next_band;
  cinfo->mem->access_virt_barray = band_rows;
  if (jpeg_read_coefficients(cinfo) == nullptr) return;
  session->cut->finished = true;
}

}  // namespace

std::optional<JpegTiles> jpeg_tiles(base::ByteView file, std::uint32_t tile) {
  JpegSession session;
  jpeg_decompress_struct cinfo{};
  attach(reinterpret_cast<j_common_ptr>(&cinfo), session);
  bool can = false;
  read_header(&cinfo, &session, file, tile, &can);
  JpegTiles tiles;
  if (can) {
    tiles.size = {cinfo.image_width, cinfo.image_height};
    if (cinfo.num_components == 3)
      tiles.chroma = {static_cast<std::uint8_t>(cinfo.max_h_samp_factor),
                      static_cast<std::uint8_t>(cinfo.max_v_samp_factor)};
  }
  jpeg_destroy_decompress(&cinfo);
  return can ? std::optional(tiles) : std::nullopt;
}

Result<> cut_jpeg_tiles(base::ByteView file, std::uint32_t tile, const JpegTiles::Taker& take,
                        const base::CancelToken& cancel) {
  if (!jpeg_tiles(file, tile)) return fail(ErrorCode::unsupported, "The picture cannot be cut into tiles.");
  Cut cut;
  cut.file = file;
  cut.tile = tile;
  cut.take = &take;
  CutSession session;
  session.cut = &cut;
  jpeg_decompress_struct cinfo{};
  attach(reinterpret_cast<j_common_ptr>(&cinfo), session);
  read_bands(&cinfo, &session, &cancel);
  if (cut.finished) cut.done = give_band(&cinfo, cut);
  jpeg_destroy_decompress(&cinfo);
  if (auto go = cancel.check(); !go) return go;
  if (!cut.finished && cut.done) return fail(ErrorCode::corrupt, "The JPEG file is damaged.", session.message);
  return cut.done;
}

}  // namespace armarium::codec
