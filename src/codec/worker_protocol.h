#pragma once
// What the server and armarium-decode say to each other: one datagram for a job (with two descriptors: what to read, where to write), one for its reply, on a
// SOCK_SEQPACKET pair. Both programs are of one build, so plain structures do. Bulk goes through memory objects that the server made and sealed to a size.
// An IndexAnswer comes from a process that read a hostile file: parse_index_answer checks all of it. Pure functions; any thread.

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "codec/decoder.h"

namespace armarium::codec::worker {

inline constexpr std::uint32_t kMagic = 0x41524D34;  // changes with every change of this file
inline constexpr std::uint64_t kMaxAnswer = std::uint64_t{96} << 20U;
inline constexpr int kSocket = 3;  // descriptor of the pair's end in the process

enum class Operation : std::uint32_t {
  index = 1,
  decode = 2,
  encode = 3,
  spin = 97,
  crash = 98,
  hang = 99
};  // the last three are for tests

// What reads a file there; `choose` in an index job: by format and content.
enum class Loader : std::uint8_t { choose = 0, raster = 1, svg = 2, slide = 3, pdf = 4, jp2 = 5, jxl = 6 };

struct Job {
  std::uint32_t magic = kMagic;
  Operation operation = Operation::index;
  std::uint64_t id = 0;
  Format format = Format::unknown;  // as sniffed, or the one to write
  Loader loader = Loader::choose;   // as the process named it in the index
  std::array<std::uint8_t, 2> unused{};
  std::uint32_t cpu_seconds = 60;
  std::uint32_t page = 0;
  std::uint32_t level = 0;
  image::Size full;  // of the page
  image::Size level_size;
  image::Rect area;           // of the level; decode: what to write
  image::PixelFormat pixels;  // decode: what to write; encode: what is read
  image::Size size;           // encode
  std::int32_t quality = 82;
  std::uint32_t max_pages = 0;
  std::uint64_t max_pixels = 0;
  std::uint64_t max_metadata = 0;
  std::uint64_t max_decode_bytes = 0;
  std::uint64_t room = 0;      // bytes of the object to write to
  std::array<char, 40> key{};  // of the file's version, for the process's cache of one picture
};

enum class Outcome : std::uint32_t { done = 0, corrupt = 1, unsupported = 2, resource_limit = 3, internal = 4 };

struct Reply {
  std::uint32_t magic = kMagic;
  Outcome outcome = Outcome::internal;
  std::uint64_t id = 0;       // 0: the process is ready
  std::uint64_t length = 0;   // bytes written
  std::uint32_t damaged = 0;  // decode: what was given is what could be read of a damaged file
  std::uint32_t unused = 0;
  std::array<char, 512> detail{};
};

struct PageAnswer {
  image::Size size;
  image::PixelFormat pixels;
  std::uint8_t orientation = 1;
  bool bitonal = false;
  std::int32_t profile = -1;  // index into IndexAnswer::profiles
  std::vector<Level> levels;
};

struct IndexAnswer {
  Loader loader = Loader::choose;
  std::vector<base::Bytes> profiles;
  EmbeddedMetadata metadata;
  std::vector<PageAnswer> pages;
};

base::Bytes write_index_answer(const IndexAnswer& answer);
base::Result<IndexAnswer> parse_index_answer(base::ByteView bytes, const Limits& limits);

}  // namespace armarium::codec::worker
