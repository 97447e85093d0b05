#include "codec/tiff_io.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>

#include <tiffio.h>

namespace armarium::codec {

// The functions that libtiff calls: C calling convention in effect, no exception leaves them.
struct TiffCallbacks {
  static tmsize_t read(thandle_t self, void* out, tmsize_t count) {
    auto& file = *static_cast<TiffFile*>(self);
    const std::uint64_t size = file.source_.size();
    if (count <= 0 || file.position_ >= size) return 0;
    const std::uint64_t length = std::min<std::uint64_t>(static_cast<std::uint64_t>(count), size - file.position_);
    try {
      if (!file.source_.read(file.position_, {static_cast<std::uint8_t*>(out), length})) return 0;
      file.record_.push_back({file.position_, length});
    } catch (...) {
      return 0;
    }
    file.position_ += length;
    return static_cast<tmsize_t>(length);
  }

  static tmsize_t write(thandle_t, void*, tmsize_t) { return -1; }

  static toff_t seek(thandle_t self, toff_t offset, int whence) {
    auto& file = *static_cast<TiffFile*>(self);
    if (whence == SEEK_SET) file.position_ = offset;
    if (whence == SEEK_CUR) file.position_ += offset;
    if (whence == SEEK_END) file.position_ = file.source_.size() + offset;
    return file.position_;
  }

  static int close(thandle_t) { return 0; }
  static toff_t size(thandle_t self) { return static_cast<TiffFile*>(self)->source_.size(); }

  static int failed(TIFF*, void* self, const char* module, const char* format, va_list arguments) {
    auto& file = *static_cast<TiffFile*>(self);
    if (!file.message_.empty()) return 1;
    char text[256];
    std::vsnprintf(text, sizeof text, format, arguments);
    try {
      file.message_ = std::string(module != nullptr ? module : "tiff") + ": " + text;
    } catch (...) {
      return 1;
    }
    return 1;
  }

  static int warned(TIFF*, void*, const char*, const char*, va_list) { return 1; }
};

TiffFile::TiffFile(const base::ByteSource& source, Tables tables, std::uint64_t max_allocation) : source_(source) {
  TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
  if (options == nullptr) return;
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, static_cast<tmsize_t>(max_allocation));
  TIFFOpenOptionsSetErrorHandlerExtR(options, TiffCallbacks::failed, this);
  TIFFOpenOptionsSetWarningHandlerExtR(options, TiffCallbacks::warned, this);
  // h: header only; m: never mapped; c: strips as the file has them; O: tables on demand.
  handle_ = TIFFClientOpenExt("picture", tables == Tables::load ? "rhmc" : "rhmcO", this, TiffCallbacks::read,
                              TiffCallbacks::write, TiffCallbacks::seek, TiffCallbacks::close, TiffCallbacks::size,
                              nullptr, nullptr, options);
  TIFFOpenOptionsFree(options);
}

TiffFile::~TiffFile() {
  if (handle_ != nullptr) TIFFClose(handle_);
}

bool TiffFile::select(std::uint64_t directory) {
  if (TIFFSetSubDirectory(handle_, directory) == 0) return false;
  prepare();
  return true;
}

bool TiffFile::next() {
  if (TIFFReadDirectory(handle_) == 0) return false;
  prepare();
  return true;
}

std::uint64_t TiffFile::directory() const { return TIFFCurrentDirOffset(handle_); }

// YCbCr inside JPEG is turned to RGB by libjpeg, which also undoes the subsampling.
void TiffFile::prepare() {
  std::uint16_t compression = 0;
  std::uint16_t photometric = 0;
  TIFFGetField(handle_, TIFFTAG_COMPRESSION, &compression);
  TIFFGetField(handle_, TIFFTAG_PHOTOMETRIC, &photometric);
  if (compression == COMPRESSION_JPEG && photometric == PHOTOMETRIC_YCBCR)
    TIFFSetField(handle_, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
}

std::vector<base::ByteRange> TiffFile::take_record() {
  std::vector<base::ByteRange> merged;
  std::sort(record_.begin(), record_.end(), [](base::ByteRange a, base::ByteRange b) { return a.offset < b.offset; });
  for (const base::ByteRange range : record_) {
    if (!merged.empty() && range.offset <= merged.back().offset + merged.back().length) {
      const std::uint64_t end = std::max(merged.back().offset + merged.back().length, range.offset + range.length);
      merged.back().length = end - merged.back().offset;
    } else {
      merged.push_back(range);
    }
  }
  record_.clear();
  return merged;
}

}  // namespace armarium::codec
