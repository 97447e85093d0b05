#pragma once
// One stream of gzip or Brotli. Private to the module: compression.cpp uses it for whole bodies and for those that are produced piece by piece. Not shared between threads.

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/compression.h"

namespace armarium::http {

class Coder {
 public:
  virtual ~Coder() = default;
  // Appends to `out` what comes of `plain`; with `last` everything that is still inside.
  virtual base::Result<> add(std::string_view plain, bool last, std::string& out) = 0;
};

std::unique_ptr<Coder> make_gzip_coder(int level);
std::unique_ptr<Coder> make_brotli_coder(int quality);

}  // namespace armarium::http
