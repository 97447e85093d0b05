#include "codec/worker_protocol.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace armarium::codec::worker {
namespace {

using base::Bytes;
using base::ByteView;
using base::ErrorCode;
using base::fail;
using base::Result;

static_assert(std::is_trivially_copyable_v<Job> && std::is_trivially_copyable_v<Reply>);

constexpr std::uint32_t kMaxProfiles = 4096;
constexpr std::uint32_t kMaxLevels = 64;

class Writer {
 public:
  void number(std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) bytes_.push_back(static_cast<std::uint8_t>(value >> shift));
  }
  void size(image::Size size) {
    number(size.width);
    number(size.height);
  }
  void blob(const Bytes& blob) {
    number(static_cast<std::uint32_t>(blob.size()));
    bytes_.insert(bytes_.end(), blob.begin(), blob.end());
  }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

// Reads what Writer wrote and refuses everything else: `ok` turns false and stays so, and numbers are 0.
class Reader {
 public:
  explicit Reader(ByteView bytes) : bytes_(bytes) {}

  std::uint32_t number(std::uint32_t most = UINT32_MAX) {
    if (bytes_.size() < 4) return refuse();
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value |= std::uint32_t{bytes_[i]} << (8 * i);
    bytes_ = bytes_.subspan(4);
    return value > most ? refuse() : value;
  }
  image::Size size(bool may_be_empty) {
    const image::Size size{number(INT32_MAX), number(INT32_MAX)};
    if (size.empty() && (!may_be_empty || size != image::Size{})) refuse();
    return size;
  }
  Bytes blob(std::uint64_t most) {
    const std::uint32_t length = number();
    if (length > most || length > bytes_.size()) {
      refuse();
      return {};
    }
    Bytes blob(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(length));
    bytes_ = bytes_.subspan(length);
    return blob;
  }
  // Room for `count` things of at least `least` bytes each, so that a count alone makes nobody allocate.
  bool holds(std::uint64_t count, std::uint64_t least) {
    return ok_ && count <= bytes_.size() / least ? true : (refuse(), false);
  }
  std::uint32_t refuse() {
    ok_ = false;
    bytes_ = {};
    return 0;
  }
  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }

 private:
  ByteView bytes_;
  bool ok_ = true;
};

void write_page(Writer& writer, const PageAnswer& page) {
  writer.size(page.size);
  writer.number(static_cast<std::uint32_t>(page.pixels.model));
  writer.number(page.pixels.bits);
  writer.number((page.pixels.alpha ? 1U : 0U) | (page.pixels.inverted ? 2U : 0U) | (page.bitonal ? 4U : 0U));
  writer.number(page.orientation);
  writer.number(static_cast<std::uint32_t>(page.profile + 1));
  writer.number(static_cast<std::uint32_t>(page.levels.size()));
  for (const Level& level : page.levels) {
    writer.size(level.size);
    writer.size(level.tile);
    writer.number(level.stored ? 1 : 0);
  }
}

constexpr std::uint64_t kLeastPage = 8 * 4;
constexpr std::uint64_t kLeastLevel = 5 * 4;

PageAnswer read_page(Reader& reader, std::size_t profiles, const Limits& limits) {
  PageAnswer page;
  page.size = reader.size(false);
  if (page.size.area() > limits.max_pixels) reader.refuse();
  page.pixels.model =
      static_cast<image::ColourModel>(reader.number(static_cast<std::uint32_t>(image::ColourModel::lab)));
  page.pixels.bits = static_cast<std::uint8_t>(reader.number(16));
  if (page.pixels.bits != 8 && page.pixels.bits != 16) reader.refuse();
  const std::uint32_t flags = reader.number(7);
  page.pixels.alpha = (flags & 1U) != 0;
  page.pixels.inverted = (flags & 2U) != 0;
  page.bitonal = (flags & 4U) != 0;
  page.orientation = static_cast<std::uint8_t>(reader.number(8));
  if (page.orientation == 0) reader.refuse();
  page.profile = static_cast<std::int32_t>(reader.number(static_cast<std::uint32_t>(profiles))) - 1;
  const std::uint32_t levels = reader.number(kMaxLevels);
  if (levels == 0) reader.refuse();
  for (std::uint32_t i = 0; reader.holds(levels - i, kLeastLevel) && i < levels; ++i) {
    Level level;
    level.size = reader.size(false);
    level.tile = reader.size(true);
    level.stored = reader.number(1) != 0;
    const image::Size before = i == 0 ? page.size : page.levels.back().size;
    if (i == 0 ? level.size != page.size : level.size.width > before.width || level.size.height > before.height)
      reader.refuse();
    page.levels.push_back(level);
  }
  return page;
}

}  // namespace

Bytes write_index_answer(const IndexAnswer& answer) {
  Writer writer;
  writer.number(static_cast<std::uint32_t>(answer.loader));
  writer.number(static_cast<std::uint32_t>(answer.profiles.size()));
  for (const Bytes& profile : answer.profiles) writer.blob(profile);
  writer.blob(answer.metadata.exif);
  writer.blob(answer.metadata.xmp);
  writer.blob(answer.metadata.iptc);
  writer.number(static_cast<std::uint32_t>(answer.pages.size()));
  for (const PageAnswer& page : answer.pages) write_page(writer, page);
  return writer.take();
}

Result<IndexAnswer> parse_index_answer(ByteView bytes, const Limits& limits) {
  Reader reader(bytes);
  IndexAnswer answer;
  answer.loader = static_cast<Loader>(reader.number(static_cast<std::uint32_t>(Loader::jxl)));
  const std::uint32_t profiles = reader.number(kMaxProfiles);
  for (std::uint32_t i = 0; i < profiles && reader.ok(); ++i)
    answer.profiles.push_back(reader.blob(limits.max_metadata));
  answer.metadata.exif = reader.blob(limits.max_metadata);
  answer.metadata.xmp = reader.blob(limits.max_metadata);
  answer.metadata.iptc = reader.blob(limits.max_metadata);
  const std::uint32_t pages = reader.number(limits.max_pages);
  if (pages == 0) reader.refuse();
  for (std::uint32_t i = 0; reader.holds(pages - i, kLeastPage) && i < pages; ++i) {
    answer.pages.push_back(read_page(reader, answer.profiles.size(), limits));
  }
  if (!reader.ok() || !reader.at_end())
    return fail(ErrorCode::corrupt, "The file cannot be read.", "armarium-decode gave an answer that makes no sense");
  return answer;
}

}  // namespace armarium::codec::worker
