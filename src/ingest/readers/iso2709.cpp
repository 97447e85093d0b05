#include "ingest/readers/iso2709.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <utf8proc.h>

#include "ingest/readers/marc8.h"
#include "ingest/readers/record.h"

namespace armarium::ingest::readers {
namespace {

constexpr char kSubfield = 0x1F;
constexpr char kField = 0x1E;
constexpr char kEnd = 0x1D;
constexpr std::size_t kLeader = 24;
constexpr std::size_t kEntry = 12;
constexpr std::size_t kMostMarcFields = 20'000;

std::optional<std::size_t> number(std::string_view digits) {
  std::size_t value = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failed != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

bool has_high(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

bool is_utf8(std::string_view text) {
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  utf8proc_int32_t point = 0;
  while (left > 0) {
    const auto length = utf8proc_iterate(at, left, &point);
    if (length < 1) return false;
    at += length;
    left -= length;
  }
  return true;
}

class RecordReader {
 public:
  RecordReader(std::string_view bytes, MarcRecord& record) : bytes_(bytes), record_(record) {}
  void read();

 private:
  struct Entry {
    std::string_view tag;
    std::optional<std::size_t> length;
    std::optional<std::size_t> start;
  };
  std::vector<Entry> directory(std::string_view entries);
  void field(std::string_view tag, std::string_view data);
  std::string text(std::string_view tag, std::string_view raw);
  void by_directory(const std::vector<Entry>& entries, std::string_view data);
  bool directory_is_right(const std::vector<Entry>& entries, std::string_view data) const;
  void by_terminators(const std::vector<Entry>& entries, std::string_view data);
  void problem(std::string reason) {
    if (record_.problems.size() < kMostRecordProblems)
      record_.problems.push_back({0, fmt::format("Record {}: {}", record_.line, reason)});
  }

  std::string_view bytes_;
  MarcRecord& record_;
  bool utf8_ = false;
  bool told_other_ = false;
};

std::string RecordReader::text(std::string_view tag, std::string_view raw) {
  const bool escapes = raw.find('\x1B') != std::string_view::npos;
  if (!escapes && (!has_high(raw) || is_utf8(raw))) {
    if (!utf8_ && has_high(raw) && !told_other_) {
      told_other_ = true;
      problem("It says that it is MARC-8 and is UTF-8; it was read as UTF-8.");
    }
    return collapsed(raw);
  }
  if (utf8_) {
    if (!told_other_)
      problem(fmt::format("It says that it is UTF-8, and field {} is not; it was read as MARC-8.", tag));
    told_other_ = true;
  }
  Marc8Text converted = marc8_text(raw);
  if (converted.east_asian > 0) {
    problem(fmt::format("Field {} has {} East Asian characters in MARC-8, which are not converted.", tag,
                        converted.east_asian));
  } else if (converted.unknown > 0) {
    problem(fmt::format("Field {} has {} characters that are neither UTF-8 nor MARC-8.", tag, converted.unknown));
  }
  return std::move(converted.text);
}

void RecordReader::field(std::string_view tag, std::string_view data) {
  while (!data.empty() && data.back() == kField) data.remove_suffix(1);
  MarcField out;
  out.tag = collapsed(tag);
  out.line = record_.line;
  if (tag.starts_with("00")) {
    out.value = std::string(data);
    if (!is_utf8(out.value)) out.value = text(tag, data);
    record_.fields.push_back(std::move(out));
    return;
  }
  const std::size_t first = data.find(kSubfield);
  if (first == std::string_view::npos) {
    if (!collapsed(data).empty()) problem(fmt::format("Field {} has no subfields and is passed over.", out.tag));
    return;
  }
  if (first >= 1) out.first = data[0];
  if (first >= 2) out.second = data[1];
  data.remove_prefix(first);
  while (!data.empty()) {
    data.remove_prefix(1);
    const std::size_t end = std::min(data.find(kSubfield), data.size());
    if (end > 0) out.parts.emplace_back(data[0], text(tag, data.substr(1, end - 1)));
    data.remove_prefix(end);
  }
  record_.fields.push_back(std::move(out));
}

std::vector<RecordReader::Entry> RecordReader::directory(std::string_view entries) {
  std::vector<Entry> out;
  for (; entries.size() >= kEntry && out.size() < kMostMarcFields; entries.remove_prefix(kEntry))
    out.push_back({entries.substr(0, 3), number(entries.substr(3, 4)), number(entries.substr(7, 5))});
  return out;
}

bool RecordReader::directory_is_right(const std::vector<Entry>& entries, std::string_view data) const {
  return std::all_of(entries.begin(), entries.end(), [&](const Entry& entry) {
    if (!entry.length || !entry.start || *entry.length == 0 || *entry.start + *entry.length > data.size()) return false;
    const std::string_view found = data.substr(*entry.start, *entry.length);
    return found.back() == kField && found.find(kField) == found.size() - 1 &&
           (*entry.start == 0 || data[*entry.start - 1] == kField);
  });
}

void RecordReader::by_directory(const std::vector<Entry>& entries, std::string_view data) {
  for (const Entry& entry : entries) field(entry.tag, data.substr(*entry.start, *entry.length));
}

// The fields stand in the order of the directory, each with its terminator.
void RecordReader::by_terminators(const std::vector<Entry>& entries, std::string_view data) {
  std::size_t next = 0;
  while (!data.empty() && next < entries.size()) {
    const std::size_t end = std::min(data.find(kField), data.size());
    field(entries[next++].tag, data.substr(0, end));
    data.remove_prefix(std::min(end + 1, data.size()));
  }
  const auto left = static_cast<std::size_t>(std::count(data.begin(), data.end(), kField));
  if (left > 0 || next < entries.size()) {
    problem(fmt::format("Its directory has {} fields and its data {}: those that have no other half are left out.",
                        entries.size(), next + left));
  }
}

void RecordReader::read() {
  record_.leader = collapsed(bytes_.substr(0, kLeader));
  if (bytes_.size() < kLeader + 1) return problem("It is too short to be a record.");
  record_.leader = std::string(bytes_.substr(0, kLeader));
  if (!is_utf8(record_.leader)) record_.leader.assign(kLeader, ' ');
  utf8_ = bytes_[9] == 'a';
  const std::size_t base = bytes_.find(kField, kLeader);
  if (base == std::string_view::npos) return problem("It has no directory.");
  const std::string_view data = bytes_.substr(base + 1);
  const auto entries = directory(bytes_.substr(kLeader, base - kLeader));
  if (directory_is_right(entries, data)) return by_directory(entries, data);
  problem("Its directory does not fit its fields, which were taken in their order.");
  by_terminators(entries, data);
}

}  // namespace

bool is_iso2709(std::string_view head) {
  if (head.size() < kLeader + 1) return false;
  const auto digits = [&](std::size_t from, std::size_t count) { return number(head.substr(from, count)).has_value(); };
  return digits(0, 5) && head.substr(10, 2) == "22" && digits(12, 5) && head.substr(20, 2) == "45";
}

void each_iso2709(std::string_view bytes, const std::function<bool(MarcRecord)>& take) {
  int count = 0;
  while (!bytes.empty()) {
    // What people put between records: line ends, zeros, the end of a file of DOS.
    const std::size_t begin = bytes.find_first_not_of(std::string_view("\r\n \t\0\x1A", 6));
    if (begin == std::string_view::npos) return;
    bytes.remove_prefix(begin);
    const std::size_t end = bytes.find(kEnd);
    const bool cut = end == std::string_view::npos;
    const std::string_view digits = bytes.substr(0, std::min<std::size_t>(5, bytes.size()));
    const auto said = number(digits);
    MarcRecord record;
    record.line = ++count;
    if (cut) {
      record.problems.push_back({0, fmt::format("Record {}: The file ends within it.", count)});
    } else if (!said) {
      record.problems.push_back({0, fmt::format("Record {}: It does not begin with its length.", count)});
    } else if (*said != end + 1) {
      record.problems.push_back(
          {0, fmt::format("Record {}: It says that it is {} bytes long and is {}.", count, *said, end + 1)});
    }
    RecordReader(bytes.substr(0, end), record).read();
    if (!take(std::move(record))) return;
    bytes.remove_prefix(cut ? bytes.size() : end + 1);
  }
}

std::vector<MarcRecord> read_iso2709(std::string_view bytes) {
  std::vector<MarcRecord> out;
  each_iso2709(bytes, [&](MarcRecord record) {
    out.push_back(std::move(record));
    return true;
  });
  return out;
}

}  // namespace armarium::ingest::readers
