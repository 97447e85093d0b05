#include "ingest/testing.h"

#include <stdlib.h>

#include <fstream>

#include <gtest/gtest.h>

namespace armarium::ingest::testing {
namespace {

std::uint32_t crc_of(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

std::string big_endian(std::uint32_t number) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xFFU);
  return out;
}

std::string chunk(const std::string& type, const std::string& data) {
  return big_endian(static_cast<std::uint32_t>(data.size())) + type + data + big_endian(crc_of(type + data));
}

// Deflate without compression, in one block.
std::string stored(const std::string& data) {
  std::string out("\x78\x01\x01", 3);
  const auto length = static_cast<std::uint16_t>(data.size());
  for (const auto part : {length, static_cast<std::uint16_t>(~length)}) {
    out += static_cast<char>(part & 0xFFU);
    out += static_cast<char>(part >> 8);
  }
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char c : data) {
    a = (a + static_cast<unsigned char>(c)) % 65521;
    b = (b + a) % 65521;
  }
  return out + data + big_endian(b << 16 | a);
}

}  // namespace

std::string tiny_png(std::uint32_t width, std::uint32_t height) {
  const std::string row = '\0' + std::string(width, '\x7f');
  std::string rows;
  for (std::uint32_t y = 0; y < height; ++y) rows += row;
  const std::string header = big_endian(width) + big_endian(height) + std::string("\x08\x00\x00\x00\x00", 5);
  return std::string("\x89PNG\r\n\x1a\n") + chunk("IHDR", header) + chunk("IDAT", stored(rows)) + chunk("IEND", "");
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "armarium-ingest-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "no temporary folder";
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void TemporaryFolder::write(std::string_view name, std::string_view content) const {
  const auto file = path_ / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
}

void TemporaryFolder::picture(std::string_view name, std::uint32_t width, std::uint32_t height) const {
  write(name, tiny_png(width, height));
}
void TemporaryFolder::remove(std::string_view name) const { std::filesystem::remove_all(path_ / name); }
void TemporaryFolder::rename(std::string_view from, std::string_view to) const {
  std::filesystem::create_directories((path_ / to).parent_path());
  std::filesystem::rename(path_ / from, path_ / to);
}

}  // namespace armarium::ingest::testing
