#include "ingest/private_fields.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include <pugixml.hpp>

#include "codec/photoshop.h"

namespace armarium::ingest {
namespace {

constexpr std::uint64_t kLongestBlock = 32U << 20;
constexpr std::size_t kMostDirectories = 50'000;
constexpr std::size_t kMostSets = 100'000;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

// Of an XMP property, by its local name: "exif:GPSLatitude", "aux:SerialNumber", "Iptc4xmpExt:PersonInImage", "mwg-rs:Regions", "photoshop:City" …
bool name_is_private(std::string_view qualified) {
  const std::string name = lower(qualified.substr(qualified.rfind(':') + 1));
  for (const std::string_view part : {"gps", "serial", "location", "person", "owner", "contact", "region", "address"}) {
    if (name.find(part) != std::string::npos) return true;
  }
  for (const std::string_view whole :
       {"city", "state", "country", "countrycode", "subject", "hierarchicalsubject", "keywords", "captionwriter"}) {
    if (name == whole) return true;
  }
  return false;
}

bool holds_private(const pugi::xml_node& node) {
  for (const pugi::xml_attribute attribute : node.attributes()) {
    const std::string_view name = attribute.name();
    if (!name.starts_with("xmlns") && name_is_private(name)) return true;
  }
  return name_is_private(node.name());
}

struct Search final : pugi::xml_tree_walker {
  bool for_each(pugi::xml_node& node) override {
    found = found || holds_private(node);
    return !found;
  }
  bool found = false;
};

// Tags that name a place, a device or a person: EXIF 2.32 (4.6.5, 4.6.6), DNG 1.4, HostComputer of TIFF 6.0, Windows' keywords; a maker's notes hold serial
// numbers in a form that nobody documents.
constexpr std::array<std::uint16_t, 9> kPrivateTags = {34853, 37500, 42032, 42033, 42037, 50735, 50740, 316, 40094};
constexpr std::uint16_t kXmp = 700;
constexpr std::uint16_t kIptc = 33723;
constexpr std::uint16_t kPhotoshop = 34377;

class TiffWalk {
 public:
  explicit TiffWalk(const base::ByteSource& file) : file_(file) {}

  bool is_private() {
    std::array<std::uint8_t, 16> head{};
    if (file_.size() < 8 || !file_.read(0, std::span(head).first(8))) return true;
    little_ = head[0] == 'I';
    const std::uint64_t magic = number(head.data() + 2, 2);
    big_ = magic == 43;
    if (head[0] != head[1] || (head[0] != 'I' && head[0] != 'M') || (magic != 42 && !big_)) return true;
    if (big_ && (file_.size() < 16 || !file_.read(0, head))) return true;
    open_.push_back(big_ ? number(head.data() + 8, 8) : number(head.data() + 4, 4));
    while (!open_.empty()) {
      const std::uint64_t offset = open_.back();
      open_.pop_back();
      if (offset == 0 || !seen_.insert(offset).second) continue;
      if (seen_.size() > kMostDirectories || directory(offset)) return true;
    }
    return false;
  }

 private:
  std::uint64_t number(const std::uint8_t* at, std::size_t bytes) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value << 8U | at[little_ ? bytes - 1 - i : i];
    return value;
  }

  // True when it tells, or cannot be read.
  bool directory(std::uint64_t offset) {
    const std::size_t count_bytes = big_ ? 8 : 2;
    const std::size_t entry_bytes = big_ ? 20 : 12;
    std::array<std::uint8_t, 8> raw{};
    if (offset > file_.size() || !file_.read(offset, std::span(raw).first(count_bytes))) return true;
    const std::uint64_t count = number(raw.data(), count_bytes);
    if (count > 65'536) return true;
    base::Bytes entries(count * entry_bytes);
    if (!file_.read(offset + count_bytes, entries)) return true;
    for (std::size_t i = 0; i < count; ++i) {
      if (entry(entries.data() + i * entry_bytes)) return true;
    }
    const std::size_t link_bytes = big_ ? 8 : 4;
    // EXIF blocks are often cut off behind their last entry.
    if (file_.read(offset + count_bytes + entries.size(), std::span(raw).first(link_bytes)))
      open_.push_back(number(raw.data(), link_bytes));
    return false;
  }

  bool entry(const std::uint8_t* at) {
    constexpr std::array<std::uint8_t, 19> kSizes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
    const auto tag = static_cast<std::uint16_t>(number(at, 2));
    if (std::find(kPrivateTags.begin(), kPrivateTags.end(), tag) != kPrivateTags.end()) return true;
    const bool directories = tag == 330 || tag == 34665;
    if (!directories && tag != kXmp && tag != kIptc && tag != kPhotoshop) return false;
    const std::uint64_t type = number(at + 2, 2);
    const std::uint64_t count = number(at + 4, big_ ? 8 : 4);
    const std::size_t inline_bytes = big_ ? 8 : 4;
    const std::uint8_t* value = at + (big_ ? 12 : 8);
    const std::uint64_t element = type < kSizes.size() ? kSizes[type] : 0;
    if (element == 0 || count > kLongestBlock / element) return true;
    base::Bytes bytes(count * element);
    if (bytes.size() <= inline_bytes) {
      std::copy_n(value, bytes.size(), bytes.begin());
    } else if (!file_.read(number(value, inline_bytes), bytes)) {
      return true;
    }
    if (directories) {
      if (count > kMostDirectories || element < 4) return true;
      for (std::size_t i = 0; i < count; ++i) open_.push_back(number(bytes.data() + i * element, element));
      return false;
    }
    if (tag == kXmp) return xmp_is_private(bytes);
    return iptc_is_private(tag == kPhotoshop ? codec::photoshop_iptc(bytes) : base::ByteView(bytes));
  }

  const base::ByteSource& file_;
  bool little_ = true;
  bool big_ = false;
  std::vector<std::uint64_t> open_;
  std::set<std::uint64_t> seen_;
};

}  // namespace

bool xmp_is_private(base::ByteView packet) {
  while (!packet.empty() && packet.back() == 0) packet = packet.first(packet.size() - 1);
  if (packet.empty()) return false;
  pugi::xml_document document;
  if (packet.size() > kLongestBlock || !document.load_buffer(packet.data(), packet.size())) return true;
  Search search;
  document.traverse(search);
  return search.found;
}

// IIM 4.2: 2:25 keywords, 2:26 and 2:27 places of the content, 2:90 to 2:101 places, 2:118 contact, 2:122 writer.
bool iptc_is_private(base::ByteView records) {
  std::size_t at = 0;
  for (std::size_t sets = 0; at + 5 <= records.size() && records[at] == 0x1C; ++sets) {
    if (sets >= kMostSets) return true;
    const std::uint8_t set = records[at + 2];
    if (records[at + 1] == 2 &&
        (set == 25 || set == 26 || set == 27 || (set >= 90 && set <= 101) || set == 118 || set == 122))
      return true;
    const std::size_t length = static_cast<std::size_t>(records[at + 3]) << 8U | records[at + 4];
    if ((length & 0x8000U) != 0) return true;  // an extended set: far longer than any of ours
    at += 5 + length;
  }
  return false;
}

bool tiff_is_private(const base::ByteSource& file) { return TiffWalk(file).is_private(); }

bool is_private(const codec::EmbeddedMetadata& metadata) {
  return (!metadata.exif.empty() && tiff_is_private(base::MemorySource(metadata.exif))) ||
         xmp_is_private(metadata.xmp) || iptc_is_private(metadata.iptc);
}

}  // namespace armarium::ingest
