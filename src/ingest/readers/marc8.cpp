#include "ingest/readers/marc8.h"

#include <vector>

#include <utf8proc.h>

#include "ingest/readers/marc8_sets.h"
#include "ingest/readers/record.h"

namespace armarium::ingest::readers {
namespace {

constexpr char kEscape = 0x1B;
constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kGeta = 0x3013;

constexpr bool is_nonsorting(char32_t point) { return point == 0x98 || point == 0x9C; }

void append(std::string& out, char32_t point) {
  utf8proc_uint8_t bytes[4];
  const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
}

bool is_mark(char32_t point) {
  const auto kind = utf8proc_category(static_cast<utf8proc_int32_t>(point));
  return kind == UTF8PROC_CATEGORY_MN || kind == UTF8PROC_CATEGORY_ME;
}

// U+2070, U+2080 and their like: 0x28, 0x29, 0x2B, 0x2D, 0x30 to 0x39.
char32_t raised(unsigned char byte, bool above) {
  switch (byte) {
    case 0x28: return above ? 0x207D : 0x208D;
    case 0x29: return above ? 0x207E : 0x208E;
    case 0x2B: return above ? 0x207A : 0x208A;
    case 0x2D: return above ? 0x207B : 0x208B;
    default: break;
  }
  if (byte < 0x30 || byte > 0x39) return 0;
  if (above && byte == 0x31) return 0xB9;
  if (above && (byte == 0x32 || byte == 0x33)) return 0x80U + byte;
  return (above ? 0x2040U : 0x2050U) + byte;
}

class Converter {
 public:
  explicit Converter(std::string_view bytes) : bytes_(bytes) {}
  Marc8Text run() &&;

 private:
  bool escape();
  void designate(bool high, char set) { (high ? high_ : low_) = set; }
  char32_t point_of(unsigned char byte) const;
  void put(char32_t point);

  std::string_view bytes_;
  std::size_t at_ = 0;
  char low_ = 'B';  // what is designated as G0 and G1, by its final character
  char high_ = 'E';
  std::vector<char32_t> marks_;  // those that wait for their letter
  Marc8Text out_;
};

// MARC 21 Specifications, "Accessing alternate graphic character sets": true where the sequence was one, and is passed.
bool Converter::escape() {
  const std::string_view rest = bytes_.substr(at_ + 1);
  if (rest.empty()) return false;
  const char first = rest[0];
  if (first == 'g' || first == 'b' || first == 'p' || first == 's') {  // technique 1
    low_ = first == 's' ? 'B' : first;
    at_ += 2;
    return true;
  }
  std::size_t used = 1;
  const bool wide = first == '$';
  bool high = false;
  if (wide && rest.size() > 1 && (rest[1] == ',' || rest[1] == '(' || rest[1] == ')' || rest[1] == '-')) {
    high = rest[1] == ')' || rest[1] == '-';
    used = 2;
  } else if (!wide) {
    if (first != '(' && first != ',' && first != ')' && first != '-') return false;
    high = first == ')' || first == '-';
  }
  if (used < rest.size() && rest[used] == '!') ++used;  // of "!E", ANSEL
  if (used >= rest.size()) return false;
  designate(high, rest[used]);
  at_ += 2 + used;
  return true;
}

char32_t Converter::point_of(unsigned char byte) const {
  const char set = byte < 0x80 ? low_ : high_;
  const unsigned index = (byte & 0x7FU) - 0x21U;
  if (set == 'B') return byte & 0x7FU;
  if (set == 'p' || set == 'b') return raised(byte, set == 'p');
  if (set == 'g') return byte >= 0x61 && byte <= 0x63 ? 0x3B1U + (byte - 0x61U) : 0;
  if (set == 'E' && (byte & 0x7FU) <= 0x20) {  // 0x88 and the like: signs that steer
    switch (byte | 0x80U) {
      case 0x88: return 0x98;
      case 0x89: return 0x9C;
      case 0x8D: return 0x200D;
      case 0x8E: return 0x200C;
      default: return 0;
    }
  }
  if (index >= 94) return 0;
  switch (set) {
    case 'E': return kAnsel[index];
    case 'N': return kCyrillic[index];
    case 'Q': return kMoreCyrillic[index];
    case 'S': return kGreek[index];
    case '2': return kHebrew[index];
    case '3': return kArabic[index];
    case '4': return kMoreArabic[index];
    default: return 0;
  }
}

void Converter::put(char32_t point) {
  if (is_nonsorting(point)) return;
  if (is_mark(point)) {
    if (marks_.size() < 32) marks_.push_back(point);
    return;
  }
  append(out_.text, point);
  for (const char32_t mark : marks_) append(out_.text, mark);
  marks_.clear();
}

Marc8Text Converter::run() && {
  while (at_ < bytes_.size()) {
    const auto byte = static_cast<unsigned char>(bytes_[at_]);
    if (bytes_[at_] == kEscape && escape()) continue;
    if (byte == 0x20) {
      put(0x20);
      ++at_;
      continue;
    }
    const char set = byte < 0x80 ? low_ : high_;
    if (set == '1' && byte > 0x20) {  // EACC: three bytes for one character
      put(kGeta);
      ++out_.east_asian;
      ++out_.unknown;
      at_ += std::min<std::size_t>(3, bytes_.size() - at_);
      continue;
    }
    const char32_t point = byte < 0x20 ? byte : point_of(byte);
    if (point == 0 || byte == static_cast<unsigned char>(kEscape)) {
      ++out_.unknown;
      put(kReplacement);
    } else {
      put(point);
    }
    ++at_;
  }
  for (const char32_t mark : marks_) append(out_.text, mark);
  out_.text = collapsed(out_.text);
  return std::move(out_);
}

}  // namespace

Marc8Text marc8_text(std::string_view bytes) { return Converter(bytes).run(); }

}  // namespace armarium::ingest::readers
