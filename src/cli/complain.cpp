#include <cstdio>

#include "cli/commands.h"

namespace armarium::cli {

int complain(const char* message, int status) {
  std::fprintf(stderr, "armarium: %s\n", message);
  return status;
}

}  // namespace armarium::cli
