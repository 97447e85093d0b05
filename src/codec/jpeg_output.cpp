#include "codec/jpeg_output.h"

#include <new>

namespace armarium::codec {

void JpegOutput::Manager::rewind() {
  base.next_output_byte = buffer;
  base.free_in_buffer = kBuffer;
}

bool JpegOutput::Manager::empty(std::size_t count) {
  try {
    bytes.insert(bytes.end(), buffer, buffer + count);
  } catch (const std::bad_alloc&) {
    return false;
  }
  rewind();
  return true;
}

namespace {
void stop(j_compress_ptr cinfo) { (*cinfo->err->error_exit)(reinterpret_cast<j_common_ptr>(cinfo)); }
}  // namespace

JpegOutput::JpegOutput() {
  manager_.base.init_destination = [](j_compress_ptr cinfo) { manager_of(cinfo).rewind(); };
  manager_.base.empty_output_buffer = [](j_compress_ptr cinfo) -> boolean {
    if (!manager_of(cinfo).empty(kBuffer)) stop(cinfo);
    return TRUE;
  };
  manager_.base.term_destination = [](j_compress_ptr cinfo) {
    Manager& manager = manager_of(cinfo);
    if (!manager.empty(kBuffer - manager.base.free_in_buffer)) stop(cinfo);
  };
}

base::Bytes JpegOutput::take() {
  manager_.bytes.shrink_to_fit();  // it may be kept for long
  return std::move(manager_.bytes);
}

}  // namespace armarium::codec
