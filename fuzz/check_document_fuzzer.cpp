// Any JSON as an IIIF document of any kind.

#include "check/check.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  armarium::check::check_text({reinterpret_cast<const char*>(data), size});
  return 0;
}
