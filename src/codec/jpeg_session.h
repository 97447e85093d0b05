#pragma once
// What every use of libjpeg here shares: errors leave by longjmp with a message, warnings are counted, and (where watched) the token and the number of scans are looked at while it works.
// For jpeg_*.cpp alone; one thread. The function that calls setjmp, and all that it calls, hold no object with a destructor.

#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>

#include "base/cancel.h"

namespace armarium::codec {

struct JpegSession {
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  jmp_buf jump{};
  const base::CancelToken* cancel = nullptr;
  bool stopped = false;  // by the token
  long warnings = 0;
  char message[JMSG_LENGTH_MAX] = {};  // of the first error
};

// Before libjpeg creates `cinfo`. The session must outlive it.
void attach(j_common_ptr cinfo, JpegSession& session);
// After it was created: stops with an error when the token says so, or when a progressive file of ever more scans only wants to keep us busy.
void watch(j_common_ptr cinfo, const base::CancelToken& cancel);

}  // namespace armarium::codec
