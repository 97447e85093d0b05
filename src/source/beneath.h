#pragma once
// Opening a path that must not leave a folder. Linux only. Any thread.

#include <string>

#include "base/error.h"
#include "source/file_descriptor.h"

namespace armarium::source {

// `path` is relative. Links are followed as long as they end inside `root`. not_found, forbidden (leaves the root), io.
base::Result<FileDescriptor> open_beneath(int root, const std::string& path, int flags);
// The same without openat2, for kernels and sandboxes that lack it: opens, then asks the kernel where it came out.
base::Result<FileDescriptor> open_and_check(int root, const std::string& path, int flags);

}  // namespace armarium::source
