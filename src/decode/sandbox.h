#pragma once
// What armarium-decode may do once it is ready: read files, compute, talk on the descriptors that it has. No network, no new programs or processes, no file opened for
// writing, no signal to others, limits on memory, descriptors and CPU time, no core dumps, gone when the server goes. Called once, before any job.

#include <cstdint>

#include "base/error.h"

namespace armarium::decode {

// The process dies with `parent`; memory and descriptors are limited. Before the libraries start.
base::Result<> limit_resources(std::uint64_t memory, int parent);
// The system call filter (seccomp, an allow-list; everything else fails with EPERM). After the libraries started.
base::Result<> lock_down();
// CPU time for the next job: over it the kernel ends the process.
void allow_cpu_seconds(std::uint32_t seconds);

// Tries what must be refused, after lock_down. Prints one line for each; 0 when all was refused.
int self_test();

}  // namespace armarium::decode
