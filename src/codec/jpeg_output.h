#pragma once
// Where libjpeg writes a picture: memory that is owned here whatever way it leaves. (jpeg_mem_dest's buffer is the caller's again only when the picture is finished; when it is left by
// longjmp, what the caller holds was freed long ago.) For jpeg_*.cpp alone; one thread. Must outlive the jpeg_compress_struct that it is attached to, and stay where it is.

#include <cstdio>

#include <jpeglib.h>

#include "base/bytes.h"

namespace armarium::codec {

class JpegOutput {
 public:
  JpegOutput();
  JpegOutput(const JpegOutput&) = delete;
  JpegOutput& operator=(const JpegOutput&) = delete;

  // After jpeg_create_compress.
  void attach_to(j_compress_ptr cinfo) { cinfo->dest = &manager_.base; }
  // What was written since the last time: all of it after jpeg_finish_compress, but for the last few kilobytes before.
  base::Bytes take();

 private:
  static constexpr std::size_t kBuffer = std::size_t{16} << 10;
  struct Manager {
    jpeg_destination_mgr base{};  // first: libjpeg knows the manager by this address
    base::Bytes bytes{};
    JOCTET buffer[kBuffer];

    void rewind();
    // False when there is no memory.
    bool empty(std::size_t count);
  };
  static Manager& manager_of(j_compress_ptr cinfo) { return *reinterpret_cast<Manager*>(cinfo->dest); }

  Manager manager_;
};

}  // namespace armarium::codec
