#include "codec/jpeg_session.h"

namespace armarium::codec {
namespace {

constexpr int kMaxScans = 500;

JpegSession& session_of(j_common_ptr cinfo) { return *static_cast<JpegSession*>(cinfo->client_data); }

extern "C" void jpeg_failed(j_common_ptr cinfo) {
  JpegSession& session = session_of(cinfo);
  if (session.message[0] == '\0') (*cinfo->err->format_message)(cinfo, session.message);
  longjmp(session.jump, 1);
}

extern "C" void jpeg_warned(j_common_ptr cinfo, int level) {
  if (level < 0) ++session_of(cinfo).warnings;
}

extern "C" void jpeg_silent(j_common_ptr) {}

extern "C" void jpeg_progressed(j_common_ptr cinfo) {
  JpegSession& session = session_of(cinfo);
  const bool too_many =
      cinfo->is_decompressor && reinterpret_cast<j_decompress_ptr>(cinfo)->input_scan_number > kMaxScans;
  session.stopped = session.cancel->stop_requested();
  if (!too_many && !session.stopped) return;
  std::snprintf(session.message, sizeof session.message, "%s", too_many ? "too many scans" : "stopped");
  (*cinfo->err->error_exit)(cinfo);
}

}  // namespace

void attach(j_common_ptr cinfo, JpegSession& session) {
  cinfo->err = jpeg_std_error(&session.errors);
  cinfo->client_data = &session;
  session.errors.error_exit = jpeg_failed;
  session.errors.emit_message = jpeg_warned;
  session.errors.output_message = jpeg_silent;
  session.progress.progress_monitor = jpeg_progressed;
}

void watch(j_common_ptr cinfo, const base::CancelToken& cancel) {
  JpegSession& session = session_of(cinfo);
  session.cancel = &cancel;
  cinfo->progress = &session.progress;
}

}  // namespace armarium::codec
