#pragma once
// libtiff over a ByteSource: a handle with its own error text, and a record of the bytes that it read, so that a plan can name them. Nothing is
// thrown through libtiff; all its reads go through the source. One thread for each handle.

#include <string>
#include <vector>

#include "base/byte_source.h"

struct tiff;

namespace armarium::codec {

class TiffFile {
 public:
  // How strip and tile tables are loaded: all of them, or (for decoding one directory) none, as the blocks are handed in by us.
  enum class Tables { load, leave };

  TiffFile(const base::ByteSource& source, Tables tables, std::uint64_t max_allocation);
  ~TiffFile();
  TiffFile(const TiffFile&) = delete;
  TiffFile& operator=(const TiffFile&) = delete;

  bool open() const noexcept { return handle_ != nullptr; }
  tiff* handle() const noexcept { return handle_; }
  // Reads the directory at an offset of the file. False when it is damaged.
  bool select(std::uint64_t directory);
  // Reads the first, later the next directory of the main chain. False at its end or when it is damaged.
  bool next();
  std::uint64_t directory() const;  // offset of the one that was read last

  // What libtiff complained about first.
  const std::string& message() const noexcept { return message_; }
  // The ranges read since the file was opened or the record was taken.
  std::vector<base::ByteRange> take_record();

 private:
  friend struct TiffCallbacks;
  void prepare();

  const base::ByteSource& source_;
  std::uint64_t position_ = 0;
  std::string message_;
  std::vector<base::ByteRange> record_;
  tiff* handle_ = nullptr;
};

}  // namespace armarium::codec
