#pragma once
// AVIF and JPEG XL by libvips, from samples that the server wrote into shared memory. One thread.

#include "base/bytes.h"
#include "base/error.h"
#include "codec/worker_protocol.h"

namespace armarium::decode {

base::Result<base::Bytes> encode(const codec::worker::Job& job, base::Bytes samples);

}  // namespace armarium::decode
