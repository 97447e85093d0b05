#pragma once
// The headers of JPEG 2000 and HTJ2K files (JP2, JPX, JPH boxes or a bare code stream), read from the ByteSource without any codec library, with limits before each
// allocation. ISO/IEC 15444-1:2019 (code stream: annex A; boxes: annex I), 15444-2 annex M (JPX colours), 15444-15 (HT). Values; any thread.
// Errors: corrupt, unsupported (the code stream is in fragments), resource_limit.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_source.h"
#include "codec/decoder.h"
#include "codec/limits.h"

namespace armarium::codec::jp2 {

// Table A.19; high throughput: 15444-15, table A.4.
enum BlockStyle : std::uint8_t {
  kStyleBypass = 0x01,
  kStyleReset = 0x02,
  kStyleTerminate = 0x04,
  kStyleCausal = 0x08,
  kStyleSymbols = 0x20,
  kStyleHighThroughput = 0x40,
};

struct Component {
  std::uint8_t bits = 8;  // 1 to 38
  bool is_signed = false;
  std::uint32_t dx = 1;  // one sample for dx by dy points of the reference grid
  std::uint32_t dy = 1;
  std::uint32_t levels = 0;                   // wavelet decompositions
  std::uint8_t block_style = 0;               // BlockStyle
  std::uint8_t transform = 0;                 // 0: 9-7 irreversible, 1: 5-3 reversible
  std::uint8_t block_x = 6, block_y = 6;      // log2 of the sides of a code block
  std::array<std::uint8_t, 33> precinct_x{};  // log2 of the sides of a precinct, by resolution, least first
  std::array<std::uint8_t, 33> precinct_y{};
};

// SIZ and COD: what a decoder will allocate follows from these.
struct CodeStream {
  std::uint64_t offset = 0;  // in the file
  std::uint64_t length = 0;
  std::uint64_t first_tile_part = 0;             // offset of the first SOT from the start of the code stream
  std::uint32_t x0 = 0, y0 = 0, x1 = 0, y1 = 0;  // image area on the reference grid
  std::uint32_t tile_x0 = 0, tile_y0 = 0;
  std::uint32_t tile_width = 0, tile_height = 0;
  std::vector<Component> components;
  std::uint32_t levels = 0;  // the least of all components: so many times the size can be halved
  bool colour_transform = false;
  bool high_throughput = false;
  std::uint16_t capabilities = 0;  // Rsiz
  std::uint8_t progression = 0;    // as COD says: LRCP, RLCP, RPCL, PCRL, CPRL
  std::uint16_t layers = 1;
  bool packet_start_markers = false;  // SOP may precede packets
  bool packet_end_markers = false;    // EPH ends packet headers
  // No marker that changes what packets hold or where they lie (POC, PPM, RGN, those of part 2): a part of the stream can be read on its own.
  bool divisible = true;
  base::Bytes copied;                     // CAP, QCD, QCC as they are
  std::vector<base::Bytes> tile_lengths;  // contents of TLM
  bool regions_of_interest = false;       // RGN
  bool several_sets = false;              // Ccap15: code blocks of more than one HT set

  std::uint32_t tiles_across() const noexcept;
  std::uint32_t tiles_down() const noexcept;
};

// Colour spaces as the `colr` box names them; `profile` is an ICC profile.
enum class Space : std::uint8_t { unknown, grey, srgb, sycc, cmyk, lab, profile };

struct Palette {
  std::uint32_t entries = 0;
  std::vector<std::uint8_t> bits;     // of each column
  std::vector<std::uint32_t> values;  // entries x columns, row by row; signed ones are moved to start at 0
};

// Where a channel comes from: a component, or the column of the palette that a component points into.
struct Channel {
  std::uint16_t component = 0;
  std::optional<std::uint8_t> column;
};

// How CIELab samples are scaled (15444-2, M.11.7.4.1): value = sample * range / (2^bits - 1) - offset. Zero ranges: the defaults.
struct LabScale {
  std::array<double, 3> range{};
  std::array<double, 3> offset{};  // as sample
};

struct Header {
  CodeStream stream;
  Space space = Space::unknown;
  bool boxed = false;                      // JP2 family, not a bare code stream
  std::shared_ptr<const base::Bytes> icc;  // never null
  LabScale lab;
  std::optional<Palette> palette;
  std::vector<Channel> channels;  // colours in their order, without alpha
  std::optional<Channel> alpha;
  bool premultiplied = false;
  EmbeddedMetadata metadata;
};

// Why OpenJPEG does not decode this high-throughput stream, as far as its header tells: a sentence.
std::string missing_feature(const CodeStream& stream);

base::Result<Header> read_header(const base::ByteSource& file, const Limits& limits);

// The main header of the code stream alone (SOC to the first SOT), at `offset` in the file.
base::Result<CodeStream> read_code_stream(const base::ByteSource& file, std::uint64_t offset, std::uint64_t length,
                                          const Limits& limits);

}  // namespace armarium::codec::jp2
