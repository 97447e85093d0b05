#pragma once
// The body of a request on its way to the disk: a piece is asked for when the last one is written, so that a fast client waits and nothing gathers in memory. Any thread.

#include <functional>
#include <memory>

#include "api/services.h"
#include "ingest/uploads.h"

namespace armarium::api {

using TakenIn = std::function<void(base::Result<ingest::UploadStatus>)>;

// Calls `done` once, on a pool thread, when all is written or why not; the writer is gone by then. Where the pool ends first, the exchange is answered by its release.
void take_in(const Services& services, const http::ExchangePtr& exchange,
             std::unique_ptr<ingest::Uploads::Writer> writer, TakenIn done);

}  // namespace armarium::api
