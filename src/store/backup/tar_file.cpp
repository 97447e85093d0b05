#include "store/backup/tar_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace armarium::store::backup {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kPiece = 256U << 10;
constexpr std::size_t kLongestLine = 64U << 20;
constexpr std::size_t kSizeAt = 124;
constexpr std::size_t kSumAt = 148;
constexpr std::uint64_t kMostOctal = 077777777777;

using Header = std::array<char, kBlock>;

tl::unexpected<base::Error> cannot_write() {
  const bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  return base::fail(full ? base::ErrorCode::storage_full : base::ErrorCode::io,
                    fmt::format("The backup cannot be written: {}.", std::strerror(errno)));
}

tl::unexpected<base::Error> damaged(const char* why) {
  return base::fail(base::ErrorCode::corrupt, fmt::format("The file is no whole backup: {}.", why));
}

unsigned sum_of(const Header& header) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i)
    sum += i >= kSumAt && i < kSumAt + 8 ? ' ' : static_cast<unsigned char>(header[i]);
  return sum;
}

Header header_of(std::string_view name, std::uint64_t size) {
  Header header{};
  std::copy_n(name.data(), std::min<std::size_t>(name.size(), 100), header.data());
  const auto put = [&](std::size_t at, const std::string& text) { std::copy(text.begin(), text.end(), &header[at]); };
  put(100, "0000600");
  put(108, "0000000");
  put(116, "0000000");
  if (size <= kMostOctal) {
    put(kSizeAt, fmt::format("{:011o}", size));
  } else {  // as GNU tar and others write what is larger than 8 GB
    for (std::size_t i = 0; i < 8; ++i) header[kSizeAt + 11 - i] = static_cast<char>(size >> (8 * i));
    header[kSizeAt] = static_cast<char>(0x80);
  }
  put(136, "00000000000");
  header[156] = '0';
  put(257, std::string("ustar\0"
                       "00",
                       8));
  put(kSumAt, fmt::format("{:06o}", sum_of(header)) + std::string("\0 ", 2));
  return header;
}

std::optional<std::uint64_t> number_at(const Header& header, std::size_t at, std::size_t length) {
  std::uint64_t number = 0;
  if ((static_cast<unsigned char>(header[at]) & 0x80U) != 0) {
    for (std::size_t i = 4; i < length; ++i) number = (number << 8U) | static_cast<unsigned char>(header[at + i]);
    return number;
  }
  for (std::size_t i = 0; i < length && header[at + i] != '\0' && header[at + i] != ' '; ++i) {
    if (header[at + i] < '0' || header[at + i] > '7') return std::nullopt;
    number = number * 8 + static_cast<std::uint64_t>(header[at + i] - '0');
  }
  return number;
}

}  // namespace

base::Result<std::unique_ptr<TarWriter>> TarWriter::create(const std::filesystem::path& path) {
  const int number = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (number < 0) return cannot_write();
  File file(::fdopen(number, "wb"));
  if (!file) return cannot_write();
  return std::unique_ptr<TarWriter>(new TarWriter(std::move(file)));
}

base::Result<> TarWriter::begin(std::string_view name) {
  name_ = name;
  bytes_ = 0;
  hasher_ = std::make_unique<base::Hasher>();
  header_at_ = std::ftell(file_.get());
  const Header empty{};
  if (header_at_ < 0 || std::fwrite(empty.data(), 1, kBlock, file_.get()) != kBlock) return cannot_write();
  return {};
}

base::Result<> TarWriter::append(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) return cannot_write();
  hasher_->add(base::as_bytes(bytes));
  bytes_ += bytes.size();
  return {};
}

base::Result<Written> TarWriter::end() {
  const std::string padding((kBlock - bytes_ % kBlock) % kBlock, '\0');
  const Header header = header_of(name_, bytes_);
  if (std::fwrite(padding.data(), 1, padding.size(), file_.get()) != padding.size() ||
      std::fseek(file_.get(), header_at_, SEEK_SET) != 0 ||
      std::fwrite(header.data(), 1, kBlock, file_.get()) != kBlock || std::fseek(file_.get(), 0, SEEK_END) != 0)
    return cannot_write();
  return Written{bytes_, hasher_->hex()};
}

base::Result<> TarWriter::finish() {
  const std::string nothing(2 * kBlock, '\0');
  if (std::fwrite(nothing.data(), 1, nothing.size(), file_.get()) != nothing.size() || std::fflush(file_.get()) != 0 ||
      ::fsync(::fileno(file_.get())) != 0)
    return cannot_write();
  return {};
}

base::Result<std::unique_ptr<TarReader>> TarReader::open(const std::filesystem::path& path) {
  File file(std::fopen(path.c_str(), "rbe"));
  if (!file)
    return base::fail(base::ErrorCode::not_found, fmt::format("The file cannot be read: {}.", std::strerror(errno)));
  return std::unique_ptr<TarReader>(new TarReader(std::move(file)));
}

base::Result<std::optional<std::string>> TarReader::next() {
  while (left_ > 0) {
    if (auto skipped = piece(); !skipped) return base::fail(std::move(skipped.error()));
  }
  const std::uint64_t padding = (kBlock - size_ % kBlock) % kBlock;
  Header header{};
  if (std::fseek(file_.get(), static_cast<long>(padding), SEEK_CUR) != 0 ||
      std::fread(header.data(), 1, kBlock, file_.get()) != kBlock)
    return damaged("it ends too early");
  rest_.clear();
  size_ = 0;
  if (std::all_of(header.begin(), header.end(), [](char c) { return c == '\0'; })) return std::optional<std::string>();
  const auto size = number_at(header, kSizeAt, 12);
  if (!size || number_at(header, kSumAt, 8) != sum_of(header)) return damaged("it is no tar file, or a damaged one");
  size_ = left_ = *size;
  hasher_ = std::make_unique<base::Hasher>();
  return std::optional(std::string(header.data(), ::strnlen(header.data(), 100)));
}

base::Result<std::string_view> TarReader::piece() {
  buffer_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, left_)));
  if (std::fread(buffer_.data(), 1, buffer_.size(), file_.get()) != buffer_.size()) return damaged("it ends too early");
  left_ -= buffer_.size();
  hasher_->add(base::as_bytes(buffer_));
  return std::string_view(buffer_);
}

base::Result<std::optional<std::string>> TarReader::line() {
  for (std::size_t searched = 0;;) {
    const std::size_t end = rest_.find('\n', searched);
    if (end != std::string::npos) {
      std::string found = rest_.substr(0, end);
      rest_.erase(0, end + 1);
      return std::optional(std::move(found));
    }
    if (rest_.size() > kLongestLine) return damaged("a line is too long");
    if (left_ == 0) {
      if (!rest_.empty()) return damaged("a line has no end");
      return std::optional<std::string>();
    }
    searched = rest_.size();
    auto more = piece();
    if (!more) return base::fail(std::move(more.error()));
    rest_ += *more;
  }
}

base::Result<std::string> TarReader::whole(std::size_t most) {
  if (left_ > most) return damaged("an entry is too large");
  std::string all;
  while (left_ > 0) {
    auto more = piece();
    if (!more) return base::fail(std::move(more.error()));
    all += *more;
  }
  return all;
}

}  // namespace armarium::store::backup
