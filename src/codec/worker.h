#pragma once
// The door to armarium-decode, the second executable: decoders and encoders that may crash, hang or carry another licence run there, in a small pool of pre-started,
// sandboxed processes. After register_worker the formats of kWorkerFormats have a Decoder and AVIF and JPEG XL an Encoder; before it they have none. What a
// process answers is checked like a hostile file. Thread-safe; calls block, and end with the CancelToken. A file on which a process died or
// hung is remembered by its version and refused (corrupt) until it changes; a decode that ran out of time is refused (resource_limit), smaller ones are not.

#include <chrono>
#include <string>

#include "codec/decoder.h"
#include "codec/encoder.h"

namespace armarium::codec {

struct WorkerOptions {
  std::string program;                            // path of armarium-decode
  unsigned count = 1;                             // processes
  std::uint64_t memory = std::uint64_t{4} << 30;  // address space of each process
  std::chrono::milliseconds job_timeout{60'000};  // of one job, from its start
  std::chrono::milliseconds answer_time{60'000};  // what a request may take: who computed so long in vain is to blame
};

// Starts the processes in the background. not_found when the program is not there.
base::Result<> register_worker(const WorkerOptions& options);
// Ends the processes; jobs under way fail. For tests and for the end of the program.
void unregister_worker();

bool worker_registered() noexcept;
// For decoders in process: does a plan of their own index there, where a crash costs nothing and damaged files are read leniently. JPEG 2000 only.
base::Result<image::Pixels> decode_in_worker(const Index& index, const Plan& plan, const base::ByteSource& file,
                                             const Limits& limits, const base::CancelToken& cancel);

// Null when no worker is registered or it does not read (write) the format.
const Decoder* worker_decoder(Format format) noexcept;
const Encoder* worker_encoder(Format format) noexcept;

}  // namespace armarium::codec
