#pragma once
// What is kept of an upload beside its bytes, so that it goes on after the server was killed: one small JSON file. Values; the files are read and written by whoever calls, who blocks on the disk.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/error.h"

namespace armarium::ingest {

struct UploadRecord {
  std::string path{};  // below FOLDER
  std::uint64_t length = 0;
  std::string who{};
  std::string metadata{};                     // as the client sent it, to be given back
  std::string replaces{};                     // which file may be replaced: placement.h
  std::optional<std::uint64_t> checked_to{};  // while bytes after it wait for their checksum
  bool noted = false;                         // in its place, and whoever is told of that has kept it
  bool resumable = true;                      // else nobody can go on with it once its request is over
};

std::string to_text(const UploadRecord& record);
// Nothing for what is none.
std::optional<UploadRecord> read_upload_record(const std::string& text);

// 26 characters of a-z2-7, 130 random bits.
std::string new_upload_id();
bool is_upload_id(std::string_view text) noexcept;

}  // namespace armarium::ingest
